"""Readers see the readings of second witnesses: the first ones in a chapter's apparatus, all on pages of their own."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reader.models import Paragraph, Variant, Witness
from reader.pages.variants import ROWS, SHOWN
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_note, make_paragraph, make_variant, make_volume, make_witness

pytestmark = pytest.mark.django_db

APPARATUS, ALL = "/plans/one/apparatus/", "/plans/one/apparatus/variants/"


@pytest.fixture
def witness() -> Witness:
    ours = make_witness(make_volume(slug="plans"), b"Rye.\n")
    make_witness(ours.volume, b"Oats.\n", n=2, name="scan.txt")
    return ours


@pytest.fixture
def paragraph(witness: Witness) -> Paragraph:
    chapter = make_division(witness.volume, slug="one", head="Grain")
    return make_paragraph(chapter, "They sold 40 carts[^1] of rye, and oats.")


def words_of(client: Client, path: str) -> str:
    page: Any = client.get(path)
    assert page.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.content.decode())).split())


def test_variants_stand_by_witness_with_their_places(
    client: Client, witness: Witness, paragraph: Paragraph
) -> None:
    note = make_note(paragraph.division, 1, "On grain.")
    here: dict[str, Any] = {"kind": "figures", "reading": "40", "context": "They sold … carts of rye"}
    make_variant(witness, paragraph=paragraph, other="60", **here)
    make_variant(witness, paragraph=paragraph, other="50", name="the film", **here)
    make_variant(witness, note=note, reading="grain", other="", line=9)
    publish_volume(witness.volume)

    words = words_of(client, APPARATUS)

    assert "3 variants." in client.get(APPARATUS).content.decode()
    scan, film = words.index("the scan They sold 40"), words.index("the film They sold 40")
    assert scan < film
    assert (
        "They sold 40 carts of rye, and oats. – the scan: 60 Paragraph 1 · figures; line 3; in the scan line 4"
        in words
    )
    assert "On grain . – the scan: lacks it Note 1 · words; line 9" in words[scan:film]


def test_words_that_the_text_lacks_stand_after_the_word_before(
    client: Client, witness: Witness, paragraph: Paragraph
) -> None:
    make_variant(witness, paragraph=paragraph, reading="", other="then", context="carts of rye …")
    make_variant(witness, paragraph=paragraph, reading="barley", other="hay", context="fields of … wet")
    publish_volume(witness.volume)

    words = words_of(client, ALL)

    assert "They sold 40 carts of rye … , and oats. – the scan: then" in words
    assert "fields of barley wet – the scan: hay" in words


def test_what_was_decided_is_said(client: Client, witness: Witness, paragraph: Paragraph) -> None:
    make_variant(witness, paragraph=paragraph, reading="rye", other="oats", state="accepted")
    make_variant(witness, paragraph=paragraph, reading="40", other="60", state="dismissed")
    publish_volume(witness.volume)

    words = words_of(client, APPARATUS)

    assert "in the scan line 4; the text follows it now" in words
    assert "in the scan line 4; an editor kept the reading of the text" in words


def test_variants_that_no_import_finds_any_more_are_not_shown(
    client: Client, witness: Witness, paragraph: Paragraph
) -> None:
    make_variant(witness, paragraph=paragraph, state="dismissed", is_found=False)
    publish_volume(witness.volume)

    assert "Variants" not in words_of(client, APPARATUS)
    assert "No second witness reads otherwise." in words_of(client, ALL)


def test_punctuation_and_the_many_stand_on_pages_of_their_own(
    client: Client, witness: Witness, paragraph: Paragraph
) -> None:
    make_variant(witness, paragraph=paragraph, kind="punctuation", reading="rye, and", other="rye; and")
    words = [f"word-{n}" for n in range(ROWS + 4)]
    for word in words:
        make_variant(witness, paragraph=paragraph, reading=word, other="oats")
    publish_volume(witness.volume)

    shown, first, second = (words_of(client, path) for path in (APPARATUS, ALL, f"{ALL}?page=2"))

    assert f"word-{SHOWN - 1} " in shown
    assert f"word-{SHOWN} " not in shown
    assert "rye; and" not in shown
    assert f"All {ROWS + 5} variants , punctuation and capitals included." in shown
    assert "rye; and" in first
    assert "Page 2 of 2" in first
    assert f"word-{ROWS + 3} " in second
    assert all(f"{word} " in first + second for word in words)


def test_the_page_of_all_variants_costs_four_statements(
    client: Client, witness: Witness, paragraph: Paragraph
) -> None:
    for _ in range(30):
        make_variant(witness, paragraph=paragraph)
    publish_volume(witness.volume)
    client.get(ALL)

    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(ALL).status_code == 200

    assert len(captured) == 4


def test_a_chapter_that_is_none_and_odd_pages_are_answered(
    client: Client, witness: Witness, paragraph: Paragraph
) -> None:
    publish_volume(witness.volume)

    assert client.get("/plans/nowhere/apparatus/variants/").status_code == 404
    for page in ("0", "-1", "9" * 30, "²", "x", ""):
        assert client.get(ALL, {"page": page}).status_code == 200


def test_readings_are_escaped_and_long_ones_cut(
    client: Client, witness: Witness, paragraph: Paragraph
) -> None:
    make_variant(witness, paragraph=paragraph, reading="<b>rye</b>", other="oats " * 500)
    publish_volume(witness.volume)

    page = client.get(APPARATUS).content.decode()

    assert "&lt;b&gt;rye&lt;/b&gt;" in page
    assert page.count("oats ") < 100
    assert Variant.objects.get().other.count("oats") == 500


# Beside the text


def test_a_chapter_holds_its_variants_behind_their_texts(
    client: Client, witness: Witness, paragraph: Paragraph
) -> None:
    note = make_note(paragraph.division, 1, "On grain.")
    make_variant(witness, paragraph=paragraph, reading="40", other="60 <b>")
    make_variant(witness, paragraph=paragraph, reading="oats", other="wheat", state="accepted")
    make_variant(witness, paragraph=paragraph, reading="rye", other="hay", state="dismissed")
    make_variant(witness, paragraph=paragraph, kind="punctuation", reading="rye, and", other="rye; and")
    make_variant(witness, note=note, reading="grain", other="")
    publish_volume(witness.volume)

    page = client.get("/plans/one/").content.decode()

    first, second = page.split('role="note" aria-label="Variants of ')[1:]
    assert first.startswith("paragraph 1")
    assert "<b>40</b>] 60 &lt;b&gt; <i" in first
    assert "<b>rye</b>] hay" in first
    assert "wheat" not in page
    assert "rye; and" not in page
    assert second.startswith("note 1")
    assert "<b>grain</b>] <i>lacks it</i>" in second
    assert page.count('name="variants"') == 2
    assert 'id="variants"' in page


def test_a_chapter_without_variants_offers_none(
    client: Client, witness: Witness, paragraph: Paragraph
) -> None:
    publish_volume(witness.volume)

    page = client.get("/plans/one/").content.decode()

    assert 'name="variants"' not in page
    assert 'id="variants"' not in page


def test_a_chapter_holds_no_more_variants_than_its_apparatus(
    client: Client, witness: Witness, paragraph: Paragraph
) -> None:
    for n in range(SHOWN + 3):
        make_variant(witness, paragraph=paragraph, reading=f"word-{n}", other="oats")
    publish_volume(witness.volume)

    assert client.get("/plans/one/").content.decode().count("word-") == SHOWN
