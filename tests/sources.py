"""The second sample volume, which leans on sources: an invented history, with what it cites, names and explains.

`python -m tests.sources --write` writes `fixtures/sources/file-1.txt` and `expected.toml` anew. Nothing in them is
finished by hand. The truth stands in the text itself, where it was written:

    <kind work volume pages|words>   a reference in a note or a paragraph, by the kinds of `KINDS`; `v2` and `p10-12`
    {person|words}                   a place that names a person
    {=term|definition|words}         a term that the text itself explains
    ~1900                            four figures that are no year

All other four figures from 1000 to 2099 are years; `1923-1924`, `1923-24` and `1928/29` are ranges. In a reference, the
years beside the work's title are years of a publication, and none of which the text speaks.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tests.typesetter import Block, Division, DivisionKind, Edition, Faults, KeyRow, Note, Typeset, typeset

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "sources"
BOOK = FOLDER / "book.txt"
WITNESS = FOLDER / "file-1.txt"
EXPECTED = FOLDER / "expected.toml"
MANIFEST = FOLDER / "volume.toml"

KINDS = {"f": "named", "i": "ibid", "o": "op-cit", "l": "loc-cit", "n": "note", "w": "present-work"}

KEY = (
    KeyRow("Gosplan", "State Planning Commission"),
    KeyRow("NEP", "New Economic Policy"),
    KeyRow("STO", "Council of Labor and Defense"),
    KeyRow("VSNKh", "Supreme Council of the National Economy"),
)

_REFERENCE = re.compile(r"<(?P<kind>[fiolnw]) (?P<work>[\w-]+)(?P<rest>[^|>]*)\|(?P<words>[^>]*)>")
_PERSON = re.compile(r"\{(?P<person>[\w-]+)\|(?P<words>[^}]*)\}")
_TERM = re.compile(r"\{=(?P<term>[^|}]+)\|(?P<definition>[^|}]+)\|(?P<words>[^}]*)\}")
_HEADING = re.compile(r"# (?P<kind>\w+) (?:(?P<n>\d+)\. )?(?P<head>.*) @(?P<page>\d+)")
_NOTE = re.compile(r"\^(\d+) ")
_YEARS = re.compile(r"(?<![~\d])(1[0-9]{3}|20[0-9]{2})(?:[-/](\d{4}|\d\d)(?!\d))?(?!\d)")


@dataclass(frozen=True)
class Piece:
    """A paragraph or a note as it was written, with its truth: `n` is the note's number, 0 for a paragraph."""

    chapter: str
    n: int
    written: str


def written() -> tuple[list[Division], list[Piece], dict[str, dict[str, str]]]:
    """The divisions without truth, every piece with it, and the works and persons by key."""
    divisions: list[Division] = []
    pieces: list[Piece] = []
    named: dict[str, dict[str, str]] = {}
    for block in re.split(r"\n\s*\n", BOOK.read_text(encoding="utf-8").strip()):
        text = " ".join(block.split())
        if heading := _HEADING.fullmatch(text):
            kind: DivisionKind = "front" if heading["kind"] == "front" else "chapter"
            divisions.append(Division(kind, heading["n"] or "", heading["head"], page=int(heading["page"])))
        elif text.startswith("% "):
            for line in block.splitlines():
                key, *fields = (field.strip() for field in line.removeprefix("% ").split(" | "))
                named[key] = {name: value for name, _, value in (field.partition("=") for field in fields)}
        elif note := _NOTE.match(text):
            body = text[note.end() :]
            pieces.append(Piece(divisions[-1].head, int(note[1]), body))
            added = Note(int(note[1]), (Block("prose", clean(body)),))
            divisions[-1] = replace(divisions[-1], notes=(*divisions[-1].notes, added))
        else:
            pieces.append(Piece(divisions[-1].head, 0, text))
            divisions[-1] = replace(
                divisions[-1], blocks=(*divisions[-1].blocks, Block("prose", clean(text)))
            )
    return divisions, pieces, named


def clean(text: str) -> str:
    """The words without the truth."""
    text = _TERM.sub(lambda found: found["words"], _PERSON.sub(lambda found: found["words"], text))
    return _REFERENCE.sub(lambda found: found["words"], text).replace("~", "")


