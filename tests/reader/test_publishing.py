import gzip

import brotli
import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import DjangoAssertNumQueries

from reader import publishing
from reader.models import Division, Gap, PageBreak, PublishedPage, TermOccurrence, Volume
from reader.publishing import publish_chapters, publish_glossary, publish_home, publish_volume
from tests.factories import (
    make_division,
    make_glossary,
    make_note,
    make_page_break,
    make_paragraph,
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

    pages = {"part-1/", "chapter-1/", "glossary/", "glossary/nep/", ""}
    pages |= {f"{page}apparatus/" for page in ("part-1/", "chapter-1/", "")}
    assert paths() == {"", *(f"plans/{page}" for page in pages)}


def test_the_stored_forms_of_a_page_are_one_page() -> None:
    volume = make_volume(slug="plans")

    publish_volume(volume)

    page = PublishedPage.objects.get(path="plans/")
    assert gzip.decompress(page.gzip) == brotli.decompress(page.brotli) == bytes(page.html)
    assert bytes(page.gzip)[4:8] == b"\0\0\0\0", "a time in it would make one page into two"


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
    assert page.count('<a class="t" href="../glossary/nep/">NEP</a>') == 2
    assert 'id="t-nep"' in page
    entry = html_at("plans/glossary/nep/")
    assert f'<a href="/plans/one/#p{paragraph.number}">Of the <mark>NEP</mark>.</a>' in entry
    assert '<a href="/plans/one/#n1"><mark>NEP</mark>&#x27;s end.</a>' in entry


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

    pages = {"plans/", "plans/one/", "plans/glossary/", "plans/apparatus/", "plans/one/apparatus/"}
    assert paths() == {"", *pages}


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
            make_paragraph(chapter, f"The NEP[^{n}] in{{p. {chapter.position}-{n}}} a year.")
            make_note(chapter, n, "Of the NEP.")
            make_page_break(volume, f"{chapter.position}-{n}")

    with django_assert_max_num_queries(45):
        publish_volume(volume)


def test_only_what_is_stale_is_published_again(monkeypatch: pytest.MonkeyPatch) -> None:
    volume = make_volume(slug="plans")
    call_command("publish_volumes", "--if-stale", verbosity=0)
    call_command("publish_volumes", "--if-stale", verbosity=0)
    assert Volume.objects.get().revision == 1

    monkeypatch.setattr(publishing, "made_with", lambda: "other templates")
    call_command("publish_volumes", "--if-stale", volume.slug)
    assert Volume.objects.get().revision == 2
    assert set(PublishedPage.objects.values_list("made_with", flat=True)) == {"other templates"}


def test_an_unknown_slug_is_an_error_that_names_it() -> None:
    with pytest.raises(CommandError, match="There is no volume nowhere"):
        call_command("publish_volumes", "nowhere")
