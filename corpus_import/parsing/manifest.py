"""The manifest: a `volume.toml` with the facts about a volume that no program can know."""

import codecs
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import Path
from typing import Any

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.forms.declared import objection_to
from corpus_import.parsing.forms.notes import is_template
from reader.text.page_numbers import is_page_number
from reader.text.reserved_slugs import OF_VOLUMES


@dataclass(frozen=True, slots=True)
class Collate:
    """A second witness of the volume's text: the file, its name for readers, and whether it has an origin of its own.

    A witness with the same ancestor as the volume's files has the same faults: it is not independent.
    """

    file: str
    name: str
    independent: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """A volume's description. Fields without a default must stand in the file."""

    slug: str
    title: str
    author: str
    publisher: str
    year: int
    rights: str
    language: str
    witnesses: tuple[str, ...]
    subtitle: str = ""
    translator: str = ""
    original: str = ""
    glossary: str = ""  # its name, where volumes of one work share a glossary; else the volume's title
    encoding: str = "utf-8"
    # Facts that differ between sources and cannot always be found in the text.
    notes_heading: str = ""
    key_heading: str = ""
    page_word: str = ""
    headings: tuple[
        str, ...
    ] = ()  # the forms of headings, such as `CHAPTER {n}`, from the highest level down
    notes: str = ""  # how a note's number is written: `{n})`
    calls: str = ""  # how the text calls a note: `({n})`
    # Facts that no program can know: the page on which a division begins (by its heading), the order of divisions.
    pages: tuple[tuple[str, str], ...] = ()
    order: tuple[str, ...] = ()
    # Second witnesses of the same text, each in a table `[[collate]]`.
    collate: tuple[Collate, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all files: the witnesses, then the second witnesses."""
        return (*self.witnesses, *(each.file for each in self.collate))

    def of_second(self, second: Collate) -> "Manifest":
        """The manifest by which a second witness is read: what was declared of the volume's own files is left out."""
        return replace(
            self, witnesses=(second.file,), headings=(), notes="", calls="", pages=(), order=(), collate=()
        )


# Codecs of Python that no text file is written in.
NO_ENCODINGS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RESERVED = OF_VOLUMES
# The most characters of a field, where the limit is not 300.
LENGTHS = {"rights": 5000, "language": 35, "encoding": 40}
# The most characters of the name of a second witness: it stands in the reason of each emendation.
LONGEST_NAME = 100


def read_manifest(path: Path) -> Manifest:
    """Read a `volume.toml`.

    Raises ImportFault, with file and line, if the file is missing or not TOML, or a field is wrong or missing.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ImportFault(
            str(path), None, "there is no such manifest; name a volume.toml that exists."
        ) from None
    except OSError as error:
        raise ImportFault(
            str(path), None, "the manifest cannot be read (%(error)s).", error=error.strerror
        ) from None
    return parse_manifest(path.name, content)


def parse_manifest(name: str, content: bytes) -> Manifest:
    """Read the bytes of a `volume.toml`; raises ImportFault as `read_manifest` does."""
    try:
        source = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ImportFault(name, line, "the manifest is not UTF-8; save it as UTF-8.") from None
    try:
        values = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        named = re.search(r"line (\d+)", str(error))
        line = int(named[1]) if named else source.count("\n") + 1
        raise ImportFault(
            name, line, "this is not TOML (%(error)s); put the line right.", error=error
        ) from None
    except (ValueError, RecursionError):  # a number, or lists within lists, beyond what Python takes
        raise ImportFault(name, None, "a value is far too large or too deep; shorten it.") from None
    return _check_fields(name, source, values)


def _check_fields(name: str, source: str, values: dict[str, Any]) -> Manifest:
    known = {field.name: field for field in fields(Manifest)}
    for key in values:
        if key not in known:
            raise ImportFault(
                name, _line_of(source, key), "“%(field)s” is not a field of a manifest; remove it.", field=key
            )
    read: dict[str, Any] = {}
    for key, field in known.items():
        is_needed = field.default is MISSING
        if key not in values:
            if is_needed:
                raise ImportFault(
                    name, _line_of(source, key), "the field “%(field)s” is missing; add it.", field=key
                )
            continue
        value = values[key]
        objections = OBJECTIONS[key](value) if key in OBJECTIONS else _object_to_text(key, value, is_needed)
        if (objection := next(objections, None)) is not None:
            raise ImportFault(name, _line_of(source, key), objection)
        read[key] = READ[key](value) if key in READ else value
    manifest = Manifest(**read)
    names = [Path(file).name for file in manifest.files]
    if twice := next((each.file for each in manifest.collate if names.count(Path(each.file).name) > 1), None):
        line = _line_of(source, "collate")
        raise ImportFault(
            name,
            line,
            "another file is called “%(called)s” too; collate a file with its own name.",
            called=twice,
        )
    return manifest


# Each check yields the faults of a value. Only the first fault is reported, so later checks may rely on earlier ones.


def _object_to_year(value: object) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 9999:
        yield "“year” must be a year in figures, such as 1978."


def _object_to_witnesses(value: Any) -> Iterator[str]:
    if not _is_list_of_text(value) or not value:
        yield "“witnesses” must be a list of one or more file names, in order."
    for witness in value:
        yield from _object_to_file(witness)
    if len(set(value)) < len(value):
        yield "“witnesses” names a file twice; name each once."


def _object_to_file(name: str) -> Iterator[str]:
    if Path(name).is_absolute() or ".." in Path(name).parts or "\0" in name:
        yield f"the witness “{name}” must be a name in the witnesses' folder."


def _object_to_collate(value: Any) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        yield "“collate” must be tables [[collate]], one for each second witness."
    for table in value:
        for key in table:
            if key not in COLLATE:
                yield f"“{key}” is not a field of [[collate]]; its fields are {', '.join(COLLATE)}."
        for key in ("file", "name"):
            if not isinstance(table.get(key), str) or not table[key].strip() or "\0" in table[key]:
                yield f"each [[collate]] must have “{key}”, text in quotation marks."
        yield from _object_to_file(table["file"])
        if len(table["name"]) > LONGEST_NAME:
            yield f"“name” of [[collate]] is too long; shorten it to {LONGEST_NAME} characters."
        if not isinstance(table.get("independent", False), bool):
            yield "“independent” of [[collate]] must be true or false."
    if len({table["name"] for table in value}) < len(value):
        yield "two [[collate]] have the same “name”; give each its own."


def _object_to_pages(value: object) -> Iterator[str]:
    if not isinstance(value, dict) or not all(_is_page(page) for page in value.values()):
        yield "“pages” must be a table of headings and pages, such as Preface = 11."


def _object_to_order(value: object) -> Iterator[str]:
    if not _is_list_of_text(value):
        yield "“order” must be a list of headings, in the order of the book."


def _object_to_headings(value: Any) -> Iterator[str]:
    if not _is_list_of_text(value):
        yield '“headings” must be a list of forms, such as ["CHAPTER {n}", "§ {n}."].'
    for form in value:
        if objection := objection_to(form):
            yield objection
    if len(set(value)) < len(value):
        yield "“headings” names a form twice; name each once."


def _object_to_text(key: str, value: Any, is_needed: bool) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"“{key}” must be text in quotation marks."
    if is_needed and not value.strip():
        yield f"“{key}” is empty; fill it in."
    if key == "encoding" and not _is_encoding(value):
        yield f"“{value}” is not an encoding; name one such as utf-8 or latin-1."
    if "\0" in value:
        yield f"“{key}” holds a NUL character; remove it."
    if key == "slug" and not is_slug_of_volume(value):
        yield "“slug” must be small letters, digits and single hyphens, such as second-period."
    if key in ("notes", "calls") and value and not is_template(value):
        yield f"“{key}” must show the number as {{n}} between its signs, such as ({{n}}), or be ¹."
    if len(value) > (most := LENGTHS.get(key, 300)):
        yield f"“{key}” is too long; shorten it to {most} characters."


# The checks of fields that are not text.
OBJECTIONS: dict[str, Callable[[Any], Iterator[str]]] = {
    "year": _object_to_year,
    "witnesses": _object_to_witnesses,
    "pages": _object_to_pages,
    "order": _object_to_order,
    "headings": _object_to_headings,
    "collate": _object_to_collate,
}
# The fields of a second witness.
COLLATE = tuple(field.name for field in fields(Collate))
# Conversions from TOML's types, where a manifest keeps another one.
READ: dict[str, Callable[[Any], Any]] = {
    "witnesses": tuple,
    "pages": lambda pages: tuple((heading, str(page).lower()) for heading, page in pages.items()),
    "order": tuple,
    "headings": tuple,
    "collate": lambda tables: tuple(Collate(**table) for table in tables),
}


def is_slug_of_volume(slug: str) -> bool:
    """Whether a volume can have `slug`."""
    return SLUG.fullmatch(slug) is not None and len(slug) <= 100 and slug not in RESERVED


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)


def _is_encoding(name: str) -> bool:
    try:
        " ".encode(name)  # refuses codecs that do not decode text, such as zip
        return codecs.lookup(name).name not in NO_ENCODINGS
    except (LookupError, ValueError):
        return False


def _is_page(page: object) -> bool:
    return not isinstance(page, bool) and is_page_number(str(page))


def _line_of(source: str, key: str) -> int:
    """The line on which a field is set; the last line if the field is missing."""
    name = re.escape(key)
    setting = re.search(
        rf"^[ \t]*(?:[\"']?{name}[\"']?[ \t]*=|\[{{1,2}}{name}\]{{1,2}})", source, re.MULTILINE
    )
    return source.count("\n", 0, setting.start() if setting else len(source.rstrip("\n"))) + 1
