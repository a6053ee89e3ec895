"""The catalogues of the interface's messages: `python -m tests.messages` brings them up to date with the code.

Messages are taken from Python and from templates with Babel, which needs no GNU gettext. A message that is gone leaves
the catalogue; a new one comes in without a translation, which tests/test_messages.py refuses.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "bettelheim_site" / "locale"
ROOMS = ("bettelheim_site", "corpus_import", "glossary", "reader")
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# The sentences of faults stand where the parser raises them.
OF_FAULTS = {"ImportFault": (3,)}


def files() -> list[Path]:
    """The files that may hold messages: the rooms' code, and all templates."""
    code = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    templates = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    return sorted([*code, *templates])


def messages_in(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """Line, message (with its plural) and context of each message of a file."""
    source = path.read_text()
    if path.suffix != ".py":
        # As Python, in which a template's other words are mere names: no line may be indented.
        lines = templatize(source, origin=str(path)).splitlines()
        source = "\n".join(line.strip() for line in lines)
    keywords = KEYWORDS | (OF_FAULTS if "parsing" in path.parts else {})
    for line, message, _, context in extract("python", BytesIO(source.encode()), keywords):  # type: ignore[arg-type]
        yield line, message if isinstance(message, str) else tuple(message), context


class Messages(Catalog):
    """A catalogue whose header says only what programs need, so that the same messages make the same file."""

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]

    mime_headers = property(_get_mime_headers, Catalog._set_mime_headers)


def extracted() -> Catalog:
    """Every message of the code, with the files that hold it."""
    catalog = Catalog(fuzzy=False)
    for path in files():
        place = str(path.relative_to(ROOT))
        for _, message, context in messages_in(path):
            flags = ["python-format"] if re.search(r"%\(\w+\)[sd]", str(message)) else []
            catalog.add(message, context=context, locations=[(place, None)], flags=flags)  # type: ignore[list-item]
    return catalog


def po_of(language: str) -> Path:
    """The file of a language's catalogue."""
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def catalog_of(language: str) -> Catalog:
    """A language's catalogue as it is stored."""
    with po_of(language).open("rb") as stream:
        return read_po(stream, locale=language)


def updated(language: str) -> Catalog:
    """A language's catalogue with the messages of the code, translated as far as the stored one does."""
    stored = catalog_of(language)
    catalog = Messages(locale=language, fuzzy=False, header_comment="# The messages of the interface.")
    # Babel would take those of the Unicode consortium, which has a third form for French millions.
    catalog._num_plurals, catalog._plural_expr = stored.num_plurals, stored.plural_expr  # type: ignore[assignment]
    for message in extracted():
        if message.id:
            known = stored.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
            string = known.string if known is not None and _is_alike(known, message) else ""
            catalog.add(
                message.id,
                string,
                context=message.context,
                locations=sorted(set(message.locations)),
                flags=message.flags,
            )
    return catalog


def _is_alike(known: Message, message: Message) -> bool:
    return known.pluralizable == message.pluralizable


def write(language: str) -> int:
    """Write a language's catalogue, readable and compiled; return the number of messages without a translation."""
    catalog = updated(language)
    with po_of(language).open("wb") as stream:
        write_po(stream, catalog, width=118, sort_output=True, include_lineno=False)
    with po_of(language).with_suffix(".mo").open("wb") as stream:
        write_mo(stream, catalog)
    return sum(1 for message in catalog if message.id and not all(strings(message)))


def strings(message: Message) -> tuple[str, ...]:
    """The translations of a message, of its singular and its plural if it has one."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


if __name__ == "__main__":
    missing = {path.name: write(path.name) for path in sorted(LOCALES.iterdir())}
    for language, count in missing.items():
        print(f"{language}: {count} without a translation")
    sys.exit(1 if any(missing.values()) else 0)
