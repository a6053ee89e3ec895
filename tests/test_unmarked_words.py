"""Every word that a page shows is a message of the catalogue, or is in the language of the text and says so.

French is replaced by marks: every message that has a translation comes out as `⟦the message⟧`. The pages that are
reached from the first page, and the screens that an administrator reaches from the admin's, are read in this language:
a word outside of marks that no row of the database has was never marked for translation, or has no translation. The
failing test prints all that it found: `pytest -n 0 tests/test_unmarked_words.py`.
"""

import re
from collections import Counter
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.translation import gettext, ngettext, override, trans_real
from pytest_django import Settings

from reader.correction.correcting import correct
from reader.models import Conflict, Volume
from reader.publishing.publish import publish_volume
from reader.text.labels import ENGLISH
from reader.text.markup import plain
from tests.factories import make_candidate, make_italic, make_variant, make_witness
from tests.sample import MANIFEST

LANGUAGE = "fr"
OPENED, CLOSED = "⟦", "⟧"
WORD = re.compile(r"[^\W\d_]{2,}")
# Attributes that are shown or heard. Of `data-…`, those that a script or a style sheet shows.
ATTRIBUTES = {
    *("aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt", "label"),
    *("data-copied", "data-of", "data-verb", "data-word", "data-sign", "data-confirm", "data-empty"),
}
EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Elements of machines, of keys, and of what persons typed.
UNREAD = {"svg", "script", "style", "kbd", "code", "pre", "samp", "textarea", "math", "time"}
# Where Django itself writes what a row of a table is called, and the line on paper, which has the title of a text or of
# a page: they have no place for a language.
WITHOUT_LANGUAGE = {"original", "paper"}
# Words that are the same in each language, or that are none: a pattern and the reason.
ALLOWED = {
    r"BibTeX|RIS|CSL|JSON|LD|TEI|EPUB|PDF|HTML|XML|CSV|TSV|XLSX?|ODS|YAML|Markdown|BagIt|DTS|SKOS|Atom": "formats",
    r"unAPI|SHA-256|TOTP(?: devices?)?|QR|DOI|ISBN|URL|Pandoc|Unix": "names of standards",
    r"APA|MLA|Chicago|Harvard|IEEE": "styles of citation",
    r"English|Français": "each language has its own name",
    r"pp?\.": "pages, as French abbreviates them, too",
    r"[ivxlcdm]+|[IVXLCDM]+": "Roman numbers",
    r"[kMG]B|Aa": "a unit, and the sign of the settings",
    r"[0-9a-f]{12,}": "digests",
    r"app": "the name of a device, which a person may change",
    r"utf-8": "the name of an encoding",
    r"the scan": "the name of a witness",
    r"True|False|None": "signs of Django's, beside a picture",
    r"(?:[a-z]+-)+[a-z]+|[a-z+]+\|[a-z0-9-]+": "codes and keys",
    r"[\w.-]+\.(?:txt|toml|json|html|pdf|zip|xml|epub)|volume-key": "names of files",
    r"https?://\S+|/[-\w]+/[-\w/.?=&]*": "addresses",
    r"appositive|unexplained|misspelling|named|ru-Latn": "codes and tags",
    r"lost letter|printer's hyphen|space before punctuation": "rules of an import, which are kept",
    r"The archive’s editors": "the author of the sample",
    r"chervonets": "the address of a term of the sample",
    r"as printed": "a reason that a person typed",
    r"zyzzyva|plna": "what was searched for",
    r"boss|Bettelheim Archive": "names of the account and of the archive, which are settings",
    r"corrector|editor|administrator": "names of groups, which Django keeps in the database",
    r"csv|json": "formats of tables",
    r"winter|Dostoevskii|Dostoevskij|Dostoyevsky|Достоевский|road|or": "examples of queries, in the text’s language",
}
_ALLOWED = re.compile("|".join(rf"(?<!\w)(?:{each})(?!\w)" for each in ALLOWED))
# Paths that are left out, because they are no pages or end the login.
LEFT_OUT = re.compile(
    r"^/static/|/(?:logout|export|jsi18n|autocomplete|password_change)(?:/|$)|/auth/group/\d+/delete/|\.\w{2,5}$"
)
# Of addresses with a query, those that make another kind of page.
KINDS = re.compile(r"(?:kind|state|sort|q)=[^&]*(?:&page=\d+)?")
UNLINKED = tuple(
    f"{{of}}{rest}"
    for rest in ("nowhere/", "search/?q=plan", "search/?q=zyzzyva", "search/?q=plna", "p/999", "persons/?q=x")
)
# Of addresses that one route answers, this many are read.
ENOUGH = 2


