import gzip
import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from glossary.models import Term, TermException, TermForm
from reader.models import (
    Corrector,
    Division,
    Gap,
    PageBreak,
    PublishedPage,
    TermOccurrence,
    TranslatedPage,
    Volume,
    Word,
)
from reader.pages import years
from reader.publishing import made_with, store
from reader.publishing.publish import (
    publish_chapters,
    publish_glossary,
    publish_home,
    publish_terms,
    publish_volume,
)
from reader.text import works
from reader.text.persons import scan
from tests.examples import examples
from tests.factories import (
    make_division,
    make_glossary,
    make_note,
    make_page_break,
    make_paragraph,
    make_sense,
    make_settlement,
    make_term,
    make_volume,
)

pytestmark = pytest.mark.django_db


def html_at(path: str) -> str:
    return bytes(PublishedPage.objects.get(path=path).html).decode()


def paths() -> set[str]:
    return set(PublishedPage.objects.values_list("path", flat=True))


def test_a_volume_has_a_page_for_itself_each_chapter_the_glossary_and_each_term() -> None:
    volume = make_volume(slug="plans")
    part = make_division(volume, kind=Division.Kind.PART, slug="part-1")
    chapter = make_division(volume, slug="chapter-1", parent=part)
    make_division(volume, kind=Division.Kind.SECTION, slug="chapter-1-i", parent=chapter)
    make_term(volume.glossary, "NEP")

    publish_volume(volume)

    pages = {
        "part-1/",
        "chapter-1/",
        "glossary/",
        "glossary/used/",
        "glossary/by-chapter/",
        "works/",
        "years/",
        "persons/",
        "glossary/nep/",
        "",
    }
    pages |= {f"{page}apparatus/" for page in ("part-1/", "chapter-1/", "")}
    assert paths() == {"", *(f"plans/{page}" for page in pages)}


def test_the_stored_forms_of_a_page_are_one_page() -> None:
    volume = make_volume(slug="plans")

    publish_volume(volume)

    page = PublishedPage.objects.get(path="plans/")
    assert gzip.decompress(page.gzip) == brotli.decompress(page.brotli) == bytes(page.html)
    assert bytes(page.gzip)[4:8] == b"\0\0\0\0", "a time in the compressed page would make two pages of one"


def test_publishing_twice_changes_nothing_that_readers_see_but_the_revision() -> None:
    volume = make_volume(slug="plans")
    make_paragraph(make_division(volume), "The NEP[^1]{p. 4}.")
    make_term(volume.glossary)

    publish_volume(volume)
    first = {path: html_at(path) for path in paths()}
    publish_volume(volume)

    assert {path: html_at(path).replace("revision 2", "revision 1") for path in paths()} == first
    assert TermOccurrence.objects.count() == Gap.objects.count() == 1
    assert Volume.objects.get().revision == 2


def test_terms_are_found_in_paragraphs_and_notes_and_linked() -> None:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one")
    paragraph = make_paragraph(chapter, "*Of* the NEP[^1].")
    note = make_note(chapter, 1, "NEP's end.")
    make_term(volume.glossary)

    publish_volume(volume)

    found = TermOccurrence.objects.values_list("paragraph", "note", "start", "end")
    assert set(found) == {(paragraph.pk, None, 7, 10), (None, note.pk, 0, 3)}
    page = html_at("plans/one/")
    assert page.count('<a class="t caps" href="../glossary/nep/">NEP</a>') == 2
    assert 'id="t-nep"' in page
    entry = html_at("plans/glossary/nep/")
    assert f'<a href="/plans/one/#p{paragraph.number}">Of the <mark>NEP</mark>.</a>' in entry
    assert "<mark>NEP</mark>’s end.</span></a>" in entry


def test_see_shows_the_definition_that_it_leads_to() -> None:
    volume = make_volume(slug="plans")
    target = make_term(volume.glossary, "STO", definition="Council of Labour")
    make_term(volume.glossary, "CLD", definition="", see=target)
    make_paragraph(make_division(volume, slug="one"), "The CLD met.")

    publish_volume(volume)

    assert "Council of Labour" in html_at("plans/one/")
    assert "Council of Labour" in html_at("plans/glossary/cld/")
    assert "/plans/glossary/cld/" in html_at("plans/glossary/sto/")


