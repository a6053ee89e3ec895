"""The errata of a volume: every change of what readers saw, on a page and as an Atom feed, and nothing else."""

import importlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from lxml import etree
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from glossary.models import Term
from reader.correction import describing, terms
from reader.correction.candidates import accept
from reader.correction.correcting import correct
from reader.correction.levels import set_level
from reader.correction.structure.deeds import take_back
from reader.correction.structure.joining import join
from reader.correction.structure.notes import number_note, take_out_note
from reader.models import Division, Erratum, Level, Note, Paragraph, Volume
from reader.publishing.publish import publish_terms, publish_volume
from tests.factories import make_candidate, make_division, make_note, make_paragraph, make_term, make_volume

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", first_name="Vera", last_name="Figner")


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="lamps", title="Of Lamps", rights="All <rights> & more")
    first = make_division(volume, n="1", head="The wicks", slug="chapter-1")
    make_paragraph(first, "The lmaps were lit.[^1]")
    make_paragraph(first, "They burnt till six.")
    make_note(first, 1, "A report on wicks.")
    make_term(volume.glossary, "NEP", definition="New Polcy")
    publish_volume(volume)
    volume.refresh_from_db()
    return volume


def put_right(text: Paragraph | Note | Division, wording: str, vera: User, reason: str = "the scan") -> None:
    assert correct(text, wording, seen=text.wording, by=vera, reason=reason)


def page_of(client: Client, query: str = "") -> str:
    html = client.get(f"/lamps/errata/{query}").content.decode()
    return html[html.index("<main") : html.index("</main>")]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def items(client: Client) -> list[str]:
    return re.findall(r'<li id="e[0-9]+">(.*?)</li>', page_of(client), re.DOTALL)


def entries(client: Client) -> list[etree._Element]:
    feed = etree.fromstring(client.get("/lamps/errata.atom").content)
    return list(feed.findall("a:entry", ATOM))


def test_a_volume_that_was_only_published_has_no_errata(client: Client, volume: Volume) -> None:
    publish_volume(volume)

    assert "Nothing was changed since." in page_of(client)
    assert entries(client) == []


def test_a_correction_stands_there_with_place_before_after_reason(
    client: Client, volume: Volume, vera: User
) -> None:
    put_right(Paragraph.objects.get(number=1), "The lamps were lit.[^1]", vera)

    [item] = items(client)
    assert "<del>lmaps</del><ins>lamps</ins>" in item
    assert 'href="/lamps/paragraph/1/">Paragraph 1, Chapter 1: The wicks</a>' in item
    assert "· revision 2 · the scan" in item
    assert "vera" not in page_of(client).lower()


def test_a_note_a_heading_a_term_and_the_title_page_have_errata(
    client: Client, volume: Volume, vera: User
) -> None:
    put_right(Note.objects.get(), "A report on lamps.", vera)
    put_right(Division.objects.get(), "The lamps", vera)
    term = Term.objects.get()
    terms.write_definition(term, "New Policy", by=vera, reason="the key")
    publish_terms(term.glossary, [term])
    volume.refresh_from_db()
    volume.title = "On Lamps"
    describing.describe(volume, ["title"], by=vera, reason="the cover")

    title, term_, heading, note = items(client)
    assert "title: " in title
    assert "<del>Of</del><ins>On</ins>" in title
    assert "Title page" in title
    assert "<del>Polcy</del><ins>Policy</ins>" in term_
    assert 'href="/lamps/glossary/nep/"' in term_
    assert "<del>wicks</del><ins>lamps</ins>" in heading
    assert 'href="/lamps/chapter-1/">Heading' in heading
    assert "<del>wicks.</del><ins>lamps.</ins>" in note
    assert 'href="/lamps/chapter-1/#n1">Note 1' in note
    assert [f"revision {n}" in item for n, item in zip((5, 4, 3, 2), items(client), strict=True)] == [
        True
    ] * 4


def test_a_term_taken_out_and_a_new_one_have_errata(client: Client, volume: Volume, vera: User) -> None:
    terms.delete([Term.objects.get()], by=vera)
    accept(make_candidate(volume, "mir", definition="a village"), "mir", "a village", by=vera)

    new, gone = items(client)
    assert "<ins>mir" in new
    assert "<del>" not in new
    assert 'href="/lamps/glossary/mir/"' in new
    assert "<del>NEP" in gone
    assert "<ins>" not in gone
    assert "href" not in gone


def test_the_name_of_a_file_that_was_read_in_stays_with_editors(
    client: Client, volume: Volume, vera: User
) -> None:
    put_right(Paragraph.objects.get(number=1), "The lamps were lit.[^1]", vera, "table read in: of-vera.csv")

    assert "a table of terms was read in" in items(client)[0]
    assert "csv" not in items(client)[0]


def test_a_change_that_readers_do_not_see_has_no_erratum(client: Client, volume: Volume, vera: User) -> None:
    set_level([Paragraph.objects.get(number=1)], Level.PROOFREAD, by=vera)
    publish_volume(volume)

    assert items(client) == []


