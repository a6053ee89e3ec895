"""Cross-references: where they stand, and what the prose cases cannot show."""

from dataclasses import replace

from corpus_import.reference_words import LANGUAGES
from corpus_import.stages.cross_references import REASONS, resolve_cross_references
from tests.corpus_import.case_files import MANIFEST, SCENE, all_cases, parse_text


def test_a_cross_reference_can_be_sliced_out_of_its_text_and_begins_on_its_line() -> None:
    for _, case in all_cases():
        draft = parse_text(("" if case.is_alone else SCENE) + case.given)
        for x in draft.cross_references:
            if x.paragraph is not None:
                text = draft.paragraphs[x.paragraph].text.string
            else:
                assert x.note is not None
                text = draft.notes[x.note].paragraphs[x.part].text.string
            witness = draft.witnesses[x.span.witness]

            assert text[x.offset : x.offset + x.length] == x.reading
            assert witness.text[x.span.start : x.span.end].split()[0] == x.reading.split()[0]
            assert witness.line_at(x.span.start) == x.line
            assert x.resolved == (x.reason == "")
            assert x.reason in {"", *REASONS}


def test_a_page_without_text_is_no_place_to_go() -> None:
    draft = parse_text(f"{SCENE}page 12\n\n    The clerks counted twice (see above, p. 12).  \n")
    blank = replace(draft, pages=tuple(replace(p, has_text=False) for p in draft.pages))

    [before] = draft.cross_references
    [after] = resolve_cross_references(blank).cross_references

    assert before.resolved
    assert after.reason == "blank-page"


def test_a_language_has_its_own_words() -> None:
    french = replace(MANIFEST, language="fr-FR")
    text = (
        "   7. La scène··\n\n    Les commis ont compté deux fois (voir ci-dessous, p. 12), comme il est dit au·\n"
        "chapitre 7 et dans le chapitre suivant, ainsi qu'au tome I du présent ouvrage, p. 329 ; voir p. 12 de·\n"
        "l'annuaire.··\n"
    ).replace("·", " ")

    found = [(x.reading, x.kind, x.reason) for x in parse_text(text, french).cross_references]

    assert found == [
        ("voir ci-dessous, p. 12", "page", "no-such-page"),
        ("chapitre 7", "division", ""),
        ("le chapitre suivant", "division", "no-such-division"),
        ("tome I du présent ouvrage, p. 329", "volume", "elsewhere"),
    ]


def test_a_language_without_words_has_no_cross_references() -> None:
    draft = parse_text(f"{SCENE}    See below, p. 12.  \n", replace(MANIFEST, language="la"))

    assert "la" not in LANGUAGES
    assert draft.cross_references == ()