def test_terms_that_see_each_other_are_published_all_the_same() -> None:
    volume = make_volume(slug="plans")
    one = make_term(volume.glossary, "STO")
    one.see = make_term(volume.glossary, "CLD", see=one)
    one.save()
    make_paragraph(make_division(volume), "The CLD and the STO met.")

    publish_volume(volume)

    assert "plans/glossary/cld/" in paths()


def test_a_note_that_is_called_and_missing_is_a_gap_until_it_is_there() -> None:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, head="Plans[^3]")
    section = make_division(volume, kind=Division.Kind.SECTION, parent=chapter)
    make_paragraph(section, "One[^1], two[^2], two[^2].")
    make_note(chapter, 1)

    publish_volume(volume)
    assert set(Gap.objects.values_list("division", "n")) == {(chapter.pk, 2), (chapter.pk, 3)}

    make_note(chapter, 2)
    publish_chapters(volume, [section])
    assert set(Gap.objects.values_list("n", flat=True)) == {3}


def test_a_page_of_the_book_points_to_the_text_that_it_begins_in() -> None:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one")
    first = make_paragraph(chapter, "No page.")
    second = make_paragraph(chapter, "Here{p. 42}.")
    inferred = PageBreak.Certainty.INFERRED
    page = make_page_break(volume, "42", paragraph=first, certainty=inferred)
    make_page_break(volume, "41", division=chapter)

    publish_volume(volume)

    page.refresh_from_db()
    assert (page.paragraph, page.note, page.certainty) == (second, None, inferred)
    assert html_at("plans/one/").count('role="doc-pagebreak"') == 2


def test_publishing_one_chapter_leaves_the_pages_of_another_alone() -> None:
    volume = make_volume(slug="plans")
    one, two = make_division(volume, slug="one"), make_division(volume, slug="two")
    paragraph = make_paragraph(one, "The NEP.")
    other = make_paragraph(two, "The NEP.")
    page = make_page_break(volume, "42", paragraph=other)
    other.text = "The NEP{p. 42}."
    other.save()
    make_term(volume.glossary)
    publish_volume(volume)
    PublishedPage.objects.filter(path="plans/two/").update(etag="untouched")

    paragraph.text = "No more of it."
    paragraph.save()
    publish_chapters(volume, [one])

    assert "No more of it." in html_at("plans/one/")
    assert PublishedPage.objects.get(path="plans/two/").etag == "untouched"
    assert TermOccurrence.objects.get().paragraph == other
    assert html_at("plans/glossary/nep/").count("<mark>") == 1
    page.refresh_from_db()
    assert page.paragraph == other


def test_pages_that_a_volume_has_no_more_are_withdrawn() -> None:
    volume = make_volume(slug="plans")
    make_division(volume, slug="one")
    gone = make_division(volume, slug="two")
    publish_volume(volume)

    gone.delete()
    publish_volume(volume)

    pages = {
        "",
        "one/",
        "glossary/",
        "glossary/used/",
        "glossary/by-chapter/",
        "works/",
        "years/",
        "persons/",
        "apparatus/",
        "one/apparatus/",
    }
    assert paths() == {"", *(f"plans/{page}" for page in pages)}


def test_the_first_page_is_the_only_volume_or_the_list_of_them() -> None:
    first = make_volume(slug="plans", title="Plans")
    publish_volume(first)
    assert html_at("") == html_at("plans/")

    second = make_volume(slug="markets", title="Markets")
    publish_volume(second)
    assert "/markets/" in html_at("")
    assert "/plans/" in html_at("")

    second.delete()
    publish_home()
    assert html_at("") == html_at("plans/")


def test_volumes_that_share_a_glossary_show_their_own_places() -> None:
    glossary = make_glossary()
    make_term(glossary)
    for slug in ("plans", "markets"):
        make_paragraph(make_division(make_volume(slug=slug, glossary=glossary)), "The NEP.")

    publish_glossary(glossary)

    assert html_at("plans/glossary/nep/").count("<mark>") == 1
    assert "/plans/" not in html_at("markets/glossary/nep/")


