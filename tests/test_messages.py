"""Every message of the interface is translated, with what it names, in the typography of its language."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from django.conf import settings

from tests.messages import LOCALES, catalog_of, messages_in, po_of, strings, updated

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
# What a message has from the program: names of values, tags with their attributes, keys of the keyboard.
NAMED = re.compile(r"%\(\w+\)[sd]|%%|</?\w+[^>]*>|&\w+;|\{\w*\}")
# A straight apostrophe or quotation mark between tags, dots for an ellipsis, and a plain space or none where French
# has one that does not break.
UNFRENCH = re.compile(
    r"\w'\w|(?<![=\w])\"|\.\.\.|[^\u202f\u00a0]»|«(?![\u202f\u00a0])|[^\u202f\u00a0\s!?][;!?](?=\s|$)|[\w»)] [;!?:]"
    r"|[a-zà-ÿ»)]:(?=\s|$)"
)


def plain(text: str) -> str:
    return re.sub(r"<code>.*?</code>|<[^>]*>|&\w+;|\[.*?\]", "", text)


def translated(language: str) -> list[Message]:
    return [message for message in catalog_of(language) if message.id]


def test_every_language_has_a_catalogue() -> None:
    assert sorted(path.name for path in LOCALES.iterdir()) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_the_messages_of_the_code_and_no_others(language: str) -> None:
    readable, compiled = BytesIO(), BytesIO()
    catalog = updated(language)
    write_po(readable, catalog, width=118, sort_output=True, include_lineno=False)
    write_mo(compiled, catalog)

    say = "run `python -m tests.messages`"
    assert po_of(language).read_text() == readable.getvalue().decode(), say
    assert po_of(language).with_suffix(".mo").read_bytes() == compiled.getvalue(), say


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    assert [message.id for message in translated(language) if not all(strings(message))] == []
    assert [message.id for message in translated(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_what_its_message_has_from_the_program(language: str) -> None:
    for message in translated(language):
        ids = (message.id,) if isinstance(message.id, str) else message.id
        # Of a plural either form may leave the number out.
        allowed = [sorted(NAMED.findall(each)) for each in ids]
        for string in strings(message):
            assert sorted(NAMED.findall(string)) in allowed, message.id


def test_french_has_its_own_typography() -> None:
    wrong = {
        string
        for message in translated("fr")
        for string in strings(message)
        if UNFRENCH.search(plain(string))
    }

    assert wrong == set()


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("l'archive", True),
        ("l’archive", False),
        ("Quoi ?", True),
        ("Quoi\u202f?", False),
        ("ainsi :", True),
        ("ainsi\u00a0:", False),
        ("ainsi:", True),
        ("«\u202fmot\u202f»", False),
        ("« mot »", True),
        ("un lien", False),
        ("à suivre...", True),
        ("http://archive.example", False),
    ],
)
def test_typography_that_is_not_french_is_found(text: str, is_wrong: bool) -> None:
    assert bool(UNFRENCH.search(text)) is is_wrong


def test_messages_are_found_in_code_and_templates(tmp_path: Path) -> None:
    code, template = tmp_path / "a.py", tmp_path / "a.html"
    code.write_text(
        'gettext("One"), ngettext("%(n)s page", "%(n)s pages", n), pgettext("a letter", "Post")\n'
    )
    template.write_text(
        "<p>It's {% translate 'Two' %}\n  {% blocktranslate count n=n trimmed %}\n one"
        "{% plural %}{{ n }}   more{% endblocktranslate %}\n{% include 'x' with y=_(\"Three\") %}</p>"
    )

    assert [message for _, message, _ in messages_in(code)] == ["One", ("%(n)s page", "%(n)s pages"), "Post"]
    assert [message for _, message, _ in messages_in(template)] == ["Two", ("one", "%(n)s   more"), "Three"]