def test_changes_of_structure_are_told_in_words(client: Client, volume: Volume, vera: User) -> None:
    deed = number_note(Note.objects.get(), 4, by=vera, reason="as printed")
    assert deed.said[1:] in words(items(client)[0])
    assert "as printed" in items(client)[0]

    take_back(deed, by=vera, reason="no")

    assert "Taken back: " in items(client)[0]
    assert len(items(client)) == 2


def test_errata_stay_when_what_they_are_about_is_gone(client: Client, volume: Volume, vera: User) -> None:
    put_right(Note.objects.get(), "A report on lamps.", vera)
    take_out_note(Note.objects.get(), by=vera, reason="it is in no copy")

    assert "<ins>lamps.</ins>" in items(client)[-1]
    assert "Note 1" in items(client)[-1]


def test_joined_paragraphs_have_their_deed_among_the_errata(
    client: Client, volume: Volume, vera: User
) -> None:
    deed = join(Paragraph.objects.get(number=2), by=vera, reason="no new line in print")

    assert deed.said[1:] in words(page_of(client))


def test_nothing_is_recorded_twice(client: Client, volume: Volume, vera: User) -> None:
    put_right(Paragraph.objects.get(number=1), "The lamps were lit.[^1]", vera)
    for _ in range(2):
        publish_volume(volume)

    assert [(row.revision, row.kind) for row in Erratum.objects.all()] == [(2, "paragraph")]


def test_another_volume_has_errata_of_its_own(client: Client, volume: Volume, vera: User) -> None:
    other = make_volume(slug="oil", title="Of Oil", glossary=volume.glossary)
    make_paragraph(make_division(other), "Oil was dear.")
    publish_volume(other)
    put_right(Paragraph.objects.get(volume=other), "Oil was cheap.", vera)

    assert items(client) == []
    assert "<del>dear.</del>" in client.get("/oil/errata/").content.decode()


def make_errata(volume: Volume, count: int) -> None:
    Erratum.objects.bulk_create(
        Erratum(
            volume=volume,
            revision=n + 2,
            made_at=datetime(2026, 5, 1, 12, tzinfo=UTC) + timedelta(hours=n),
            source=f"note {n}",
            kind=("paragraph", "note", "division", "term")[n % 4],
            key=(
                Paragraph.objects.first(),
                Note.objects.first(),
                Division.objects.first(),
                Term.objects.first(),
            )[n % 4].pk,  # type: ignore[union-attr]
            place=f"place {n}",
            before="old",
            after="new",
        )
        for n in range(count)
    )


def test_a_page_holds_a_hundred_errata_the_newest_first(client: Client, volume: Volume) -> None:
    make_errata(volume, 101)

    assert len(items(client)) == 100
    assert "Place 100" in items(client)[0]
    assert 'href="?page=2"' in page_of(client)
    assert re.findall(r"Place \d+", page_of(client, "?page=2")) == ["Place 0"]
    assert page_of(client, "?page=nothing") == page_of(client)
    assert "5 May 2026" in page_of(client)