def test_saving_a_term_publishes_the_pages_that_show_it_and_no_others() -> None:
    volume = make_volume(slug="plans")
    for slug, text in (("one", "The NEP."), ("two", "The CC."), ("three", "Nothing.")):
        make_paragraph(make_division(volume, slug=slug), text)
    nep = make_term(volume.glossary, "NEP")
    make_term(volume.glossary, "CC")
    publish_volume(volume)
    PublishedPage.objects.update(etag="untouched")

    nep.definition = "Another definition"
    nep.save()
    publish_terms(volume.glossary, [nep])

    made = set(PublishedPage.objects.exclude(etag="untouched").values_list("path", flat=True))
    glossary = {f"plans/glossary/{page}" for page in ("", "used/", "by-chapter/", "nep/")}
    assert made == {"", "plans/", "plans/one/", *glossary}
    assert "Another definition" in html_at("plans/one/")


def test_a_definition_is_published_where_another_term_sends_to_it() -> None:
    volume = make_volume(slug="plans")
    make_paragraph(make_division(volume, slug="one"), "The CLD met.")
    last = make_term(volume.glossary, "STO")
    between = make_term(volume.glossary, "RTO", definition="", see=last)
    make_term(volume.glossary, "CLD", definition="", see=between)
    publish_volume(volume)

    last.definition = "Council of Labour"
    last.save()
    publish_terms(volume.glossary, [last])

    assert "Council of Labour" in html_at("plans/one/")


def test_a_term_that_was_deleted_is_linked_no_more() -> None:
    volume = make_volume(slug="plans")
    make_paragraph(make_division(volume, slug="one"), "The CLD and the STO.")
    sto = make_term(volume.glossary, "STO", definition="Council of Labour")
    make_term(volume.glossary, "CLD", definition="", see=sto)
    publish_volume(volume)
    assert "Council of Labour" in html_at("plans/one/")

    sto.delete()
    publish_terms(volume.glossary, [])

    assert "plans/glossary/sto/" not in paths()
    assert "glossary/sto/" not in html_at("plans/one/")
    assert "Council of Labour" not in html_at("plans/one/") + html_at("plans/glossary/cld/")


def test_a_page_that_stays_the_same_is_not_stored_again() -> None:
    volume = make_volume(slug="plans")
    make_paragraph(make_division(volume, slug="one"))
    publish_volume(volume)
    PublishedPage.objects.update(gzip=b"as it was")

    publish_volume(volume)

    stored = PublishedPage.objects.exclude(gzip=b"as it was").values_list("path", flat=True)
    assert set(stored) == {"", "plans/"}, "only these pages show the revision"


TEXTS = (
    "The NEP of the Bank, and the New Bank in New Street.[^1]",
    "*The NEP* and the CC of the RCP; a kulak.\n\n> The CC[^1]{p. 4}.",
    "Kulaks of the Bank: the NEP and NEP again, in the mir.",
    "Nothing of it; but the CC.",
)
WORDS = ("NEP", "Bank", "New Bank", "CC", "mir", "kulak", "New", "the NEP", "RCP")
CHANGES = (
    *("form", "no form", "case", "exception", "no exception", "definition", "see", "see nothing", "headword"),
    *("sense", "no sense", "settle all", "settle one", "not here", "emphasis", "delete", "make"),
)


class SavingTermsPublishesWhatAWholePublicationWould(TestCase):
    """Random changes of a glossary, one after another."""

    @examples(15, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.tuples(st.sampled_from(CHANGES), st.integers(0, 4), st.sampled_from(WORDS)),
            min_size=1,
            max_size=5,
        )
    )
    def test_the_pages_are_the_same(self, changes: list[tuple[str, int, str]]) -> None:
        volume = make_volume(slug="plans")
        for k, text in enumerate(TEXTS):
            chapter = make_division(volume, slug=f"chapter-{k}")
            make_paragraph(chapter, text)
            make_note(chapter, 1, TEXTS[k - 1].replace("[^1]", ""))
        for headword in ("NEP", "Bank", "CC", "RCP"):
            make_term(volume.glossary, headword)
        publish_volume(volume)

        for change, which, word in changes:
            terms = list(volume.glossary.terms.all())
            if terms:
                publish_terms(volume.glossary, change_term(terms[which % len(terms)], change, word))
            elif change == "make":
                publish_terms(volume.glossary, [make_term(volume.glossary, word)])
            saved = everything()
            publish_volume(volume)

            assert saved == everything()


