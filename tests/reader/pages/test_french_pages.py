"""The pages of findings in French: their words are French, what the text says has its language, files stay English."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from glossary.models import Term
from reader.correction.correcting import correct
from reader.edition.edition import Edition
from reader.edition.evidence import DOUBTS, NAMES_OF_RULES, RULES, supplied_from, supplied_in_text
from reader.edition.interface import Words, grouped, in_pages, per_language
from reader.edition.italics import LANGUAGES
from reader.edition.set_aside import CATEGORIES
from reader.edition.told import doubt_of_person
from reader.exports.atom import feed_context
from reader.exports.formats import made_in
from reader.exports.kept import forget
from reader.exports.parts import Named, part_of
from reader.models import Erratum, Paragraph, Person, Variant, Volume
from reader.pages.apparatus import REASONS, TYPOGRAPHY, Apparatus
from reader.pages.cite import Cited
from reader.pages.concordance import ORDERS, concordance_context
from reader.pages.errata import errata_context
from reader.pages.glossary import GlossaryPages, filtered_index
from reader.pages.paragraph import find_then, note_context, paragraph_at_context, paragraph_context
from reader.pages.persons import person_context, persons_index
from reader.pages.variants import asides_of, variants_context
from reader.pages.works import Works
from reader.pages.years import Years
from reader.publishing.publish import publish_volume
from reader.text import cross_references, languages, typography
from tests.factories import (
    make_account,
    make_division,
    make_emendation,
    make_note,
    make_page_break,
    make_paragraph,
    make_suspect,
    make_term,
    make_variant,
    make_volume,
    make_witness,
)

pytestmark = pytest.mark.django_db

NAMED = "The wick was cut by N. I. Marlov, a clerk.[^1] Marlov wrote of the NEP in 1924.[^2]"
CITES = "A. Orlov, *The Price of Peat* (Riga, 1931), vol. 2, p. 40."
ORIGIN = "https://archive.example"
# Numbers with a comma are none for a browser that draws.
COMMA = re.compile(r'(?:width|height|x|y|d|viewBox|preserveAspectRatio)="[^"]*\d,\d')


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="lamps", title="Of Lamps", language="en")
    first = make_division(volume, n="1", head="The wicks", slug="chapter-1")
    second = make_division(volume, n="2", head="The oil", slug="chapter-2")
    paragraph = make_paragraph(first, NAMED)
    make_paragraph(second, "Oil was dear from 1924-1926, {p. 2}said Comrade Ozer, and the NEP lit no lamp.")
    make_note(first, 1, CITES)
    make_page_break(volume, "1", division=first)
    make_page_break(volume, "2", certainty="inferred")
    make_term(volume.glossary, "NEP", definition="New Economic Policy")
    make_term(volume.glossary, "Peat", definition="Earth that burns")
    ours = make_witness(volume, b"The wlck was cut\n" * 1200, name="ours.txt")
    make_witness(volume, b"A wick was cut\n", n=2, name="scan.txt")
    make_emendation(ours, paragraph=paragraph, before="wlck", after="wick", rule="printer's hyphen", line=1)
    make_suspect(
        ours,
        paragraph=paragraph,
        reading="clerk",
        context="a … . Marlov",
        code="misspelling",
        evidence="No list knows “clerk”.",
        suggestion="cleric",
        line=1100,
    )
    make_variant(ours, paragraph=paragraph, reading="cut", other="", context="wick was … by", line=2)
    publish_volume(volume)
    volume.refresh_from_db()
    return volume


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    with translation.override("fr"):
        yield


def main(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


def words(html: str) -> str:
    spaced = re.sub(r"<[^>]*>", " ", main(html) if "<main" in html else html)
    return " ".join(unescape(spaced).replace("\u00a0", " ").replace("\u202f", " ").split())


def first_of(volume: Volume) -> Paragraph:
    paragraph: Paragraph = volume.paragraphs.select_related("volume").order_by("number")[0]
    return paragraph


def apparatus_page(volume: Volume, chapter: str = "chapter-1/") -> str:
    edition = Edition(volume)
    return dict(Apparatus(edition, edition.page_divisions).pages())[f"/lamps/{chapter}apparatus/"]


def glossary_page(volume: Volume, path: str) -> str:
    terms = Term.objects.values_list("pk", flat=True)
    return dict(GlossaryPages(Edition(volume)).pages(set(terms)))[f"/lamps/glossary/{path}"]


# The apparatus


def test_the_apparatus_of_a_chapter_speaks_french_about_english_words(volume: Volume) -> None:
    page = apparatus_page(volume)

    shown = words(page)
    assert "Émendations Coupure de l’imprimeur un mot que l’imprimeur a coupé" in shown
    assert "Paragraphe 1" in shown
    assert "coupure de l’imprimeur, ours.txt, ligne 1" in shown
    assert "peut-être cleric Le mot n’est dans aucune liste." in shown
    assert "Le texte appelle 1 note qui n’est pas dans la source :" in shown
    assert "<title>Apparat : Chapter 1: The wicks – Of Lamps" in page.replace("\u00a0", " ")
    assert '<del lang="en">wlck</del>' in page
    assert '<span class="perhaps" lang="fr">peut-être</span>' in page
    assert '<span lang="en">No list knows “clerk”.</span>' in page


def test_numbers_of_lines_have_the_thousands_mark_of_the_language(volume: Volume) -> None:
    assert "ours.txt, ligne 1 100" in words(apparatus_page(volume))
    assert grouped(1100).replace("\u202f", " ").replace("\u00a0", " ") == "1 100"
    with translation.override("en"):
        assert grouped(1100) == "1,100"


def test_the_apparatus_of_the_volume_counts_and_explains_in_french(volume: Volume) -> None:
    page = apparatus_page(volume, "")

    shown = words(page)
    assert "Chapitre par chapitre Émendations Corrigés à la main Leçons douteuses" in shown
    assert "Dans aucun chapitre" in shown
    assert "les guillemets qui vont par paire sont courbes" in shown.lower()
    assert 'chapter-1/apparatus/"><span lang="en">Chapter 1: The wicks</span></a>' in page


def test_one_apparatus_is_made_in_each_language_from_the_same_edition(volume: Volume) -> None:
    edition = Edition(volume)
    apparatus = Apparatus(edition, edition.page_divisions)
    pages = {}
    for language in ("fr", "en", "fr"):
        with translation.override(language):
            pages[language] = dict(apparatus.pages())["/lamps/chapter-1/apparatus/"]

    assert "Paragraphe 1" in pages["fr"]
    assert "Le mot n’est dans aucune liste." in pages["fr"]
    assert "Paragraph 1" in pages["en"]
    assert "The word is in no list." in pages["en"]
    assert 'lang="en">No list' not in pages["en"]


def test_variants_are_named_in_french_on_their_page_and_as_the_text_beside_it(volume: Volume) -> None:
    page = render_to_string("reader/variants.html", variants_context(volume, "chapter-1", "1"))
    rows = list(Variant.objects.all())
    [aside] = asides_of("en", [(first_of(volume), rows)]).values()

    shown = words(page)
    assert "Variantes :" in shown
    assert "ne l’a pas" in shown
    assert "dans the scan, ligne" in shown
    assert '<p class="readings" lang="en">' in page
    assert 'role="note" aria-label="Variants of paragraph 1"' in aside
    assert "<b>cut</b>" in aside
    assert "<i>lacks it</i>" in aside


# The errata


def test_errata_are_told_in_french_but_what_is_recorded_stays_english(volume: Volume) -> None:
    paragraph = first_of(volume)
    correct(paragraph, f"{NAMED} Amen.", seen=NAMED, by=make_account(), reason="import")
    joined: dict[str, Any] = {"kind": "volume", "is_structure": True, "after": "paragraphs were joined"}
    Erratum.objects.create(volume=volume, source="deed 1", made_at=timezone.now(), revision=2, **joined)
    volume.refresh_from_db()

    page = render_to_string("reader/errata.html", errata_context(volume, "1"))

    shown = words(page)
    assert "Ce qui a été changé dans cette édition" in shown
    assert "Paragraphe 1, Chapter 1: The wicks · révision 2 · le volume a été importé de nouveau" in shown
    assert 'Paragraphe 1, <span lang="en">Chapter 1: The wicks</span>' in page
    assert (
        '<p class="changes"><span lang="en">Paragraphs were joined</span>.</p><p class="place">Le volume'
        in re.sub(r">\s+<", "><", page)
    )
    assert Erratum.objects.get(kind="paragraph", revision=2).place == "paragraph 1"


def test_the_feed_of_errata_is_in_english(volume: Volume) -> None:
    correct(first_of(volume), f"{NAMED} Amen.", seen=NAMED, by=make_account(), reason="import")
    volume.refresh_from_db()

    feed = render_to_string("reader/errata.atom", feed_context(volume, ORIGIN))

    assert feed.startswith("<?xml")
    assert "<title>Paragraph 1, Chapter 1: The wicks</title>" in feed
    assert "Reason: the volume was imported again" in feed
    assert translation.get_language() == "fr"


# The texts


def test_the_page_of_a_paragraph_is_french_around_its_text(volume: Volume) -> None:
    paragraph = first_of(volume)
    cited = Cited(volume, paragraph=paragraph)
    page = render_to_string("reader/paragraph.html", paragraph_context(cited, paragraph, ORIGIN))

    shown = words(page)
    assert "<h1>Paragraphe 1</h1>" in page
    assert "Lire dans le chapitre" in shown
    assert "Lignes de la source" in shown
    assert '<div class="text passage" lang="en">' in page


def test_a_paragraph_as_it_was_says_in_french_what_has_changed(volume: Volume) -> None:
    paragraph = first_of(volume)
    correct(paragraph, f"{NAMED} Amen.", seen=NAMED, by=make_account(), reason="the scan")
    volume.refresh_from_db()
    now = first_of(volume)
    then = find_then(volume, 1, 1)
    assert then is not None

    page = render_to_string("reader/paragraph.html", paragraph_at_context(now, then, ORIGIN))
    gone = {"volume": volume, "number": 9, "then": then, "text": "It was.", "near": now}
    gone_page = render_to_string("reader/paragraph_gone.html", gone)

    assert "<h1>Paragraphe 1 dans la révision 1</h1>" in page
    assert "Ce qui a changé depuis" in words(page)
    assert '<p class="changes" lang="en">' in page
    assert "Ce paragraphe ne fait plus partie de l’édition. Dans la révision 1 du" in words(gone_page)
    assert '<a href="/lamps/paragraph/1/">paragraphe 1</a>' in gone_page


def test_the_page_of_a_note_is_french_around_its_text(volume: Volume) -> None:
    cited = Cited(volume, "chapter-1", note=1)
    page = render_to_string("reader/note.html", note_context(cited, ORIGIN))

    assert "<title>Note 1, The wicks – Of Lamps</title>" in page
    assert "Appelée dans :" in words(page)
    assert '#r1"><span lang="en">The wick was cut' in page


def test_what_stands_within_a_text_is_in_the_language_of_the_text(volume: Volume) -> None:
    note = volume.divisions.get(slug="chapter-1").notes.get()
    note.supplied_from = "another copy"

    assert supplied_from(note) == "suppléée d’après another copy"
    assert supplied_in_text(note, "en") == "supplied from another copy"
    with translation.override("en"):
        assert supplied_in_text(note, "fr") == "suppléée d’après another copy"


# The glossary


def test_the_index_of_the_glossary_counts_in_french(volume: Volume) -> None:
    page = glossary_page(volume, "")

    shown = words(page)
    assert "2 termes" in shown
    assert "2 fois dans le texte" in shown
    assert "absent du texte" not in shown
    assert 'data-of="sur 2 termes"' in page
    assert '<dt lang="en"><a href="/lamps/glossary/nep/">NEP</a></dt>' in page
    assert "1 sur 2 termes" in words(render_to_string("glossary/index.html", filtered_index(volume, "NEP")))


def test_an_entry_of_the_glossary_is_french_around_its_term(volume: Volume) -> None:
    page = glossary_page(volume, "nep/")

    shown = words(page)
    assert "Occurrences 2 fois dans 2 chapitres" in shown
    assert "Pour 10 000 mots" in shown
    assert '<h1><dfn lang="en">NEP</dfn></h1>' in page
    assert '<p class="definition" lang="en">New Economic Policy</p>' in page
    assert re.search(r"<td>\d+,\d</td>", page)
    assert not COMMA.search(page)


def test_terms_by_chapter_are_counted_in_french(volume: Volume) -> None:
    page = glossary_page(volume, "by-chapter/")

    assert "Combien de fois chaque chapitre emploie un terme" in words(page)
    assert '<h2 lang="en">' in page
    assert "1 fois" in words(page)


def test_a_concordance_names_its_orders_in_french(volume: Volume) -> None:
    context = concordance_context(volume, Term.objects.get(headword="NEP"), "left", "1")
    page = render_to_string("glossary/concordance.html", context)

    shown = words(page)
    assert "2 passages, dans l’ordre du livre des mots qui précèdent des mots qui suivent" in shown
    assert 'href="?sort=left" aria-current="true"' in page
    assert '<td class="left" lang="en">' in page
    assert "p. 1, Chapter 1" in shown


# Persons, works, years


def test_the_index_of_persons_is_french_around_the_names(volume: Volume) -> None:
    Person.objects.filter(surname="Ozer").update(doubt="The text does not say which: Ozer, A. or Ozer, B.")
    _, page = persons_index(Edition(volume))

    shown = words(page)
    assert f"{Person.objects.count()} personnes · Années · Glossaire" in shown
    assert "Le texte ne dit pas de qui il s’agit : Ozer, A. ou Ozer, B." in shown
    assert '<dt lang="en"><a href="/lamps/persons/' in page


def test_the_page_of_a_person_is_french_around_the_sentences(volume: Volume) -> None:
    person = Person.objects.get(surname="Marlov")
    page = render_to_string("reader/person.html", person_context(volume, person))

    shown = words(page)
    assert "Mentions 2 fois dans 1 chapitre" in shown
    assert re.search(r'<li><a href="[^"]*" lang="en">', page)
    assert '<h1 lang="en">' in page
    assert not COMMA.search(page)


@pytest.mark.parametrize(
    ("recorded", "shown"),
    [
        (
            "Is this one person with another of that surname? Hale, E. or Hale, N.",
            "Est-ce la même personne qu’une autre de ce nom ? Hale, E. ou Hale, N.",
        ),
        ("Two spellings of one surname? Hale and Hayle", "Deux graphies d’un même nom ? Hale et Hayle"),
        (
            "The printed index has this name; it was found nowhere in the text.",
            "L’index imprimé a ce nom ; il n’a été trouvé nulle part dans le texte.",
        ),
        ("An editor's own doubt.", "An editor's own doubt."),
    ],
)
def test_a_recorded_doubt_is_translated_where_it_is_shown(recorded: str, shown: str) -> None:
    assert doubt_of_person(recorded).words.replace("\u202f", " ") == shown
    with translation.override("en"):
        assert doubt_of_person(recorded).words == recorded


def test_works_and_their_places_are_named_in_french(volume: Volume) -> None:
    works = Works(Edition(volume))
    _, page = works.index()
    context = works.context(works.works[0].slug)
    of_work = render_to_string("reader/work.html", context)

    shown = words(page)
    assert "Cité 1 fois : vol. 2, p. 40 ( note 1" in shown
    assert '<cite lang="en">The Price of Peat</cite>' in page
    assert '<h1 lang="en">The Price of Peat</h1>' in of_work
    assert "Cité 1 fois" in words(of_work)


def test_years_are_counted_in_french_and_drawn_without_commas(volume: Volume) -> None:
    years = Years(Edition(volume))
    _, page = years.index()
    of_year = render_to_string("reader/year.html", years.context(1924))

    assert "Année Occurrences Chapitres 1924 2 2" in words(page)
    assert "Mentions 2 fois dans 2 chapitres" in words(of_year)
    assert "Dans des intervalles 1924–1926 1" in words(of_year)
    assert "<h1>1924</h1>" in of_year
    of_imprints = render_to_string("reader/year.html", years.context(1931))
    assert "Comme année d’une publication 1 fois" in words(of_imprints)
    assert "Nommées seulement comme années de publications : 1931" in words(page).replace("\xa0", " ")
    assert not COMMA.search(page)
    assert not COMMA.search(of_year)


# Words by their names


def test_words_of_pure_rooms_are_the_ones_that_are_translated() -> None:
    with translation.override("en"):
        assert dict(REASONS) == cross_references.REASONS
        assert dict(TYPOGRAPHY) == typography.SAID
        assert dict(LANGUAGES) == {"ru": "Russian", **{each.tag: each.name for each in languages.LANGUAGES}}
        assert all(name == said for name, said in {**NAMES_OF_RULES, **CATEGORIES}.items())


@pytest.mark.parametrize("table", [DOUBTS, LANGUAGES, ORDERS, REASONS, RULES, TYPOGRAPHY])
def test_every_word_of_a_table_has_a_french_one(table: Words) -> None:
    french = dict(table)
    with translation.override("en"):
        assert all(said != french[name] for name, said in table.items())


def test_a_value_is_made_once_for_each_language() -> None:
    class Counted:
        made = 0

        @per_language
        def said(self) -> str:
            """What it says."""
            self.made += 1
            return in_pages("18", "20")

    counted = Counted()
    french = counted.said
    with translation.override("en"):
        english = (counted.said, counted.said)

    assert (french, english) == ("p. 18–20", ("pp. 18–20", "pp. 18–20"))
    assert (counted.said, counted.made) == (french, 2)
    assert Counted.said.__doc__ == "What it says."


def test_pages_in_words_are_french() -> None:
    assert in_pages("18", "20") == "p. 18–20"
    with translation.override("en"):
        assert (in_pages("18"), in_pages("18", "20")) == ("p. 18", "pp. 18–20")


# Files


@pytest.mark.parametrize(
    "make",
    [
        lambda volume: made_in("markdown", volume),
        lambda volume: made_in("text", volume),
        lambda volume: made_in("tei", volume),
        lambda volume: made_in("skos", volume),
        lambda volume: made_in("json", volume),
        lambda volume: part_of(volume, Named(), ORIGIN),
    ],
)
def test_a_file_is_the_same_in_every_language(volume: Volume, make: Callable[[Volume], Any]) -> None:
    note = volume.divisions.get(slug="chapter-1").notes.get()
    note.supplied_from = "another copy"
    note.save(update_fields=["supplied_from"])
    made = []
    for language in ("fr", "en"):
        forget()
        with translation.override(language):
            made.append(make(volume))

    assert made[0] == made[1]
    assert translation.get_language() == "fr"