@cache
def sources() -> Typeset:
    """The witness: every page marker and header stands, no letter is lost; italics are gone, as ever."""
    divisions, _, _ = written()
    edition = Edition("The Paper Harvest, 1921-1930", KEY, tuple(divisions), key_page=5)
    return typeset(edition, faults=Faults(seed=7))


def expected() -> str:
    """The truth as TOML."""
    return "\n".join(_expected_lines()) + "\n"


def _expected_lines() -> Iterator[str]:
    _, pieces, named = written()
    yield "# What fixtures/sources/file-1.txt cites, names and explains; tests/sources.py writes it from book.txt."
    for key, fields in named.items():
        if "title" in fields:
            yield from ("", "[[works]]", f"key = {_quoted(key)}")
            yield from (f"{name} = {_quoted(value)}" for name, value in fields.items())
    for piece in pieces:
        for found in _REFERENCE.finditer(_TERM.sub(r"\g<words>", _PERSON.sub(r"\g<words>", piece.written))):
            yield from ("", "[[references]]", f"chapter = {_quoted(piece.chapter)}", f"note = {piece.n}")
            yield f"kind = {_quoted(KINDS[found['kind']])}"
            yield f"work = {_quoted(found['work'])}"
            for mark, name in (("v", "volume"), ("p", "pages")):
                value = next((word[1:] for word in found["rest"].split() if word[0] == mark), "")
                yield f"{name} = {_quoted(value)}"
            yield f"words = {_quoted(found['words'].replace('*', '').replace('~', ''))}"
    forms: dict[str, Counter[str]] = {}
    places: dict[str, list[int]] = {}
    for piece in pieces:
        for found in _PERSON.finditer(piece.written):
            forms.setdefault(found["person"], Counter())[found["words"].replace("*", "")] += 1
            places.setdefault(found["person"], [0, 0])[piece.n > 0] += 1
    for key in sorted(forms):
        yield from ("", "[[persons]]", f"key = {_quoted(key)}", f"name = {_quoted(named[key]['name'])}")
        yield f"in_text = {places[key][0]}"
        yield f"in_notes = {places[key][1]}"
        counts = ", ".join(f"{_quoted(form)} = {count}" for form, count in sorted(forms[key].items()))
        yield f"forms = {{ {counts} }}"
    years, of_publications = _years(pieces, named)
    for name, counted in (("years", years), ("years_of_publications", of_publications)):
        yield from ("", f"[{name}]")
        yield from (f"{year} = {count}" for year, count in sorted(counted.items()))
    for piece in pieces:
        for found in _TERM.finditer(_PERSON.sub(r"\g<words>", piece.written)):
            yield from ("", "[[explained]]", f"term = {_quoted(found['term'])}")
            yield from (f"definition = {_quoted(found['definition'])}", f"chapter = {_quoted(piece.chapter)}")


def _years(
    pieces: Iterable[Piece], named: Mapping[str, Mapping[str, str]]
) -> tuple[Counter[int], Counter[int]]:
    """The years that the text speaks of, and those that say in a reference when something was published."""
    years: Counter[int] = Counter()
    of_publications: Counter[int] = Counter()
    for piece in pieces:
        text = _TERM.sub(
            lambda found: found["words"], _PERSON.sub(lambda found: found["words"], piece.written)
        )
        for found in _REFERENCE.finditer(text):
            title = named.get(found["work"], {}).get("title", "")
            of_publications.update(_years_in(re.sub(r"\*[^*]*\*", "", found["words"]).replace(title, "")))
        years.update(_years_in(_REFERENCE.sub(lambda found: found["words"], text)))
    return years - of_publications, of_publications


def _years_in(text: str) -> Iterator[int]:
    for found in _YEARS.finditer(text):
        yield int(found[1])
        if found[2]:
            yield int(found[1][: 4 - len(found[2])] + found[2])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main() -> None:
    """Write the witness and its truth, if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write file-1.txt and expected.toml anew")
    if parser.parse_args().write:
        WITNESS.write_bytes(sources().text.encode())
        EXPECTED.write_text(expected(), encoding="utf-8")


if __name__ == "__main__":
    main()