def change_term(term: Term, change: str, word: str) -> list[Term]:
    """Change a term, if the change is possible; return the terms to publish."""
    other = term.glossary.terms.exclude(pk=term.pk).first()
    match change:
        case "form":
            TermForm.objects.get_or_create(term=term, text=word)
        case "no form":
            term.forms.filter(pk__in=term.forms.values("pk")[:1]).delete()
        case "case":
            term.forms.update(case=TermForm.Case.ANY)
        case "exception":
            TermException.objects.get_or_create(term=term, text=f"the {word}")
        case "no exception":
            term.exceptions.all().delete()
        case "definition":
            term.definition = f"Explained by {word}"
        case "see" | "see nothing":
            term.see = other if change == "see" else None
        case "headword":
            term.headword, term.slug = f"{word} {term.pk}", f"slug-{term.pk}-{WORDS.index(word)}"
        case "sense":
            make_sense(term)
        case "no sense":
            term.senses.filter(pk__in=term.senses.order_by("-n").values("pk")[:1]).delete()
            term.refresh_from_db()
        case "settle all":
            term.settled_sense = term.senses.last()
        case "settle one" | "not here":
            occurrence = term.occurrences.order_by("paragraph", "note", "start").first()
            if occurrence is not None and not term.settlements.exists():
                text = occurrence.paragraph or occurrence.note
                assert text is not None
                reading = "NEP" if "NEP" in text.text else "CC"
                make_settlement(text, reading, term, term.senses.first() if change == "settle one" else None)
        case "emphasis":
            term.in_emphasis = not term.in_emphasis
        case "delete":
            term.delete()
            return []
        case "make":
            if not term.glossary.terms.filter(slug=word.lower().replace(" ", "-")).exists():
                return [make_term(term.glossary, word)]
    term.save()
    return [term]


def everything() -> tuple[Any, ...]:
    """All that readers see, except the revision, and all that publishing records."""
    pages = PublishedPage.objects.order_by("path").values_list("path", "html")
    recorded = TermOccurrence.objects.values_list("term", "paragraph", "note", "start", "end", "sense")
    words = Word.objects.values_list("division", "text", "key", "count")
    return (
        {path: re.sub(r"revision \d+", "", bytes(html).decode()) for path, html in pages},
        sorted(recorded, key=repr),
        sorted(words, key=repr),
    )


def test_text_that_looks_like_html_is_published_as_text() -> None:
    evil = "<script>alert(1)</script>"
    volume = make_volume(slug="plans", title=evil, rights=evil)
    chapter = make_division(volume, slug="one", head=evil)
    make_paragraph(chapter, f"{evil} NEP {evil}")
    make_note(chapter, 1, evil)
    make_term(volume.glossary, "NEP", definition=evil)

    publish_volume(volume)

    for path in paths():
        assert "alert(1)" in html_at(path)
        assert "<script>alert" not in html_at(path)


