"""Stage: bytes to numbered lines. Encoding and size are checked here and nowhere else."""

import codecs
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from corpus_import.parsing.characters import LINE_ENDS_INSIDE
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft, Line, LineKind, Second, WitnessText
from corpus_import.parsing.files import check_encoding, check_kind, object_to_bytes
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.sources.fronts import front_of, read_by
from corpus_import.parsing.telling import Tell, say_nothing

# A volume is a few megabytes; more is a mistake, and would be held in memory several times over.
LARGEST_WITNESS = 64 * 1024 * 1024

# The ends by which lines are numbered: reader/edition/witnesses.py numbers them alike. The first was converted twice.
LINE_END = re.compile(r"\r\r\n|\r\n|\n|\r")
# These end a line inside a line.
INNER_END = re.compile(f"[\f{LINE_ENDS_INSIDE}]")
# A surrogate: UTF-7 can write one, but no text can hold it.
HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")


def read_witness(path: Path, n: int, encoding: str) -> WitnessText:
    """Read one witness without its byte order mark.

    Raises ImportFault, with file and line, if the file is missing, empty, too large, another kind of file, not text
    in `encoding`, cut off inside a character, or holds a NUL byte.
    """
    return decode_witness(read_bytes(path), path.name, n, encoding)


def read_bytes(path: Path) -> bytes:
    """The bytes of a witness. Raises ImportFault if the file is missing or too large."""
    try:
        size = path.stat().st_size
        if size > LARGEST_WITNESS:
            raise ImportFault(
                path.name,
                None,
                "the file has %(size)s bytes; %(most)s are the most.",
                size=size,
                most=LARGEST_WITNESS,
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise ImportFault(
            path.name,
            None,
            "there is no such witness in %(folder)s; say with --witnesses (make: WITNESSES=) where it lies.",
            folder=path.parent,
        ) from None
    except OSError as error:
        raise ImportFault(
            path.name, None, "the witness cannot be read (%(error)s).", error=error.strerror
        ) from None


def make_witness(
    content: bytes, name: str, n: int, manifest: Manifest, tell: Tell = say_nothing
) -> WitnessText:
    """A witness from its bytes: by the front of its kind, which may tell its steps, or decoded as text.

    Raises ImportFault as `decode_witness` does, or if the front cannot read the file.
    """
    front = front_of(content)
    if front is None:
        return decode_witness(content, name, n, manifest.encoding)
    shown = read_by(front, content, name, manifest, tell)
    if not shown.text.strip():
        raise ImportFault(name, None, "this %(kind)s has no text.", kind=shown.kind)
    starts = (0, *(end.end() for end in LINE_END.finditer(shown.text)))
    digest = hashlib.sha256(content).hexdigest()
    return WitnessText(n, name, shown.text, shown.text.encode(), digest, starts, shown, content)


def decode_witness(content: bytes, name: str, n: int, encoding: str) -> WitnessText:
    """Decode a witness's bytes; raises ImportFault as `read_witness` does."""
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise ImportFault(
            name, None, "“%(encoding)s” is not an encoding; correct it in the manifest.", encoding=encoding
        ) from None
    check_kind(content, name, encoding)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise object_to_bytes(name, encoding, error) from None
    except UnicodeError:
        raise ImportFault(
            name, 1, "this is not %(encoding)s; name the right encoding in the manifest.", encoding=encoding
        ) from None
    check_encoding(content, text, name, encoding)
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ImportFault(name, line, "there is a NUL character; this is not a text file.")
    if half := HALF_CHARACTER.search(text):
        line = text.count("\n", 0, half.start()) + 1
        raise ImportFault(
            name, line, "half a character stands alone; name the right encoding in the manifest."
        )
    if not text.strip():
        raise ImportFault(name, 1, "the witness is empty.")
    starts = (0, *(end.end() for end in LINE_END.finditer(text)))
    return WitnessText(n, name, text, content, hashlib.sha256(content).hexdigest(), starts)


def read_source(manifest: Manifest, folder: Path, tell: Tell = say_nothing) -> Draft:
    """Read all witnesses of a manifest from a folder; raises ImportFault as `read_witness` does."""
    return _read_all(manifest, lambda name: read_bytes(folder / name), tell)


def decode_source(manifest: Manifest, contents: Mapping[str, bytes], tell: Tell = say_nothing) -> Draft:
    """Read all witnesses of a manifest from their bytes; raises ImportFault as `decode_witness` does."""
    return _read_all(manifest, contents.__getitem__, tell)


def _read_all(manifest: Manifest, content_of: Callable[[str], bytes], tell: Tell) -> Draft:
    def read(name: str, n: int) -> WitnessText:
        file = PurePosixPath(name).name
        tell(f"Reading {file}")
        return make_witness(content_of(name), file, n, manifest, tell)

    return _drafted(manifest, read)


def _drafted(manifest: Manifest, read: Callable[[str, int], WitnessText]) -> Draft:
    """The draft of the witnesses, with a draft of its own for each second witness."""
    seconds = tuple(
        Second(each.name, each.independent, _drafted(manifest.of_second(each), read))
        for each in manifest.collate
    )
    witnesses = tuple(read(name, n) for n, name in enumerate(manifest.witnesses))
    return number_lines(Draft(manifest=manifest, witnesses=witnesses, seconds=seconds))


def number_lines(draft: Draft) -> Draft:
    """Split the witnesses into numbered lines that keep their offsets.

    A form feed, and one of Unicode's line ends, parts lines too: both parts have the number of the whole line.
    """
    lines: list[Line] = []
    for witness in draft.witnesses:
        marks = _marks_of(witness)
        ends = (*witness.line_starts[1:], len(witness.text))
        for number, (start, stop) in enumerate(zip(witness.line_starts, ends, strict=True), start=1):
            if INNER_END.search(witness.text, start, stop):
                lines += _part_line(witness, number, start, stop)
            else:
                line = _measure_line(witness, number, start, stop)
                lines.append(replace(line, **marks[number]) if number in marks else line)

    return replace(draft, lines=tuple(lines))


def _marks_of(witness: WitnessText) -> Mapping[int, dict[str, Any]]:
    """The lines that a source's pages show to be no text, with what they are."""
    if witness.shown is None:
        return {}
    marks: dict[int, dict[str, Any]] = {n: {"kind": LineKind.HEADER} for n in witness.shown.forme_work}
    for mark in witness.shown.pages:
        marks[mark.line] = {"kind": LineKind.MARKER, "page": mark.page, "page_is_blank": mark.is_blank}
        marks[mark.line]["page_is_inferred"] = mark.is_inferred
    return marks


def _part_line(witness: WitnessText, number: int, start: int, stop: int) -> Iterator[Line]:
    """The parts of a line with a form feed or the like inside.

    A form feed is a space before the text that follows, as the traces of a turned page are; alone it is the line of
    a page's end.
    """
    at = start
    for end in [*INNER_END.finditer(witness.text, start, stop), None]:
        until = end.start() if end else stop
        is_fed = end is not None and end[0] == "\f"
        line = _measure_line(witness, number, at, until)
        if line.text or not (is_fed or witness.text.startswith("\f", at)):
            yield line
        elif until > at:
            yield replace(line, kind=LineKind.HEADER)
        at = end.end() if end and not is_fed else until


def _measure_line(witness: WitnessText, number: int, start: int, stop: int) -> Line:
    raw = witness.text[start:stop].rstrip("\r\n")
    text = raw.strip()
    if not text:
        kind = LineKind.FILLER if len(raw) == 2 else LineKind.BLANK
        return Line(witness.n, number, start, "", len(raw), 0, kind)
    indent = len(raw) - len(raw.lstrip())
    return Line(witness.n, number, start + indent, text, indent, len(raw) - indent - len(text))
