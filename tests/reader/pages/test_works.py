"""The works that a volume cites: the list, a work's page, the links from notes, the files for reference managers."""

import json
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reader.correction.works import describe_work
from reader.edition.edition import Edition
from reader.models import CitedWork, Note, SettledReference, Volume
from reader.publishing.publish import publish_chapters, publish_volume
from tests.factories import (
    make_account,
    make_division,
    make_note,
    make_page_break,
    make_paragraph,
    make_volume,
)

pytestmark = pytest.mark.django_db

NOTES = (
    "A. Orlov, *The Price of Peat* (Riga, 1931), vol. 2, p. 40.",
    "Ibid., p. 44.",
    "B. Tamm, *Lamps and Oil* (Riga, 1929), p. 7; *Vestnik Torfa*, no. 3 [1925], p. 9.",
    "Orlov, op. cit., vol. 1, p. 3.",
    "Ibid.",
)


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="lamps", title="Of Lamps")
    first = make_division(volume, n="1", head="The wicks", slug="chapter-1")
    second = make_division(volume, n="2", head="The oil", slug="chapter-2")
    make_paragraph(first, "Peat was dear.[^1][^2][^3][^4][^5]")
    make_paragraph(second, "So was oil.[^1]")
    for n, text in enumerate(NOTES, start=1):
        make_note(first, n, text)
    make_note(second, 1, "Tamm, *Lamps and Oil*, p. 8.")
    make_page_break(volume, "1", division=first)
    publish_volume(volume)
    volume.refresh_from_db()
    return volume