def test_the_statements_of_publishing_do_not_grow_with_the_text(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    volume = make_volume(slug="plans")
    make_term(volume.glossary)
    for _ in range(4):
        chapter = make_division(volume)
        for n in range(1, 16):
            make_paragraph(chapter, f"The NEP[^{n}] in{{p. {chapter.position}-{n}}} a year, see p. {n}.")
            make_note(chapter, n, f"Of the NEP, see note {n}.")
            make_page_break(volume, f"{chapter.position}-{n}")

    with django_assert_max_num_queries(40):
        publish_volume(volume)


def test_publishing_a_chapter_after_a_correction_takes_35_statements(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    volume = make_volume(slug="plans")
    make_term(volume.glossary)
    Corrector.objects.create(account=7, name="A. Reader")
    for _ in range(3):
        chapter = make_division(volume)
        for n in range(1, 6):
            corrected = make_paragraph(
                chapter, f"The NEP[^{n}] in{{p. {chapter.position}-{n}}} a *bad* yaer, see p. {n}."
            )
            make_note(chapter, n, f"Of the NEP, see note {n}.")
            make_page_break(volume, f"{chapter.position}-{n}")
    publish_volume(volume)
    corrected.text, corrected.corrected_by = corrected.text.replace("yaer", "year"), [7]
    corrected.save()

    with django_assert_max_num_queries(35):
        publish_chapters(volume, [corrected.division])


def test_an_entry_names_a_fragment_of_a_note_in_the_language_of_each_page() -> None:
    chapter = make_division(make_volume(slug="plans"))
    make_note(chapter, None, "Of the NEP.")
    make_term(chapter.volume.glossary, "NEP")
    publish_volume(chapter.volume)

    translated = TranslatedPage.objects.get(page__path="plans/glossary/nep/", language="fr")

    assert "fragment of a note</span>" in html_at("plans/glossary/nep/")
    assert "fragment de note</span>" in bytes(translated.html).decode()


@pytest.mark.parametrize("read", [scan, works._read_alone, years._years_in, years._events_in])
def test_a_correction_reads_only_the_changed_text_again_for_the_indexes(read: Any) -> None:
    read.cache_clear()
    chapter = make_division(make_volume(slug="plans"))
    paragraphs = [make_paragraph(chapter, f"Lenin saw decree {n} of 1921, vol. {n}, p. 3.") for n in range(9)]
    publish_volume(chapter.volume)
    paragraphs[4].text = "Lenin saw no decree in 1922, vol. 4, p. 5."
    paragraphs[4].save()

    publish_chapters(chapter.volume, [chapter])

    assert read.cache_info().misses == len(paragraphs) + 1
    assert ">1922<" in html_at("plans/years/")


def test_the_statements_of_saving_a_term_do_not_grow_with_the_text(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    volume = make_volume(slug="plans")
    term = make_term(volume.glossary)
    for _ in range(4):
        chapter = make_division(volume)
        for n in range(1, 16):
            make_paragraph(chapter, f"The NEP[^{n}] in a year of the New Bank.")
            make_note(chapter, n, "Of the NEP.")
    publish_volume(volume)
    TermForm.objects.create(term=term, text="New Bank")

    with django_assert_max_num_queries(36):
        publish_terms(volume.glossary, [term])


def test_a_change_of_the_program_is_no_revision_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    volume = make_volume(slug="plans")
    call_command("publish_volumes", "--if-stale", verbosity=0)
    call_command("publish_volumes", "--if-stale", verbosity=0)
    assert Volume.objects.get().revision == 1

    for module in (made_with, store):
        monkeypatch.setattr(module, "made_with", lambda: "other templates")
    call_command("publish_volumes", "--if-stale", volume.slug)
    assert Volume.objects.get().revision == 1
    assert set(PublishedPage.objects.values_list("made_with", flat=True)) == {"other templates"}


def test_an_unknown_slug_is_an_error_that_names_it() -> None:
    with pytest.raises(CommandError, match="There is no volume nowhere"):
        call_command("publish_volumes", "nowhere")


# A fresh site, on which no static file was ever collected


@pytest.fixture
def static_folder(settings: Settings) -> Path:
    """An empty folder for static files with digests in their names, as on a new server."""
    settings.STATICFILES_FINDERS = [
        "django.contrib.staticfiles.finders.FileSystemFinder"
    ]  # without the admin's files
    backend = "bettelheim_site.static_files.ModuleStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    return Path(settings.STATIC_ROOT)


def static_files_of(path: str) -> list[str]:
    return re.findall(r'(?:href|src)="/static/([^"]+)"', html_at(path))


def test_the_first_publication_collects_the_static_files_that_pages_name(static_folder: Path) -> None:
    make_volume(slug="plans")

    call_command("publish_volumes", verbosity=0)

    named = static_files_of("plans/")
    assert any(re.fullmatch(r"css/text\.[0-9a-f]{12}\.css", name) for name in named)
    assert [name for name in named if not (static_folder / name).is_file()] == []


def test_static_files_that_are_there_are_not_collected_again(static_folder: Path) -> None:
    make_volume(slug="plans")
    call_command("publish_volumes", verbosity=0)
    file = static_folder / static_files_of("plans/")[0]
    file.unlink()

    call_command("publish_volumes", verbosity=0)

    assert not file.exists()
