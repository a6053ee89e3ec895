"""What scripts and style sheets show: it is in a list of messages, and a page that is not English has it translated."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from reader.pages.script_words import OF_CORRECTORS, OF_READERS, OF_STYLES

STATIC = settings.BASE_DIR / "static"
FOLDERS = {"js": OF_READERS, "admin-archive": OF_CORRECTORS}
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
LITERAL = r'"((?:[^"\\\n]|\\.)*)"'
SAID = re.compile(rf"\bsay\(\s*{LITERAL}(?:,\s*(\w+|\{{[^}}]*\}}))?")
NAMES = re.compile(r"%\((\w+)\)s")
COMMENT = re.compile(r"(?:^|(?<=[;{,)]))\s*//[^\n]*$|/\*.*?\*/", re.M | re.S)
STRING = re.compile(rf"{LITERAL}|`((?:[^`\\]|\\.)*)`|'((?:[^'\\\n]|\\.)*)'")
# A word with a capital at the beginning, or two words side by side that are no selector.
WORDS = re.compile(r"^\W*[A-Z][a-z]+\b|^[^#.\[:<>=/~]*[a-z]{2} [a-z]{2}[^#.\[:<>=/~]*$")
NOT_SHOWN = {
    *("Enter", "Escape", "Tab", "Ctrl+Enter", "Ctrl+Shift+Enter", "Ctrl+Alt+Enter"),  # keys
    *("Annotation", "Marks of a reader", "piece of a note"),  # in a file
    "mine-lost of-edition",  # classes
}
WORD = re.compile(r"[^\W\d_]{2}")


def scripts(folder: str) -> dict[str, str]:
    return {
        str(file.relative_to(STATIC)): COMMENT.sub("", file.read_text())
        for file in sorted((STATIC / folder).rglob("*.js"))
    }


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_message_of_the_list_is_said_and_each_that_is_said_stands_in_it(folder: str) -> None:
    said = {text for source in scripts(folder).values() for text, _ in SAID.findall(source)}

    assert said == set(FOLDERS[folder])
    assert len(FOLDERS[folder]) == len(set(FOLDERS[folder]))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_script_says_literals_so_that_they_are_found(folder: str) -> None:
    calls = {name: len(re.findall(r"\bsay\(", source)) for name, source in scripts(folder).items()}

    assert calls == {name: len(SAID.findall(source)) for name, source in scripts(folder).items()}


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_name_in_a_message_gets_a_value(folder: str) -> None:
    for source in scripts(folder).values():
        for text, values in SAID.findall(source):
            given = set(re.findall(r"(\w+)(?=\s*[,:}])", values)) if values.startswith("{") else None
            assert bool(NAMES.findall(text)) == bool(values), text
            assert given is None or set(NAMES.findall(text)) <= given, text


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_script_shows_words_that_it_does_not_say(folder: str) -> None:
    shown = {
        (name, text)
        for name, source in scripts(folder).items()
        for found in STRING.findall(SAID.sub("", source))
        for text in found
        if WORDS.search(re.sub(r"\$\{[^}]*\}", " ", text))
    }

    assert {(name, text) for name, text in shown if text not in NOT_SHOWN} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_with_its_names(language: str) -> None:
    with override(language):
        translated = {word: gettext(word) for word in (*OF_READERS, *OF_CORRECTORS, *OF_STYLES)}

    # These are the same words in French.
    assert [word for word, text in translated.items() if word == text] == [
        "note %(n)s",
        "p. %(page)s",
        "Style",
    ]
    assert [
        word
        for word, text in translated.items()
        if sorted(NAMES.findall(word)) != sorted(NAMES.findall(text))
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_style_sheets_say_in_each_language_what_is_heard(language: str) -> None:
    [explained] = OF_STYLES
    with override(language):
        word = gettext(explained)
    sheet = (STATIC / "css" / "text.css").read_text()

    assert f'var(--explained, "{explained}")' in sheet
    assert f':root:lang({language}) {{\n  --explained: "{word}";' in sheet


def test_no_style_sheet_shows_other_words() -> None:
    declared = [
        (sheet.name, value)
        for sheet in STATIC.rglob("*.css")
        for value in re.findall(r"(?<![-\w])(?:content|--explained): ([^;]*);", sheet.read_text())
    ]

    assert {value for _, value in declared if WORD.search("".join(re.findall(r'"([^"]*)"', value)))} == {
        '"" / var(--explained, ", explained")',
        '", expliqué"',
    }


def words_in(html: str) -> dict[str, str]:
    found = re.findall(r'<script id="words" type="application/json">(.*?)</script>', html)
    return json.loads(found[0]) if found else {}


@pytest.mark.parametrize(
    ("template", "list_of"), [("500.html", OF_READERS), ("admin/base_site.html", OF_CORRECTORS)]
)
def test_a_page_in_french_has_the_words_of_its_scripts(template: str, list_of: tuple[str, ...]) -> None:
    with override("fr"):
        words = words_in(render_to_string(template))

    assert set(words) == set(list_of)
    assert words.get("Go there", "Y aller") == "Y aller"


@pytest.mark.parametrize("template", ["500.html", "admin/base_site.html"])
def test_a_page_in_english_carries_no_words(template: str) -> None:
    assert "application/json" not in render_to_string(template)


def test_what_a_script_keeps_for_a_file_is_english() -> None:
    source = Path(STATIC / "js" / "marks" / "store.js").read_text()

    assert 'label: "Marks of a reader"' in source
    assert "say.js" not in source