class Marked:
    """A catalogue in which each message is its own translation, in marks."""

    def __init__(self, catalogue: Any) -> None:
        self.marked: dict[Any, str] = {}
        for key, string in catalogue.items():
            if not key or not string or key == "yes,no,maybe":
                continue
            *_, message = (key if isinstance(key, str) else key[0]).rpartition("\x04")
            # The plural of a message is not in the catalogue: the translation stands for it.
            said = message if isinstance(key, str) else string
            self.marked[key] = f"{OPENED}{said}{CLOSED}"
        self.marked["yes,no,maybe"] = ",".join(f"{OPENED}{each}{CLOSED}" for each in ("yes", "no", "maybe"))


@dataclass
class Seen:
    """What was found on the pages, each with the first address that has it."""

    unmarked: dict[str, str] = field(default_factory=dict)
    without_lang: dict[str, str] = field(default_factory=dict)
    in_lang_of_text: dict[str, str] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def squashed(text: str) -> str:
    """Letters and figures alone, so that typography and markup make no difference."""
    return re.sub(r"[\W_]+", "", text).lower()


class Reader(HTMLParser):
    """Sorts what a page shows by marks, by language, and by whether the database has it."""

    def __init__(self, data: "Data", address: str, seen: Seen) -> None:
        super().__init__()
        self.data, self.address, self.seen = data, address, seen
        self.links: list[str] = []
        self.stack: list[
            tuple[str, str, bool, bool]
        ] = []  # element, language, is unread, may have a language
        self.marks: list[int] = []  # at which depth a mark was opened

    @property
    def place(self) -> tuple[str, str, bool, bool]:
        return self.stack[-1] if self.stack else ("", LANGUAGE, False, True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(values.get("href", ""))
        _, language, is_unread, is_text = self.place
        language = values.get("lang", language)
        if tag == "html" and language != LANGUAGE:
            self.seen.without_lang.setdefault(f"<html lang={language!r}>", self.address)
            language = LANGUAGE
        is_unread |= tag in UNREAD
        is_text &= tag not in ("title", "option") and not WITHOUT_LANGUAGE & {
            *values.get("class", "").split(),
            values.get("id"),
        }
        shown = {values[name] for name in ATTRIBUTES & set(values)} if tag != "link" else set()
        if tag == "input" and values.get("type") in ("submit", "button", "reset"):
            shown.add(values.get("value", ""))
        for text in shown:
            self.sort(text, language, is_attribute=True)
        if tag not in EMPTY:
            self.stack.append((tag, language, is_unread, is_text))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if any(each[0] == tag for each in self.stack):
            while self.stack.pop()[0] != tag:
                pass
        # What was cut off closes no mark.
        while self.marks and self.marks[-1] > len(self.stack):
            self.marks.pop()

    def handle_data(self, text: str) -> None:
        _, language, is_unread, is_text = self.place
        if not is_unread:
            self.sort(text, language, needs_lang=is_text)

    def sort(self, text: str, language: str, *, is_attribute: bool = False, needs_lang: bool = False) -> None:
        """Sort a text or an attribute; a mark may go over several texts."""
        marks = [] if is_attribute else self.marks
        outside, has_message = [], bool(marks)
        for part in re.split(f"([{OPENED}{CLOSED}])", text):
            if part == OPENED:
                has_message = True
                marks.append(len(self.stack))
            elif part == CLOSED:
                del marks[-1:]
            elif not marks:
                outside.append(part)
        unmarked = " ".join(" ".join(outside).split())
        said = " ".join(text.split())
        is_of_text = language != LANGUAGE
        if not WORD.search(_ALLOWED.sub(" ", unmarked)):
            is_value = is_attribute or self.data.has_words(said)
            if has_message and is_of_text and not is_value and WORD.search(said):
                self.seen.in_lang_of_text.setdefault(said, self.address)
        elif not self.data.has(unmarked, is_of_text=is_of_text) and not (
            (is_of_text or not needs_lang) and self.data.has_words(unmarked)
        ):
            self.seen.unmarked.setdefault(said, self.address)
        elif needs_lang and not is_of_text:
            self.seen.without_lang.setdefault(said, self.address)


# Pages that are made of the others, words of the language, and what Django keeps for itself.
NO_DATA = {"publishedpage", "word", "permission", "session", "logentry", "contenttype", "group"}


class Data:
    """The words that the database has."""

    def __init__(self) -> None:
        self.names = set[str]()
        # The words of citations, beside those of the database.
        self.words = {"version", "chapter", "part", "called", "on", "pp", "named"}
        texts: list[str] = []
        for model in apps.get_models():
            fields = [
                each.attname
                for each in model._meta.concrete_fields
                if isinstance(each, models.CharField | models.TextField) and not each.choices
            ]
            if not fields or model._meta.model_name in NO_DATA:
                continue
            for row in model._default_manager.values_list(*fields):
                for value in row:
                    if isinstance(value, str):
                        self.names.add(squashed(value))
                        self.words.update(word.lower() for word in WORD.findall(f"{value} {plain(value)}"))
                        texts += squashed(value), squashed(plain(value))
        self.all = "\n".join(texts)
        self.words |= {word.lower() for label in ENGLISH for word in WORD.findall(label)}

    def has_words(self, text: str) -> bool:
        """Whether a text has only words that the database has somewhere, or that are labels in the text."""
        return all(word.lower() in self.words for word in WORD.findall(_ALLOWED.sub(" ", text)))

    def has(self, text: str, *, is_of_text: bool) -> bool:
        """Whether a text is a name of the database, or part of one; where words are the interface's, no short part."""
        words = text.split()
        for end in (0, -1):  # a number, a letter, a dash
            while words and not WORD.search(words[end]):
                del words[end]
        return any(
            said in self.names or ((is_of_text or len(said) >= 8) and said in self.all)
            for said in map(squashed, (text, " ".join(words), _ALLOWED.sub(" ", text)))
        )


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """French as marks."""
    found: Any = trans_real.DjangoTranslation(LANGUAGE)
    mixed: Any = trans_real.TranslationCatalog()
    # Django's catalogue has other plural forms than ours, and stands beside it.
    mixed._catalogs = [Marked(each).marked for each in found._catalog._catalogs]
    mixed._plurals = found._catalog._plurals
    pretended = copy(found)
    pretended._catalog, pretended.plural = mixed, found.plural
    monkeypatch.setitem(vars(trans_real)["_translations"], LANGUAGE, pretended)


def make_everything() -> Volume:
    """The sample volume, and rows of the kinds that it lacks."""
    call_command("import_volume", str(MANIFEST), verbosity=0)
    volume = Volume.objects.get()
    boss = User.objects.create_superuser("boss", password=None)
    paragraph = volume.paragraphs.all()[5]
    correct(paragraph, f"{paragraph.text} More.", seen=paragraph.text, by=boss, reason="as printed")
    paragraph.refresh_from_db()
    first = volume.witnesses.all()[0]
    scan = make_witness(volume, b"One line.\n", n=2, name="scan.txt")
    for state in ("open", "dismissed"):
        make_variant(first, other_witness=scan, paragraph=paragraph, reading="More", line=3, state=state)
    make_candidate(volume, "Oblast", paragraph=paragraph)
    make_italic(paragraph, "More")
    Conflict.objects.create(
        volume=volume,
        paragraph=paragraph,
        field="text",
        about="paragraph 6",
        old_import="A first sentence.",
        human="A last sentence.",
        new_import="A second sentence.",
    )
    return volume


def kind_of(address: str) -> tuple[str, str]:
    """The route of an address, and what its query asks for."""
    parts = urlsplit(address)
    try:
        route = resolve(parts.path).route
    except Resolver404:
        route = parts.path
    return route, parts.query if "kind=" in parts.query else re.sub(r"=[^&]*", "", parts.query)


def read_from(starts: list[str], client: Client, data: Data, seen: Seen, within: str) -> None:
    """Read the pages that are reached from some, below a path, some of each kind."""
    waiting, known, counted = list(starts), set(starts), Counter[tuple[str, str]]()
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address, headers={"accept-language": LANGUAGE})
        links = []
        if answer.status_code >= 500:
            seen.failed.append(address)
        elif answer.status_code in (301, 302):
            links = [answer["Location"]]
        elif "html" in answer.get("Content-Type", ""):
            reader = Reader(data, address, seen)
            reader.feed(answer.content.decode())
            seen.pages.append(address)
            links = reader.links
        for link in links:
            url = urljoin(address, link).partition("#")[0].removeprefix("http://testserver")
            path, _, query = url.partition("?")
            if not re.match(within, path) or LEFT_OUT.search(path) or (query and not KINDS.fullmatch(query)):
                continue
            if url not in known:
                known.add(url)
                counted[kind_of(url)] += 1
                if counted[kind_of(url)] <= ENOUGH:
                    waiting.append(url)


