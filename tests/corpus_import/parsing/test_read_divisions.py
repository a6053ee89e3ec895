"""The parents of divisions; kinds and numbers have cases in cases/read_divisions.txt."""

from tests.corpus_import.parsing.case_files import parse_text


def outline(*headings: str) -> list[tuple[str, str]]:
    """Each division's title with the title of its parent."""
    draft = parse_text("".join(f"   {heading}  \n\n    Some words stand here.  \n\n" for heading in headings))
    heads = {division.index: division.head.string for division in draft.divisions}
    return [
        (division.head.string, heads[division.parent] if division.parent is not None else "")
        for division in draft.divisions
    ]


def test_sections_stand_in_chapters_and_chapters_in_parts() -> None:
    assert outline("Part 1  Offices", "1. Scales", "I.  Brass", "(a)  Old", "II.  Lead", "2. Time") == [
        ("Offices", ""),
        ("Scales", "Offices"),
        ("Brass", "Scales"),
        ("Old", "Brass"),
        ("Lead", "Scales"),
        ("Time", "Offices"),
    ]


def test_a_conclusion_after_a_part_stands_beside_it() -> None:
    assert outline("Part 1  Offices", "1. Scales", "Conclusion") == [
        ("Offices", ""),
        ("Scales", "Offices"),
        ("Conclusion", ""),
    ]


def test_a_part_after_another_stands_beside_it() -> None:
    assert outline("Part 1  Offices", "1. Scales", "Part 2  Roads", "2. Carts")[2:] == [
        ("Roads", ""),
        ("Carts", "Roads"),
    ]


def test_a_chapter_after_a_preface_or_a_conclusion_does_not_stand_in_it() -> None:
    assert outline("Preface", "1. Scales", "Conclusion", "2. Time") == [
        ("Preface", ""),
        ("Scales", ""),
        ("Conclusion", ""),
        ("Time", ""),
    ]


def test_a_section_of_a_preface_stands_in_it() -> None:
    assert outline("Preface", "I.  Thanks", "1. Scales") == [
        ("Preface", ""),
        ("Thanks", "Preface"),
        ("Scales", ""),
    ]
