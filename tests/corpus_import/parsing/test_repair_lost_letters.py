"""A letter that left nothing comes back only where the volume proves its loss; a sound text is never changed."""

import re
from pathlib import Path

import pytest

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.source import decode_witness, number_lines
from corpus_import.parsing.stages.normalise_characters import normalise_characters
from corpus_import.parsing.stages.repair_lost_letters import repair_lost_letters
from corpus_import.parsing.stages.return_to_witnesses import return_to_witnesses
from tests.corpus_import.parsing.books import chapters_only, paragraph
from tests.corpus_import.parsing.case_files import MANIFEST, SCENE
from tests.editions import plausible_edition
from tests.typesetter import Faults, typeset

ROOT = Path(__file__).resolve().parents[3]
# Prose in which no letter is missing, though one is rare, or words look as if they lacked one.
WITHOUT_E = (
    "A thin man was walking along a dusty road at noon, and a dog was walking at his back. Both had not a thing to"
    " do until dusk, so both sat down in a patch of shadow and took a nap, and what if night was not far away."
)
SMALL_ONLY = (
    "he came down to the mill at dawn. she was not there. in the yard stood three carts. it was cold. they waited."
    " all of them were tired. he went in. the stove was out. on the table lay a note. it said nothing at all."
)
OLD_ROMAN = (
    "Vol. xii and vol. xiv. In ch. iv the year mdcccxlviii stands; p. lxxii has it. cf. no. vii. ibid. xl."
)
LATIN = (
    "Gallia est omnis divisa in partes tres, quarum unam incolunt Belgae, aliam Aquitani, tertiam qui ipsorum lingua"
    " Celtae, nostra Galli appellantur. Hi omnes lingua, institutis, legibus inter se differunt."
)
FRENCH = (
    "Nous avons dit que la terre ne manquait pas, mais que les bras manquaient. Les anciens du village se souviennent"
    " encore de ces temps, et ils en parlent le soir devant la porte, quand la journée est finie."
)
SPLIT = (
    "The develop ment of the govern ment was a ques tion of manage ment and rela tions, of pro duction and of distri"
    " bution, of the exten sion of the depart ments and the comple tion of the invest ments of the past."
)


def prose_of(page: str) -> str:
    """A page of the documentation without code."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    return re.sub(r"```.*?```|`[^`]*`|[*|]", " it ", text, flags=re.DOTALL)


def read(text: str) -> Draft:
    witness = decode_witness(text.encode(), "sound.txt", 0, "utf-8")
    return return_to_witnesses(
        repair_lost_letters(normalise_characters(number_lines(Draft(MANIFEST, (witness,)))))
    )


def lost(draft: Draft) -> list[tuple[str, str]]:
    return [(each.before, each.after) for each in draft.emendations if each.rule == "lost letter"]


@pytest.mark.parametrize(
    "prose",
    [WITHOUT_E, SMALL_ONLY, OLD_ROMAN, LATIN, FRENCH, SPLIT],
    ids=["no e", "no capitals", "numerals", "Latin", "French", "split words"],
)
def test_odd_prose_has_lost_nothing(prose: str) -> None:
    assert lost(read(SCENE + paragraph(prose))) == []
    assert (
        lost(read(chapters_only(lambda n, title: f"   {n + 1}. {title}  \n\n").text + paragraph(prose))) == []
    )
    assert lost(read(SCENE + paragraph(prose) * 20)) == []


@pytest.mark.parametrize(
    "path", ["README.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_sound_pages_of_documentation_have_lost_nothing(path: str) -> None:
    text = (ROOT / path).read_text("utf-8")
    assert [(a, b) for a, b in lost(read(text)) if len(a) != len(b) or a.strip() != a] == []


@pytest.mark.parametrize("seed", range(4))
def test_a_generated_book_that_lost_no_letter_is_not_changed(seed: int) -> None:
    faults = Faults.every(seed, turned_quotations=False, lost_letter="")

    assert lost(read(typeset(plausible_edition(seed), faults=faults).text)) == []


@pytest.mark.parametrize("letter", ["T", "S", "e", "a"])
def test_what_is_restored_is_what_stood_there(letter: str) -> None:
    sound = prose_of("correcting.md") + prose_of("contributing.md")
    broken = sound.replace(letter, "")
    restored = read(broken)

    assert len(lost(restored)) >= 8
    assert wrong(restored, sound, letter) == []


def wrong(draft: Draft, sound: str, letter: str) -> list[tuple[str, str, str]]:
    """The words that are restored to what did not stand there: before, after, and what stood there."""
    origins = [k for k, character in enumerate(sound) if character != letter] + [len(sound)]
    found = []
    for each in draft.emendations:
        if each.rule == "lost letter":
            start = origins[each.span.start - 1] + 1 if each.span.start else 0
            stood = sound[start : origins[each.span.end]]
            if each.after.strip() != stood.strip():
                found.append((each.before, each.after, stood))
    return found