@pytest.fixture
def seen(db: None, marked: None, settings: Settings, tmp_path: Path) -> Seen:
    """What the pages and the screens show."""
    settings.STATIC_ROOT = str(tmp_path)  # whitenoise warns where there is no folder
    settings.REPORT_ADDRESS = "editors@archive.example"
    return look()


def look() -> Seen:
    volume = make_everything()
    data, seen, client = Data(), Seen(), Client(raise_request_exception=False)
    with override(LANGUAGE):
        publish_volume(volume)
        of = volume.get_absolute_url()
        starts = ["/", "/marks/", *(each.format(of=of) for each in UNLINKED)]
        read_from(starts, client, data, seen, r"/(?!admin/)")
        read_from(["/admin/login/"], client, data, seen, "/admin/login/")
        client.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
        read_from(["/admin/"], client, data, seen, "/admin/")
    return seen


def listed(seen: Seen) -> str:
    """All that was found, by address, with what is wrong."""
    kinds: dict[str, Mapping[str, str]] = {
        "Words that are not marked for translation, or have no translation": seen.unmarked,
        "Words of the interface in an element with the language of the text": seen.in_lang_of_text,
        "Words of the text in an element with the language of the interface": seen.without_lang,
    }
    return "\n".join(
        "\n".join(
            [f"\n{len(found)} {kind}", *sorted(f"{address}\t{said}" for said, address in found.items())]
        )
        for kind, found in kinds.items()
        if found
    )


