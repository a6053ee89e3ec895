"""An editor describes works cited, joins them, and gives a reference to another work."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reader.correction.works import CannotSettle, describe_work, settle_reference, take_back
from reader.models import CitedWork, Note, SettledReference, Volume, WorkReference
from reader.publishing.publish import publish_chapters, publish_volume
from tests.factories import make_account, make_division, make_note, make_paragraph, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="lamps", title="Of Lamps")
    chapter = make_division(volume, slug="one")
    make_paragraph(chapter, "Peat was dear.[^1][^2][^3]")
    make_note(chapter, 1, "A. Orlov, *Peat* (Riga, 1931), p. 40; B. Tamm, *Oil* (Riga, 1929), p. 7.")
    make_note(chapter, 2, "Ibid., p. 44.")
    make_note(chapter, 3, "Orlov, *Peat*, p. 8.")
    publish_volume(volume)
    return volume


@pytest.fixture
def editor() -> User:
    return make_account("editor")


def cited(volume: Volume) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in WorkReference.objects.filter(volume=volume):
        counts[row.work] = counts.get(row.work, 0) + 1
    return counts


def test_publishing_notes_each_work_and_each_reference(volume: Volume) -> None:
    assert set(CitedWork.objects.values_list("key", flat=True)) == {"orlov|peat", "tamm|oil"}
    assert cited(volume) == {"orlov-peat": 2, "tamm-oil": 1, "": 1}


def test_an_editor_says_what_ibid_means_and_takes_it_back(volume: Volume, editor: User) -> None:
    unsure = WorkReference.objects.get(work="")

    settled = settle_reference(unsure, "tamm|oil", by=editor)
    assert cited(volume) == {"orlov-peat": 2, "tamm-oil": 2}

    take_back([settled], by=editor)
    assert cited(volume)[""] == 1
    assert LogEntry.objects.count() == 2


def test_a_reference_is_given_to_a_work_that_the_text_does_not_name(volume: Volume, editor: User) -> None:
    settle_reference(WorkReference.objects.get(work=""), "", by=editor, author="C. Novak", title="Salt")

    assert cited(volume)["novak-salt"] == 1
    assert CitedWork.objects.get(key="novak|salt").author == "C. Novak"


def test_a_decision_stays_when_the_text_around_is_corrected(volume: Volume, editor: User) -> None:
    settle_reference(WorkReference.objects.get(work=""), "tamm|oil", by=editor)
    note = Note.objects.get(n=1)
    note.text = f"{note.text} So it was."
    note.save()
    publish_chapters(volume, [note.division])

    assert cited(volume)["tamm-oil"] == 2


def test_a_work_that_is_cited_no_more_stays_only_if_an_editor_described_it(
    volume: Volume, editor: User
) -> None:
    oil = CitedWork.objects.get(key="tamm|oil")
    oil.publisher = "Torf"
    describe_work(oil, ["publisher"], by=editor, reason="described")
    note = Note.objects.get(n=1)
    note.text = "Nothing."
    note.save()
    Note.objects.filter(n=3).update(text="Nothing.")
    publish_chapters(volume, [note.division])

    assert list(CitedWork.objects.values_list("key", "is_found")) == [("tamm|oil", False)]


def test_two_works_cannot_be_one_with_each_other(volume: Volume, editor: User) -> None:
    oil, peat = CitedWork.objects.get(key="tamm|oil"), CitedWork.objects.get(key="orlov|peat")
    oil.into = peat.key
    describe_work(oil, ["into"], by=editor, reason="joined")
    assert cited(volume) == {"orlov-peat": 4}

    peat.into = oil.key
    with pytest.raises(CannotSettle):
        describe_work(peat, ["into"], by=editor, reason="joined")


def test_a_reference_in_a_text_that_is_shorter_now_is_refused(volume: Volume, editor: User) -> None:
    unsure = WorkReference.objects.get(work="")
    Note.objects.filter(n=2).update(text="No.")

    with pytest.raises(CannotSettle):
        settle_reference(WorkReference.objects.get(pk=unsure.pk), "tamm|oil", by=editor)
    assert not SettledReference.objects.exists()


def test_the_screens_refuse_where_it_is_typed_and_say_nothing_of_success(
    volume: Volume, editor: User, client: Client
) -> None:
    client.force_login(editor)
    CitedWork.objects.filter(key="tamm|oil").update(into="orlov|peat")
    peat = CitedWork.objects.get(key="orlov|peat")

    url = reverse("admin:reader_citedwork_change", args=[peat.pk])
    answer = client.post(url, {"is_work": "on", "into": "tamm|oil"}, follow=True)
    assert answer.context["adminform"].form.errors["into"][0].startswith("“tamm|oil” is one with this work")
    assert "successfully" not in answer.content.decode()

    unsure = WorkReference.objects.get(work="")
    Note.objects.filter(n=2).update(text="No.")
    url = reverse("admin:reader_workreference_change", args=[unsure.pk])
    answer = client.post(url, {"cites": "tamm|oil"}, follow=True)
    assert "The text has changed" in answer.content.decode()
    assert "successfully" not in answer.content.decode()


def test_an_editor_who_came_too_late_is_told_beside_what_was_typed(
    volume: Volume, editor: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(editor)
    peat = CitedWork.objects.get(key="orlov|peat")
    # The other editor joins the works after this editor's form was found right.
    monkeypatch.setattr("reader.admin.works.objection", lambda work, into: "")
    CitedWork.objects.filter(key="tamm|oil").update(into="orlov|peat")

    url = reverse("admin:reader_citedwork_change", args=[peat.pk])
    answer = client.post(
        url, {"initial-is_work": "True", "is_work": "on", "into": "tamm|oil", "year": "1931"}
    )

    [said] = answer.context["adminform"].form.non_field_errors()
    assert 'value="1931"' in answer.content.decode()
    assert said.startswith("“tamm|oil” is one with")
    peat.refresh_from_db()
    assert peat.into == ""


def test_who_settles_ibid_sees_the_two_citations_before_it_in_its_chapter(
    editor: User, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    volume = make_volume(slug="oil", title="Of Oil")
    for slug, notes in (
        ("one", ("C. Rebane, *Salt* (Riga, 1930), p. 2.",)),
        (
            "two",
            (
                "Ibid., p. 3.",
                "A. Orlov, *Peat* (Riga, 1931), p. 40; B. Tamm, *Oil* (Riga, 1929), p. 7.",
                "Ibid.",
            ),
        ),
    ):
        chapter = make_division(volume, slug=slug)
        make_paragraph(chapter, f"It was dear.{''.join(f'[^{n}]' for n in range(1, len(notes) + 1))}")
        for n, note in enumerate(notes, start=1):
            make_note(chapter, n, note)
    publish_volume(volume)
    client.force_login(editor)
    first, last = WorkReference.objects.filter(kind="ibid").order_by("note__n")

    def shown(reference: WorkReference) -> list[str]:
        url = reverse("admin:reader_workreference_change", args=[reference.pk])
        with django_assert_max_num_queries(30):
            page = client.get(url).content.decode()
        found = re.search(r'<ol class="before">(.*?)</ol>', page, re.DOTALL)
        return [html_words(each) for each in re.findall(r"<li>(.*?)</li>", found[1])] if found else []

    assert shown(last) == [
        "note 2 : A. Orlov, Peat (Riga, 1931), p. 40 ; B. Tamm, Oil (Riga, 1929), p. 7.",
        "note 2 : A. Orlov, Peat (Riga, 1931), p. 40; B. Tamm, Oil (Riga, 1929), p. 7 .",
    ]
    # In its chapter nothing is cited before it.
    assert shown(first) == []
    assert shown(WorkReference.objects.get(work="tamm-oil")) == []


def html_words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_the_screens_describe_settle_and_take_back(volume: Volume, editor: User, client: Client) -> None:
    client.force_login(editor)
    work = CitedWork.objects.get(key="orlov|peat")
    url = reverse("admin:reader_citedwork_change", args=[work.pk])
    assert "Ibid" not in client.get(url).content.decode()

    answer = client.post(url, {"is_work": "on", "publisher": "Torf", "doi": "10.1000/1", "into": ""})
    assert answer.status_code == 302
    assert "Torf" in client.get("/lamps/works/").content.decode()

    wrong = {"is_work": "on", "into": "", "doi": "not a doi", "isbn": "0-306-40615-3"}
    said = client.post(url, wrong).content.decode()
    assert "Give a DOI as 10.1000/182" in said
    assert "This is no ISBN" in said
    for isbn in ("0-306-40615-2", "978-0-306-40615-7", "080442957x"):
        assert client.post(url, {**wrong, "doi": "", "isbn": isbn}).status_code == 302

    unsure = WorkReference.objects.get(work="")
    url = reverse("admin:reader_workreference_change", args=[unsure.pk])
    assert "not certain" in client.get(url).content.decode()
    assert client.post(url, {"cites": "+", "title": ""}).status_code == 200
    assert client.post(url, {"cites": "tamm|oil"}).status_code == 302
    assert cited(volume)["tamm-oil"] == 2

    settled = SettledReference.objects.get()
    url = reverse("admin:reader_settledreference_delete", args=[settled.pk])
    assert client.post(url, {"post": "yes"}).status_code == 302
    assert cited(volume)[""] == 1
