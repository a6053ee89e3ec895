"""Terms that the text explains and no editor has checked: in the text, in the index, and gone when they should be."""

import io
import json
import zipfile
from collections.abc import Callable

import pypdfium2
import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from glossary.models import Term
from reader.correction import candidates
from reader.correction.correcting import correct
from reader.edition.edition import Edition
from reader.exports.document import export_volume
from reader.exports.epub import write_epub
from reader.exports.markdown import write_markdown
from reader.exports.pdf import write_pdf
from reader.exports.plain_text import write_text
from reader.exports.skos import write_skos
from reader.exports.tei import write_tei
from reader.models import Candidate, Paragraph, Volume
from reader.publishing.publish import publish_chapters, publish_terms, publish_volume
from tests.factories import make_candidate, make_division, make_note, make_paragraph, make_term, make_volume
from tests.reader.pages.test_glossary import html_at, main_of

SAID = "The bank of the state (Gosbank) lent nothing."
LINK = 'href="../glossary/#explained-gosbank"'


@pytest.fixture
def volume(db: None) -> Volume:
    volume = make_volume(slug="plans")
    make_term(volume.glossary, "NEP")
    one, two = make_division(volume, slug="one"), make_division(volume, slug="two")
    paragraph = make_paragraph(one, f"In the NEP it rained. {SAID}")
    make_paragraph(two, "Gosbank had no money. Then Gosbank had some.")
    make_paragraph(make_division(volume, slug="three"), "Nothing is said here.")
    make_candidate(
        volume,
        "Gosbank",
        definition="bank of the state",
        score=0.875,
        sentence=SAID,
        paragraph=paragraph,
    )
    publish_volume(volume)
    return volume


@pytest.fixture
def vera(db: None) -> User:
    return User.objects.create_user("vera")


def explaining(volume: Volume) -> Paragraph:
    return volume.paragraphs.get(text__contains="(Gosbank)")


def change(volume: Volume, before: str, after: str, by: User) -> None:
    paragraph = volume.paragraphs.get(text__contains=before)
    typed = paragraph.text.replace(before, after)
    correct(paragraph, typed, seen=paragraph.text, by=by, reason="The print has it.")


def test_the_first_use_in_a_paragraph_leads_to_the_explanation(volume: Volume) -> None:
    two = html_at("plans/two/")

    assert two.count(LINK) == 1
    assert 'data-t="#explained-gosbank"' in two
    entry = two[two.index('id="t-explained-gosbank"') :]
    assert "bank of the state" in entry
    assert f"<i>The text:</i> {SAID}" in entry
    assert "From the text, not checked. 2 times in this chapter." in entry


def test_the_index_has_it_apart_with_the_sentence_that_explains_it(volume: Volume) -> None:
    index = html_at("plans/glossary/")

    letters, _, apart = index.partition("Explained by the text, not checked")
    assert "Gosbank" not in letters
    assert 'id="explained-gosbank"' in apart
    assert f"<i>The text:</i> {SAID}" in apart
    assert '<a href="/plans/one/#p1">In the text' in apart
    assert "3 times in the text" in main_of(index)
    assert "2 terms" in main_of(index)


def test_a_search_in_the_index_finds_what_the_text_explains(
    client: Client, volume: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(8):
        found = client.get("/plans/glossary/?q=bank of").content.decode()

    assert "1 of 2 terms" in main_of(found)
    assert '<a href="/plans/one/#p1">In the text' in found
    assert "3 times in the text" in main_of(found)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"score": 0.5}, "one sign alone"),
        ({"definition": ""}, "no explanation"),
        ({"state": "refused"}, "refused"),
        ({"is_found": False}, "no import finds it"),
        ({"paragraph": None}, "it stands in no text"),
        ({"headword": "NEP"}, "the glossary has it"),
    ],
)
def test_what_is_uncertain_or_answered_is_not_shown(
    volume: Volume, values: dict[str, object], why: str
) -> None:
    Candidate.objects.update(**values)
    publish_volume(volume)

    assert "explained-" not in html_at("plans/two/"), why
    assert "not checked" not in html_at("plans/glossary/"), why


def test_a_term_of_the_glossary_keeps_its_place(volume: Volume) -> None:
    make_term(volume.glossary, "New Gosbank")
    change_all = volume.paragraphs.get(text__startswith="Gosbank")
    change_all.text = "New Gosbank opened."
    change_all.save()
    publish_volume(volume)

    two = html_at("plans/two/")
    assert 'href="../glossary/new-gosbank/"' in two
    assert LINK not in two


def test_a_correction_that_removes_the_explanation_removes_the_term_everywhere(
    volume: Volume, vera: User
) -> None:
    change(volume, SAID, "The Gosbank lent nothing.", vera)

    for page in ("one/", "two/", "glossary/"):
        assert "explained-gosbank" not in html_at(f"plans/{page}"), page
    assert Candidate.objects.get().definition == "bank of the state", "an editor can still decide"


