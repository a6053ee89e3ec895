"""Reads an exported document from its file, and checks the types of its fields."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import BooleanField, DateTimeField, IntegerField, Model

from corpus_import.loading.fields import Element
from corpus_import.parsing.diagnostics import ImportFault
from reader.exports.document import KEYS, OPTIONAL, Entry

_T = TypeVar("_T")

# A document holds its witnesses; a larger file is a mistake.
LARGEST_DOCUMENT = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Document:
    """A document from a file, with the name of the file."""

    name: str
    values: Entry

    @property
    def head(self) -> "DocumentEntry":
        """The fields of the volume itself."""
        return DocumentEntry(self.name, "volume", self.values["volume"])

    @property
    def has_days(self) -> bool:
        """Whether the document says where emendations stand and when things were done: one of format 1 does not."""
        return self.head.values.get("format") != 1

    def entries(self, key: str) -> "list[DocumentEntry]":
        """The elements of a key, each with its number."""
        return self._numbered(key, self.values[key])

    def head_entries(self, key: str, default: list[Any] | None = None) -> "list[DocumentEntry]":
        """The elements of a key of the volume; the key must be there unless it has a default."""
        return self._numbered(key, self.head.take(key, list, default))

    def _numbered(self, key: str, items: object) -> "list[DocumentEntry]":
        if not isinstance(items, list):
            raise ImportFault(self.name, None, f"“{key}” must be a list.")
        return [DocumentEntry(self.name, f"{key}, number {n}", item) for n, item in enumerate(items, 1)]


def read_document(path: Path) -> Document:
    """Read a document. Raises ImportFault, with file and line, if the file is missing, not JSON, or not an edition."""
    name = path.name
    try:
        if path.stat().st_size > LARGEST_DOCUMENT:
            raise ImportFault(
                name, None, f"the document is too large; {LARGEST_DOCUMENT} bytes are the most."
            )
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ImportFault(str(path), None, "there is no such document; name one that exists.") from None
    except OSError as error:
        raise ImportFault(str(path), None, f"the document cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ImportFault(name, line, "the document is not UTF-8; save it as UTF-8.") from None
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        raise ImportFault(
            name, error.lineno, f"this is not JSON ({error.msg}); put the line right."
        ) from None
    except RecursionError:
        raise ImportFault(name, None, "this is not an edition: its lists are nested too deeply.") from None
    if not isinstance(values, dict) or set(values) - {*OPTIONAL} != set(KEYS):
        raise ImportFault(name, None, f"this is not an edition; its keys must be {', '.join(KEYS)}.")
    return Document(name, values)


class DocumentEntry:
    """One element of the document; each field is checked for its type when it is read."""

    def __init__(self, document: str, where: str, values: object) -> None:
        self.document, self.where = document, where
        if not isinstance(values, dict):
            raise self.fault("this must be an object")
        self.values = values

    def fault(self, message: str) -> ImportFault:
        """Make a fault of the document at this element."""
        return ImportFault(self.document, None, f"{self.where}: {message}.")

    def take(self, name: str, kind: type[_T], default: _T | None = None) -> _T:
        """A required field, unless it has a default."""
        value = self.values.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.fault(f"“{name}” must be {_NAMES[kind]}")
        if isinstance(value, str) and not is_text(value):
            raise self.fault(f"“{name}” holds a character that no text has")
        return value

    def maybe(self, name: str, kind: type[_T]) -> _T | None:
        """A field that may be null or missing."""
        return None if self.values.get(name) is None else self.take(name, kind)

    def field(self, model: type[Model], name: str) -> Any:
        """A field with the type of the model's field."""
        described = model._meta.get_field(name)
        if name == "lines":
            return self.lines()
        if isinstance(described, DateTimeField):
            return self.moment(name)
        if choices := getattr(described, "choices", None):
            return self.one_of(name, [str(value) for value, _ in choices])
        kind = next((kind for of, kind in _KINDS if isinstance(described, of)), str)
        return self.maybe(name, kind) if described.null else self.take(name, kind)

    def fields(self, element: Element) -> Entry:
        """The values of an element, including the usual values that the document leaves out."""
        values = {name: self.field(element.model, name) for name in element.values}
        for name, usual in element.usual.items():
            values[name] = self.field(element.model, name) if name in self.values else usual
        return values

    def named(self, name: str, among: "Mapping[Any, _T]") -> _T:
        """The row that a field names."""
        key = self.values.get(name)
        row = among.get(key) if isinstance(key, int | str) else None
        if row is None:
            raise self.fault(f"“{name}” names {key!r}, which is not in the document")
        return row

    def maybe_named(self, name: str, among: "Mapping[Any, _T]") -> _T | None:
        """The row that a field names; None if it is null or missing."""
        return None if self.values.get(name) is None else self.named(name, among)

    def one_of(self, name: str, choices: Sequence[str]) -> str:
        """A field with one of these values."""
        value = self.take(name, str)
        if value not in choices:
            raise self.fault(f"“{name}” must be one of {', '.join(choices)}")
        return value

    def moment(self, name: str) -> datetime:
        """A moment, with its time zone."""
        try:
            moment = datetime.fromisoformat(self.take(name, str))
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise self.fault(f"“{name}” must be a date and time with its zone (ISO 8601)")
        return moment

    def lines(self) -> list[list[int]]:
        """The lines of the witnesses, each as [witness, from, to]."""
        lines = self.take("lines", list)
        for line in lines:
            if not isinstance(line, list) or len(line) != 3 or not all(type(n) is int for n in line):
                raise self.fault("“lines” must be lists of three numbers")
        return lines


# The names of types in a fault.
_NAMES: dict[type, str] = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}
# The type of a value, by the kind of its field; all others are text.
_KINDS: tuple[tuple[type, type], ...] = ((BooleanField, bool), (IntegerField, int))


def is_text(value: str) -> bool:
    """Whether PostgreSQL can hold a text: one without NUL and without half of a UTF-16 pair."""
    return not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)