def test_every_word_of_the_interface_is_marked_and_in_its_language(seen: Seen) -> None:
    assert seen.failed == []
    assert len(seen.pages) > 100
    found = listed(seen)
    if found:
        pytest.fail(found, pytrace=False)


@pytest.fixture
def reader() -> Reader:
    data = Data.__new__(Data)
    data.names, data.all = {"theplan"}, squashed("The clerks of the province counted.")
    data.words = {"the", "clerks", "of", "province", "counted"}
    return Reader(data, "/", Seen())


@pytest.mark.parametrize(
    ("html", "unmarked", "in_lang_of_text", "without_lang"),
    [
        ("<p>⟦Go on⟧ – 12, p. 3, notes.txt</p>", [], [], []),
        ("<p>Go on</p><p title='Close'>⟦Go⟧ on</p>", ["Close", "Go on", "⟦Go⟧ on"], [], []),
        ("<p>⟦See <a>the list</a> of it⟧</p><p>again</p>", ["again"], [], []),
        ("<p>⟦Cut off…</p><p>again</p>", ["again"], [], []),
        (
            "<p>The plan</p><p>⟦Errata⟧: The plan</p><title>The plan</title>",
            [],
            [],
            ["The plan", "⟦Errata⟧: The plan"],
        ),
        ("<p lang=en>The clerks <i>counted</i> <b lang=fr>⟦Cite⟧</b></p>", [], [], []),
        ("<p lang=en>The clerks <b>⟦Cite⟧</b> <b>Cite this</b></p>", ["Cite this"], ["⟦Cite⟧"], []),
        ("<input type=submit value=Save><kbd>Enter</kbd><script>let go</script>", ["Save"], [], []),
    ],
)
def test_what_a_page_shows_is_sorted(
    reader: Reader, html: str, unmarked: list[str], in_lang_of_text: list[str], without_lang: list[str]
) -> None:
    reader.feed(html)

    assert sorted(reader.seen.unmarked) == unmarked
    assert sorted(reader.seen.in_lang_of_text) == in_lang_of_text
    assert sorted(reader.seen.without_lang) == without_lang


def test_a_message_comes_out_in_marks(marked: None) -> None:
    with override(LANGUAGE):
        assert gettext("Go there") == "⟦Go there⟧"
        assert gettext("no such message") == "no such message"
        assert ngettext("%(num)d day", "%(num)d days", 2) == "⟦%(num)d jours⟧"