def test_a_correction_taken_back_brings_the_term_back(volume: Volume, vera: User) -> None:
    change(volume, SAID, "The Gosbank lent nothing.", vera)
    change(volume, "The Gosbank lent nothing.", SAID, vera)

    assert LINK in html_at("plans/two/")


def test_a_correction_of_the_explanation_is_shown_in_every_chapter(volume: Volume, vera: User) -> None:
    change(volume, "bank of the state", "bank of the republic", vera)

    assert "bank of the republic" in html_at("plans/two/")
    assert "bank of the state" not in html_at("plans/glossary/")


def test_another_place_that_explains_it_is_taken_instead(volume: Volume, vera: User) -> None:
    change(volume, "Nothing is said here.", "Money of the people's bank (Gosbank) was spent.", vera)
    change(volume, SAID, "The Gosbank lent nothing.", vera)

    assert "people’s bank" in html_at("plans/glossary/")
    assert "/plans/three/#p3" in html_at("plans/glossary/")


def test_an_answer_of_an_editor_changes_every_page_at_once(volume: Volume, vera: User) -> None:
    this = Candidate.objects.all()
    candidates.refuse(this, by=vera)
    assert LINK not in html_at("plans/two/")
    assert "explained" not in main_of(html_at("plans/glossary/"))

    candidates.reopen(this, by=vera)
    assert LINK in html_at("plans/two/")

    candidates.accept(this.get(), "State Bank", "a bank", by=vera)
    assert LINK not in html_at("plans/two/")
    assert "explained-gosbank" not in html_at("plans/glossary/")


def test_a_term_of_an_editor_takes_the_place_of_the_explained_one(volume: Volume) -> None:
    term = make_term(volume.glossary, "Gosbank")
    publish_terms(volume.glossary, [term])

    for page in ("one/", "two/", "glossary/"):
        assert "explained-gosbank" not in html_at(f"plans/{page}"), page


def test_publishing_one_chapter_gives_what_publishing_the_volume_gives(volume: Volume, vera: User) -> None:
    change(volume, SAID, "The Gosbank lent nothing.", vera)
    pages = dict(volume.pages.values_list("path", "html"))
    publish_volume(volume)

    changed = {
        path for path, html in volume.pages.values_list("path", "html") if bytes(html) != bytes(pages[path])
    }
    assert {path for path in changed if path != "plans/"} == set()


@pytest.mark.parametrize(
    ("where", "in_text", "in_index"), [("text", True, True), ("index", False, True), ("none", False, False)]
)
def test_the_owner_decides_where_readers_see_them(
    volume: Volume, settings: Settings, where: str, in_text: bool, in_index: bool
) -> None:
    settings.EXPLAINED_TERMS = where
    publish_volume(volume)

    assert (LINK in html_at("plans/two/")) is in_text
    assert ("explained-gosbank" in html_at("plans/glossary/")) is in_index


def test_the_count_is_that_of_the_text_as_it_reads(volume: Volume, vera: User) -> None:
    assert Candidate.objects.get().count == 3
    change(volume, "Then Gosbank had some.", "Then it had some.", vera)
    assert Candidate.objects.get().count == 2


def test_the_index_can_be_limited_to_what_the_text_uses(client: Client, volume: Volume) -> None:
    term = make_term(volume.glossary, "STO")
    publish_terms(volume.glossary, [term])

    whole, used = html_at("plans/glossary/"), html_at("plans/glossary/used/")
    assert '<a href="/plans/glossary/used/">In the text alone</a>' in whole
    assert ("STO" in main_of(whole), "STO" in main_of(used)) == (True, False)
    assert "2 terms that the text uses" in main_of(used)
    assert '<a href="/plans/glossary/">All terms</a>' in used
    assert "0 of 2 terms" in main_of(client.get("/plans/glossary/used/?q=STO").content.decode())
    assert Term.objects.count() == 2


def test_what_the_text_explains_and_never_uses_is_not_among_the_used(volume: Volume) -> None:
    said = {"score": 0.875, "sentence": SAID, "paragraph": explaining(volume)}
    make_candidate(volume, "Zagotbank", definition="bank of stores", **said)
    publish_volume(volume)

    assert "Zagotbank" in html_at("plans/glossary/")
    assert "Zagotbank" not in html_at("plans/glossary/used/")
    assert "Gosbank" in html_at("plans/glossary/used/")