def test_the_statements_do_not_grow_with_the_errata(
    client: Client, volume: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_errata(volume, 150)

    with django_assert_num_queries(7):
        client.get("/lamps/errata/")
    with django_assert_num_queries(7):
        client.get("/lamps/errata.atom")


@pytest.mark.parametrize("path", ["/lamps/errata/", "/lamps/errata.atom"])
def test_nothing_is_sent_again_while_nothing_changes(
    client: Client, volume: Volume, vera: User, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    etag = client.get(path)["ETag"]

    with django_assert_num_queries(1):
        again = client.get(path, HTTP_IF_NONE_MATCH=etag)
    assert again.status_code == 304
    put_right(Paragraph.objects.get(number=1), "The lamps were lit.[^1]", vera)
    assert client.get(path, HTTP_IF_NONE_MATCH=etag).status_code == 200


@pytest.mark.parametrize("path", ["/nowhere/errata/", "/nowhere/errata.atom"])
def test_a_volume_that_is_not_there_has_no_errata(client: Client, volume: Volume, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_text_that_was_rewritten_is_not_compared_word_by_word(client: Client, volume: Volume) -> None:
    make_errata(volume, 1)
    before, after = (" ".join(f"{letter}{n} same" for n in range(3000)) for letter in "ab")
    Erratum.objects.update(before=before, after=after)

    [item] = items(client)
    assert item.count("<del>") == item.count("<ins>") == 1
    assert len(item) < 2000


def test_a_script_in_any_text_of_an_erratum_is_text(client: Client, volume: Volume) -> None:
    make_errata(volume, 5)
    evil = "<script>alert(1)</script>"
    Erratum.objects.update(place=evil, before=evil, after=f"a {evil}", reason=evil)
    Erratum.objects.filter(source="note 3").update(is_structure=True)

    assert "<script" not in page_of(client)
    assert page_of(client).count("&lt;script&gt;alert") == 15
    for entry in entries(client):
        assert "<script" not in texts(entry, "content")[0]


# The feed, by RFC 4287

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def texts(element: etree._Element, name: str) -> list[str]:
    return [each.text or "" for each in element.findall(f"a:{name}", ATOM)]


def check_feed(feed: etree._Element) -> None:
    """What RFC 4287 asks of a feed and of its entries (sections 4.1.1 and 4.1.2)."""
    assert feed.tag == f"{{{ATOM['a']}}}feed"
    ids = []
    for element in (feed, *feed.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert len(texts(element, name)) == 1, name
        assert DATE.fullmatch(texts(element, "updated")[0])
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", texts(element, "id")[0])
        ids += texts(element, "id")
        links = [
            (link.get("rel"), link.get("type"), link.get("hreflang"))
            for link in element.findall("a:link", ATOM)
        ]
        assert len(links) == len(set(links))
        for link in element.findall("a:link", ATOM):
            assert link.get("href").startswith("http://testserver/")
        assert any(rel == "alternate" for rel, *_ in links)
    assert len(ids) == len(set(ids))
    [author] = feed.findall("a:author", ATOM)
    assert texts(author, "name") == ["The editors"]
    assert any(link.get("rel") == "self" for link in feed.findall("a:link", ATOM))
    for content in feed.findall("a:entry/a:content", ATOM):
        assert content.get("type") == "html"
        assert len(content) == 0


def test_the_feed_has_what_the_standard_asks_for(client: Client, volume: Volume, vera: User) -> None:
    put_right(Paragraph.objects.get(number=1), "The <b>lamps</b> & so on were lit.[^1]", vera, "a < b & c")
    Erratum.objects.update(before="The lmaps\x01\ufffe were lit.[^1]")
    number_note(Note.objects.get(), 4, by=vera, reason="as printed")
    terms.delete([Term.objects.get()], by=vera)
    response = client.get("/lamps/errata.atom")
    feed = etree.fromstring(response.content)

    check_feed(feed)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert len(feed.findall("a:entry", ATOM)) == 3
    shown = texts(feed.findall("a:entry", ATOM)[-1], "content")[0]
    assert "<ins>&lt;b&gt;lamps&lt;/b&gt; &amp; so on</ins>" in shown
    assert "<del>lmaps␁⟨U+FFFE⟩</del>" in shown
    assert "Reason: a &lt; b &amp; c" in shown


def test_the_feed_of_a_volume_without_errata_is_a_feed(client: Client, volume: Volume) -> None:
    check_feed(etree.fromstring(client.get("/lamps/errata.atom").content))


def test_the_feed_holds_the_newest_fifty_with_stable_ids(client: Client, volume: Volume) -> None:
    make_errata(volume, 60)
    before = [texts(entry, "id") for entry in entries(client)]
    publish_volume(volume)

    assert len(before) == 50
    assert [texts(entry, "id") for entry in entries(client)] == before
    assert texts(entries(client)[0], "title") == ["Glossary: place 59"]


def test_ids_stay_when_the_archive_moves(client: Client, volume: Volume, settings: Settings) -> None:
    make_errata(volume, 3)
    before = [texts(entry, "id") for entry in entries(client)]
    settings.ARCHIVE_URL = "https://elsewhere.example"

    moved = entries(client)
    assert [texts(entry, "id") for entry in moved] == before
    assert moved[0].find("a:link", ATOM).get("href").startswith("https://elsewhere.example/lamps/")


@pytest.mark.parametrize("path", ["/lamps/", "/lamps/chapter-1/", "/lamps/paragraph/1/", "/lamps/errata/"])
def test_every_page_of_a_volume_names_the_feed(client: Client, volume: Volume, path: str) -> None:
    html = client.get(path).content.decode()

    assert re.search(
        r'<link rel="alternate" type="application/atom\+xml" [^>]*href="/lamps/errata.atom">', html
    )


def test_the_title_page_leads_to_the_errata(client: Client, volume: Volume) -> None:
    assert '<a href="/lamps/errata/">Errata</a>' in client.get("/lamps/").content.decode()


# What was changed before errata were recorded


def test_earlier_changes_are_recorded_without_their_reasons(
    client: Client, volume: Volume, vera: User
) -> None:
    put_right(Paragraph.objects.get(number=1), "The lamps were lit.[^1]", vera, "so Dr. Sokolov wrote to me")
    put_right(Note.objects.get(), "A report on lamps.", vera)
    put_right(Division.objects.get(), "The lamps", vera)
    terms.write_definition(Term.objects.get(), "New Policy", by=vera, reason="the key")
    number_note(Note.objects.get(), 4, by=vera, reason="as printed")
    volume.refresh_from_db()
    volume.title = "On Lamps"
    describing.describe(volume, ["title"], by=vera, reason="the cover")
    accept(make_candidate(volume, "mir", definition="a village"), "mir", "a village", by=vera)
    recorded = set(Erratum.objects.values_list("source", "before", "after"))
    Erratum.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute(importlib.import_module("reader.migrations.0022_errata").EARLIER)

    assert set(Erratum.objects.values_list("source", "before", "after")) == recorded
    assert set(Erratum.objects.values_list("reason", flat=True)) == {""}
    assert len(items(client)) == 7
    publish_volume(volume)
    assert len(items(client)) == 7