def words(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def get(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_list_has_each_work_with_its_places_by_volume_and_page(client: Client, volume: Volume) -> None:
    shown = words(get(client, "/lamps/works/"))

    assert "A. Orlov, The Price of Peat (Riga, 1931)." in shown
    assert "Cited 4 times : vol. 1, p. 3 in note 4" in shown
    assert shown.index("vol. 2, p. 40") < shown.index("vol. 2, p. 44")
    assert "Vestnik Torfa . Cited 1 time : no. 3 [1925], p. 9" in shown


def test_the_places_in_a_periodical_are_in_the_order_of_its_days_and_numbers(client: Client) -> None:
    volume = make_volume(slug="oil", title="Of Oil")
    chapter = make_division(volume, slug="one")
    make_paragraph(chapter, "It burned.[^1][^2]")
    make_note(chapter, 1, "Vestnik Torfa, no. 12 [1925], p. 9; Vestnik Torfa, no. 2 and 3 [1925], p. 4.")
    make_note(
        chapter, 2, "Novaya Zhizn, May 30, 1928; Novaya Zhizn, November 14, 1924; Novaya Zhizn, 3 May 1928."
    )
    publish_volume(volume)

    shown = words(get(client, "/oil/works/"))

    assert "no. 2 and 3 [1925], p. 4 in note 1 ; no. 12 [1925], p. 9" in shown
    assert shown.index("November 14, 1924") < shown.index("3 May 1928") < shown.index("May 30, 1928")


def test_ibid_and_op_cit_lead_to_the_work_that_they_mean(client: Client, volume: Volume) -> None:
    page = get(client, "/lamps/chapter-1/")

    assert page.count('class="ref" href="/lamps/works/#orlov-the-price-of-peat"') == 4
    assert ">Ibid.</a>, " in page
    assert ">op.\xa0cit.</a>, " in page or ">op. cit.</a>, " in page


def titles(client: Client, chapter: str) -> list[str]:
    """What the references of a chapter say that they stand for, in its order."""
    found = re.findall(
        r'<a class="ref" href="[^"]*"(?: title="([^"]*)")?>', get(client, f"/lamps/{chapter}/")
    )
    return [title.replace("\xa0", " ") for title in found]


def test_ibid_and_op_cit_say_without_script_which_place_they_stand_for(
    client: Client, volume: Volume
) -> None:
    assert titles(client, "chapter-1") == [
        "",
        "A. Orlov, The Price of Peat, vol. 2, p. 44",
        "",
        "",
        "A. Orlov, The Price of Peat, vol. 1, p. 3",
        "A. Orlov, The Price of Peat, vol. 1, p. 3",
    ]


def test_ibid_says_several_volumes_in_the_plural(client: Client, volume: Volume) -> None:
    Note.objects.filter(n=1, division__slug="chapter-1").update(
        text="A. Orlov, *The Price of Peat* (Riga, 1931), vols. 1-3."
    )
    Note.objects.filter(n=2).update(text="Ibid.")
    publish_volume(volume)

    assert "A. Orlov, The Price of Peat, vols. 1–3" in titles(client, "chapter-1")


def test_ibid_says_the_work_as_an_editor_has_just_described_it(client: Client, volume: Volume) -> None:
    work = CitedWork.objects.get(key="orlov|the-price-of-peat")
    work.author = "Anna Orlov"
    describe_work(work, ["author"], by=make_account("editor"), reason="her whole name")

    assert "Anna Orlov, The Price of Peat, vol. 2, p. 44" in titles(client, "chapter-1")


def test_op_cit_says_the_work_as_another_chapter_has_just_named_it(client: Client, volume: Volume) -> None:
    Note.objects.filter(division__slug="chapter-2", n=1).update(text="Orlov, op. cit., p. 8.")
    publish_volume(volume)
    assert titles(client, "chapter-2") == ["A. Orlov, The Price of Peat, p. 8"]
    note = Note.objects.get(division__slug="chapter-1", n=1)
    note.text = "A. B. Orlov, *The Price of Peat* (Riga, 1931), vol. 2, p. 40."
    note.save()
    publish_chapters(volume, [note.division])

    assert titles(client, "chapter-2") == ["A. B. Orlov, The Price of Peat, p. 8"]


def test_op_cit_says_a_joined_work_as_another_chapter_has_just_named_it(
    client: Client, volume: Volume
) -> None:
    Note.objects.filter(division__slug="chapter-2", n=1).update(text="Orlov, op. cit., p. 8.")
    CitedWork.objects.filter(key="orlov|the-price-of-peat").update(into="orlov|fuel")
    publish_volume(volume)
    assert titles(client, "chapter-2") == ["A. Orlov, The Price of Peat, p. 8"]
    note = Note.objects.get(division__slug="chapter-1", n=1)
    note.text = note.text.replace("A. Orlov", "A. B. Orlov")
    note.save()
    publish_chapters(volume, [note.division])

    assert titles(client, "chapter-2") == ["A. B. Orlov, The Price of Peat, p. 8"]


def test_a_work_shows_its_places_in_their_sentences(client: Client, volume: Volume) -> None:
    shown = words(get(client, "/lamps/works/orlov-the-price-of-peat/"))

    assert "Cited 4 times" in shown
    assert shown.index("Volume 1") < shown.index("Volume 2")
    assert "p. 44 Ibid., p. 44" in shown


def test_a_work_that_the_volume_does_not_cite_has_no_page(client: Client, volume: Volume) -> None:
    assert client.get("/lamps/works/capital/").status_code == 404
    assert client.get("/lamps/works/list.pdf").status_code == 404


def test_the_page_of_a_work_costs_few_statements(
    client: Client, volume: Volume, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(11):
        get(client, "/lamps/works/orlov-the-price-of-peat/")
    with django_assert_max_num_queries(7):
        get(client, "/lamps/works/list.bib")


def test_the_list_goes_out_to_reference_managers(client: Client, volume: Volume) -> None:
    items = json.loads(get(client, "/lamps/works/list.json"))
    peat = next(item for item in items if item["id"] == "orlov-the-price-of-peat")

    assert peat["author"] == [{"family": "Orlov", "given": "A."}]
    assert (peat["type"], peat["publisher-place"], peat["issued"]) == (
        "book",
        "Riga",
        {"date-parts": [[1931]]},
    )
    assert "TY  - JFULL" in get(client, "/lamps/works/list.ris")
    assert "title = {{Lamps and Oil}}" in get(client, "/lamps/works/list.bib")


def test_a_correction_of_a_note_moves_what_another_means(client: Client, volume: Volume) -> None:
    note = Note.objects.get(division__slug="chapter-1", n=1)
    note.text = "A. Orlov, *The Price of Oil* (Riga, 1932), p. 40."
    note.save()
    publish_chapters(volume, [note.division])

    page = get(client, "/lamps/chapter-1/")
    assert page.count("/lamps/works/#orlov-the-price-of-oil") == 4
    assert "price-of-peat" not in get(client, "/lamps/works/")


def test_a_correction_reaches_the_chapter_whose_work_has_another_address(
    client: Client, volume: Volume
) -> None:
    note = Note.objects.get(division__slug="chapter-1", n=3)
    note.text = "B. Tamm, *Lamps and Oil in the North* (Riga, 1929), p. 7."
    note.save()
    publish_chapters(volume, [note.division])

    assert "/lamps/works/#tamm-lamps-and-oil-in-the-north" in get(client, "/lamps/chapter-2/")


def test_what_an_editor_said_of_a_work_is_shown(client: Client, volume: Volume) -> None:
    other = make_volume(slug="peat", title="The Price of Peat")
    CitedWork.objects.filter(key="orlov|the-price-of-peat").update(
        author="Anna Orlov",
        publisher="Torf",
        doi="10.1000/182",
        archived=other,
    )
    publish_volume(volume)

    page = get(client, "/lamps/works/")
    assert "Anna Orlov, The Price of Peat (Riga: Torf, 1931)" in words(page)
    assert 'href="https://doi.org/10.1000/182"' in page
    assert 'href="/peat/"' in page


def test_the_address_of_a_work_leads_on_when_an_editor_joined_or_described_it(
    client: Client, volume: Volume, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    CitedWork.objects.filter(key="tamm|lamps-and-oil").update(into="orlov|the-price-of-peat")
    CitedWork.objects.filter(key="orlov|the-price-of-peat").update(title="The Price of Turf")
    CitedWork.objects.filter(key="|vestnik-torfa").update(is_work=False)
    publish_volume(volume)

    for former in ("tamm-lamps-and-oil", "orlov-the-price-of-peat"):
        with django_assert_max_num_queries(11):
            answer = client.get(f"/lamps/works/{former}/")
        assert (answer.status_code, answer.url) == (302, "/lamps/works/orlov-the-price-of-turf/")  # type: ignore[attr-defined]
    assert client.get("/lamps/works/vestnik-torfa/").status_code == 404
    assert client.get("/lamps/works/capital/").status_code == 404


def test_works_can_be_joined_refused_and_split(volume: Volume) -> None:
    CitedWork.objects.filter(key="tamm|lamps-and-oil").update(into="orlov|the-price-of-peat")
    CitedWork.objects.filter(key="|vestnik-torfa").update(is_work=False)
    note = Note.objects.get(division__slug="chapter-1", n=2)
    SettledReference.objects.create(
        volume=volume, note=note, reading="Ibid.", after=", p. 44.", work="orlov|another"
    )
    publish_volume(volume)

    from reader.edition.works import works_of

    works, _ = works_of(Edition(volume))
    assert {work.key: len(work.places) for work in works} == {
        "orlov|the-price-of-peat": 5,
        "orlov|another": 1,
    }


def test_a_work_that_is_another_volume_of_the_archive_leads_there(client: Client, volume: Volume) -> None:
    make_volume(slug="oil", title="Lamps and Oil", author="Boris Tamm")
    make_volume(slug="peat", title="The Price of Peat", author="Somebody Else")
    publish_volume(volume)

    page = get(client, "/lamps/works/")
    assert 'href="/oil/">Read it in this archive' in page
    assert 'href="/peat/"' not in page


@pytest.fixture
def other_volume(volume: Volume) -> str:
    """The address of the page of another volume of the same work, which a note cites."""
    note = Note.objects.get(text="Ibid., p. 44.")
    note.text = "See volume I of the present work, p. 12."
    note.save()
    publish_volume(volume)
    return "/lamps/works/volume-i-of-the-present-work/"


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Volume I of the present work"), ("fr", "Volume I du présent ouvrage")],
)
def test_another_volume_of_the_work_is_called_so_in_the_reader_s_language(
    client: Client, other_volume: str, language: str, title: str
) -> None:
    listed = client.get("/lamps/works/", headers={"accept-language": language}).text
    own = client.get(other_volume, headers={"accept-language": language}).text

    assert f"<cite>{title}</cite>" in listed
    assert f"<h1>{title}</h1>" in own
    assert f"<title>{title} – " in own
    assert f'content="{title}' in own


@pytest.mark.parametrize("suffix", ["json", "bib", "ris"])
def test_data_call_another_volume_of_the_work_in_english(
    client: Client, other_volume: str, suffix: str
) -> None:
    data = client.get(f"/lamps/works/list.{suffix}", headers={"accept-language": "fr"}).text

    assert "Volume I of the present work" in data


def test_a_title_that_an_editor_gave_to_another_volume_stays(client: Client, other_volume: str) -> None:
    volume = Volume.objects.get(slug="lamps")
    CitedWork.objects.filter(key__startswith="present|").update(title="Of Wicks")
    publish_volume(volume)
    listed = client.get("/lamps/works/", headers={"accept-language": "fr"}).text

    assert '<cite lang="en">Of Wicks</cite>' in listed