def test_exports_mark_what_no_editor_has_checked(volume: Volume) -> None:
    edition = Edition(volume)
    document = json.loads(export_volume(volume))
    assert document["volume"]["explained"] == [
        {
            "headword": "Gosbank",
            "definition": "bank of the state",
            "sentence": SAID,
            "count": 3,
            "paragraph": 1,
        }
    ]
    tei = write_tei(edition)
    assert '<term ref="#term-explained-gosbank" cert="low">Gosbank</term>' in tei
    assert '<label xml:id="term-explained-gosbank"><term cert="low">Gosbank</term></label>' in tei
    concept = json.loads(write_skos(edition))["@reverse"]["skos:inScheme"][-1]
    assert concept["skos:editorialNote"] == "From the text, found by a program and not checked."
    with zipfile.ZipFile(io.BytesIO(write_epub(edition))) as book:
        glossary, two = (book.read(f"EPUB/{name}.xhtml").decode() for name in ("glossary", "two"))
    assert "Explained by the text, not checked" in glossary
    assert 'id="term-explained-gosbank"' in glossary
    assert 'href="glossary.xhtml#term-explained-gosbank"' in two


def test_publishing_chapters_again_changes_nothing(volume: Volume) -> None:
    pages = volume.pages.exclude(path="plans/")  # which names the revision
    before = dict(pages.values_list("path", "etag"))
    publish_chapters(volume, [explaining(volume).division])

    assert dict(pages.values_list("path", "etag")) == before


# Pages of one text


def of_one_text(client: Client, path: str) -> str:
    return client.get(f"/plans/{path}").content.decode()


def test_a_paragraph_s_own_page_leads_to_the_explanation(client: Client, volume: Volume) -> None:
    assert of_one_text(client, "paragraph/2/").count('href="../../glossary/#explained-gosbank"') == 1


def test_a_note_s_own_page_and_the_page_of_its_call_lead_to_the_explanation(
    client: Client, volume: Volume
) -> None:
    make_note(make_division(volume, slug="four"), 1, "Of Gosbank alone.")
    make_paragraph(volume.divisions.get(slug="four"), "Nobody said so.[^1]")
    publish_volume(volume)

    assert 'href="../../../glossary/#explained-gosbank"' in of_one_text(client, "four/note/1/")
    assert 'href="../../glossary/#explained-gosbank"' in of_one_text(client, "paragraph/4/")


def test_a_term_of_the_glossary_keeps_its_place_on_a_paragraph_s_own_page(
    client: Client, volume: Volume
) -> None:
    make_term(volume.glossary, "New Gosbank")
    volume.paragraphs.filter(number=2).update(text="New Gosbank opened. Gosbank shut.")
    publish_volume(volume)

    page = of_one_text(client, "paragraph/2/")
    assert page.index("glossary/new-gosbank/") < page.index("#explained-gosbank")
    assert "Gosbank</a> shut" in page


@pytest.mark.parametrize(
    ("values", "setting"),
    [({"state": "refused"}, "text"), ({"score": 0.5}, "text"), ({}, "index"), ({}, "none")],
)
def test_what_chapters_do_not_link_the_pages_of_texts_do_not(
    client: Client, volume: Volume, settings: Settings, values: dict[str, object], setting: str
) -> None:
    settings.EXPLAINED_TERMS = setting
    Candidate.objects.update(**values)

    assert "explained-" not in of_one_text(client, "paragraph/2/")


def test_the_explanation_costs_a_paragraph_s_page_three_statements_at_most(
    client: Client, volume: Volume, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/plans/paragraph/3/")  # warms what a process keeps
    with django_assert_num_queries(7):
        client.get("/plans/paragraph/3/")
    with django_assert_num_queries(9):
        client.get("/plans/paragraph/2/")
    settings.EXPLAINED_TERMS = "none"
    with django_assert_num_queries(6):
        client.get("/plans/paragraph/2/")


# Files


@pytest.mark.parametrize("write", [write_markdown, write_text], ids=["Markdown", "text"])
def test_files_list_explained_terms_apart_with_the_sentence(
    volume: Volume, write: Callable[[Edition], str]
) -> None:
    _, _, listed = write(Edition(volume)).rpartition("NEP")

    assert "explained by the text, not checked" in listed.casefold()
    assert f"bank of the state: “{SAID}”" in listed.replace("\\", "")


def test_a_volume_without_a_glossary_lists_what_its_text_explains(volume: Volume) -> None:
    Term.objects.all().delete()

    assert "# Glossary" in write_markdown(Edition(volume))
    assert "GLOSSARY" in write_text(Edition(volume))


def test_the_pdf_lists_explained_terms(volume: Volume) -> None:
    document = pypdfium2.PdfDocument(write_pdf(Edition(volume)))
    words = " ".join(page.get_textpage().get_text_range() for page in document)

    assert "Explained by the text, not checked" in " ".join(words.split())


def test_a_file_without_explained_terms_does_not_speak_of_them(volume: Volume) -> None:
    Candidate.objects.all().delete()

    for write in (write_markdown, write_text):
        assert "explained by" not in write(Edition(volume)).casefold()
