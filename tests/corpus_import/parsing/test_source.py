"""Unreadable sources are refused in one sentence that names file and line."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.manifest import Manifest, read_manifest
from corpus_import.parsing.source import decode_source, decode_witness, read_witness
from corpus_import.parsing.sources import fronts
from corpus_import.parsing.sources.shown import Shown
from corpus_import.parsing.telling import Ended, Tell
from tests.corpus_import.parsing.case_files import MANIFEST, parse_text

WHOLE = {
    "slug": '"offices"',
    "title": '"Offices"',
    "author": '"Nobody"',
    "publisher": '"None"',
    "year": "1930",
    "rights": '"None"',
    "language": '"en"',
    "witnesses": '["one.txt"]',
}


def write_manifest(folder: Path, **changes: str | None) -> Path:
    fields = {**WHOLE, **changes}
    path = folder / "volume.toml"
    path.write_text("".join(f"{k} = {v}\n" for k, v in fields.items() if v is not None), encoding="utf-8")
    return path


def fault_of(path: Path) -> ImportFault:
    with pytest.raises(ImportFault) as caught:
        read_manifest(path)
    return caught.value


def test_a_whole_manifest_is_read(tmp_path: Path) -> None:
    manifest = read_manifest(write_manifest(tmp_path, translator='"A. Translator"'))

    assert (manifest.slug, manifest.year, manifest.witnesses) == ("offices", 1930, ("one.txt",))
    assert manifest.translator == "A. Translator"
    assert manifest.encoding == "utf-8"


def test_a_second_witness_is_independent_only_if_the_manifest_says_so(tmp_path: Path) -> None:
    manifest = read_manifest(
        write_manifest(
            tmp_path,
            collate='[{file = "scan.txt", name = "a scan"}, {file = "b.txt", name = "b", independent = true}]',
        )
    )

    assert [(each.file, each.independent) for each in manifest.collate] == [
        ("scan.txt", False),
        ("b.txt", True),
    ]
    assert manifest.files == ("one.txt", "scan.txt", "b.txt")


def test_a_fault_in_a_table_of_a_second_witness_is_named_with_the_table_s_line(tmp_path: Path) -> None:
    path = write_manifest(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + '\n[[collate]]\nfile = "scan.txt"\n', encoding="utf-8")

    assert fault_of(path).line == len(WHOLE) + 2


@pytest.mark.parametrize("field", WHOLE)
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    fault = fault_of(write_manifest(tmp_path, **{field: None}))

    assert f"“{field}” is missing" in fault.message
    assert fault.file == "volume.toml"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("year", '"1930"', "a year in figures"),
        ("year", "true", "a year in figures"),
        ("title", "7", "in quotation marks"),
        ("notes", '"1."', "must show the number as {n}"),
        ("notes", '"line {n}"', "must show the number as {n}"),
        ("calls", '"[n]"', "must show the number as {n}"),
        ("title", '"  "', "is empty"),
        ("title", '"a\\u0000b"', "NUL"),
        ("language", f'"{"x" * 36}"', "shorten it to 35"),
        ("slug", '"Two Words"', "small letters"),
        ("slug", '"admin"', "small letters"),
        ("witnesses", "[]", "a list of one or more"),
        ("witnesses", '"one.txt"', "a list of one or more"),
        ("witnesses", '["../one.txt"]', "a name in the witnesses' folder"),
        ("witnesses", '["/etc/passwd"]', "a name in the witnesses' folder"),
        ("witnesses", '["one.txt", "one.txt"]', "twice"),
        ("collate", '"scan.txt"', "must be tables [[collate]]"),
        ("collate", '[{file = "scan.txt"}]', "must have “name”"),
        ("collate", '[{file = "scan.txt", name = "  "}]', "must have “name”"),
        ("collate", '[{file = "../scan.txt", name = "a scan"}]', "a name in the witnesses' folder"),
        (
            "collate",
            '[{file = "scan.txt", name = "a scan", from = "1"}]',
            "“from” is not a field of [[collate]]",
        ),
        ("collate", '[{file = "scan.txt", name = "a scan", independent = "no"}]', "must be true or false"),
        ("collate", f'[{{file = "scan.txt", name = "{"x" * 101}"}}]', "shorten it to 100"),
        ("collate", '[{file = "a.txt", name = "a"}, {file = "b.txt", name = "a"}]', "the same “name”"),
        ("collate", '[{file = "a.txt", name = "a"}, {file = "a.txt", name = "b"}]', "is called “a.txt” too"),
        ("collate", '[{file = "one.txt", name = "a scan"}]', "is called “one.txt” too"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(tmp_path: Path, field: str, value: str, said: str) -> None:
    fault = fault_of(write_manifest(tmp_path, **{field: value}))

    assert said in fault.message
    assert fault.line == ([*WHOLE, field].index(field)) + 1


def test_an_unknown_field_is_named_with_its_line(tmp_path: Path) -> None:
    fault = fault_of(write_manifest(tmp_path, tranlator='"A. Translator"'))

    assert "“tranlator” is not a field" in fault.message
    assert fault.line == len(WHOLE) + 1


def test_a_manifest_that_is_not_toml_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "volume.toml"
    path.write_text('slug = "offices"\ntitle = \n', encoding="utf-8")

    assert fault_of(path).line == 2


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('"CHAPTER {n}"', "must be a list of forms"),
        ("[7]", "must be a list of forms"),
        ('["CHAPTER"]', "it has no {n}"),
        ('["{title}"]', "it has no {n}"),
        ('["CHAPTER {number}"]', "{number} means nothing"),
        ('["CHAPTER {n"]', "a brace stands alone"),
        ('["{n} of {n}"]', "can stand in a form once"),
        ('["{n} {title}"]', "put a sign between"),
        ('["§ {n}.", "§ {n}."]', "names a form twice"),
    ],
)
def test_a_form_of_headings_that_cannot_be_read_is_named(tmp_path: Path, value: str, said: str) -> None:
    fault = fault_of(write_manifest(tmp_path, headings=value))

    assert said in fault.message
    assert fault.line == len(WHOLE) + 1


def test_forms_of_headings_are_read_in_their_order(tmp_path: Path) -> None:
    manifest = read_manifest(write_manifest(tmp_path, headings='["CHAPTER {n}", "§ {n}.", "{n} – {title}"]'))

    assert manifest.headings == ("CHAPTER {n}", "§ {n}.", "{n} – {title}")


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000])
def test_a_value_that_python_cannot_take_is_a_fault(tmp_path: Path, value: str) -> None:
    assert "far too large or too deep" in fault_of(write_manifest(tmp_path, year=value)).message


@pytest.mark.parametrize(
    "name",
    ["utf-99", "zip", "hex", "rot13", "idna", "punycode", "unicode_escape", "undefined", "a\\u0000b", "ü"],
)
def test_what_is_no_encoding_of_a_text_is_named(tmp_path: Path, name: str) -> None:
    fault = fault_of(write_manifest(tmp_path, encoding=f'"{name}"'))

    assert "is not an encoding" in fault.message
    assert fault.line == len(WHOLE) + 1


@pytest.mark.parametrize("name", ["utf-8", "UTF-16", "latin-1", "cp1251", "koi8-r", "mac-cyrillic"])
def test_an_encoding_of_a_text_is_taken(tmp_path: Path, name: str) -> None:
    assert read_manifest(write_manifest(tmp_path, encoding=f'"{name}"')).encoding == name


def test_a_manifest_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "no such manifest" in fault_of(tmp_path / "volume.toml").message


def test_a_manifest_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "volume.toml"
    path.write_bytes(b'slug = "offices"\ntitle = "B\xfcro"\n')

    assert fault_of(path).line == 2


def test_a_witness_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match="no such witness"):
        read_witness(tmp_path / "one.txt", 0, "utf-8")


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", 1, "empty"),
        (b" \n\t\n", 1, "empty"),
        (b"one\ntwo \xff\n", 2, "not utf-8"),
        (b"one\ntwo\nthr\0ee\n", 3, "NUL"),
    ],
)
def test_what_is_not_text_is_refused_with_its_line(content: bytes, line: int, said: str) -> None:
    with pytest.raises(ImportFault) as caught:
        decode_witness(content, "one.txt", 0, "utf-8")

    assert (caught.value.line, said in caught.value.message) == (line, True)


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"%PDF-1.4\n%...", 1, "this is a PDF"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>\n<p>One</p>", 1, "this is a web page"),
        (b"<!-- saved -->\n<html>", 1, "this is a web page"),
        (b"From: <Saved by Nobody>\nSubject: One\nMIME-Version: 1.0\n", 1, "a saved web page"),
        (b"PK\x03\x04\0\0", 1, "this is a ZIP file"),
        (b"{\\rtf1 One}", 1, "this is a document in RTF"),
        ("one\ntwo café".encode()[:-1], 2, "ends in the middle of a character"),
        ("one é è ê\ntwo ".encode() + b"B\xfcro\n", 2, "reads “two Büro”): it has two encodings"),
        ("one\ntwo\n".encode("utf-16"), 1, 'set encoding = "utf-16"'),
        ("one\ntwo\n".encode("utf-32"), 1, 'set encoding = "utf-32"'),
        ("one\ntwo\n".encode("utf-16-le"), 1, 'set encoding = "utf-16-le"'),
        ("one\ntwo\n".encode("utf-16-be"), 1, 'set encoding = "utf-16-be"'),
    ],
)
def test_a_broken_file_is_refused_by_name(content: bytes, line: int, said: str) -> None:
    with pytest.raises(ImportFault) as caught:
        decode_witness(content, "one.txt", 0, "utf-8")

    assert said in caught.value.message
    assert caught.value.line == line


@pytest.mark.parametrize(
    "text", ["Subject: the plan\nDate: 1925\n\nOne\n", "PKP <html> is text here\n", "% of"]
)
def test_a_text_that_begins_nearly_like_another_kind_of_file_is_read(text: str) -> None:
    assert decode_witness(text.encode(), "one.txt", 0, "utf-8").text == text


def test_utf_8_that_the_manifest_calls_latin_1_is_refused() -> None:
    with pytest.raises(ImportFault, match="line 2: this is utf-8, not latin-1"):
        decode_witness("one\ncafé, thé, blé".encode(), "one.txt", 0, "latin-1")


def test_utf_16_that_is_cut_off_is_refused() -> None:
    with pytest.raises(ImportFault, match="cut off"):
        decode_witness("one".encode("utf-16")[:-1], "one.txt", 0, "utf-16")


def test_an_encoding_that_does_not_exist_is_named() -> None:
    with pytest.raises(ImportFault, match="is not an encoding"):
        decode_witness(b"text", "one.txt", 0, "utf-99")


def test_half_a_character_is_refused_with_its_line() -> None:
    with pytest.raises(ImportFault, match="line 2: half a character stands alone"):
        decode_witness(b"one\n+2AA-\n", "one.txt", 0, "utf-7")


def test_latin_1_is_read_if_the_manifest_says_so() -> None:
    assert decode_witness("Bürokratie".encode("latin-1"), "one.txt", 0, "latin-1").text == "Bürokratie"


def test_a_byte_order_mark_is_no_text() -> None:
    assert decode_witness(b"\xef\xbb\xbfOne", "one.txt", 0, "utf-8").text == "One"


def test_a_text_with_no_heading_is_refused() -> None:
    with pytest.raises(ImportFault, match="no heading"):
        parse_text("Only a line of text.\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_gives_the_same_text(end: str) -> None:
    draft = parse_text(f"    Preface  {end}{end}    One line \nof text.  ".replace("\n", end))

    assert [p.text.string for p in draft.paragraphs] == ["One line of text."]
    assert draft.paragraphs[0].text.pieces[-1].span.start == draft.witnesses[0].text.index("of text")


@pytest.mark.parametrize(
    "line", ["word " * 40_000, "x" * 200_000, "a\tb " * 20_000, "so\u00adft \ufb01t. The " * 10_000]
)
def test_a_line_without_end_is_said_by_name_and_read_in_time(line: str) -> None:
    before = time.process_time()
    draft = parse_text("   1. The mill\n\n    It stood.\n\n    " + line)

    assert [d.line for d in draft.diagnostics if d.code == "line-without-end"] == [5]
    assert time.process_time() - before < 20


def test_a_line_that_was_never_broken_takes_no_longer_than_it_is() -> None:
    """An earlier pattern for rows of contents needed minutes for a long line."""
    before = time.process_time()
    parse_text("   1. The mill\n\n    It stood.\n\n" + "word " * 8_000)

    assert time.process_time() - before < 20


def read_with(monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    """Read a file by a front that tells a step and raises the fault."""

    def read(content: bytes, name: str, manifest: Manifest, tell: Tell) -> Shown:
        tell(f"Reading {name}, page 3 of 9")
        raise fault

    monkeypatch.setattr(fronts, "FRONTS", ((lambda content: True, read),))
    decode_source(replace(MANIFEST, witnesses=("two.pdf",)), {"two.pdf": b"%PDF-"})


@pytest.mark.parametrize(
    "fault", [KeyError("x"), RecursionError(), AssertionError(), UnicodeError("x")], ids=repr
)
def test_whatever_a_front_raises_is_a_sentence_with_its_cause(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    with pytest.raises(ImportFault) as refusal:
        read_with(monkeypatch, fault)

    assert str(refusal.value) == (
        "two.pdf: the file could not be read, by a fault of the archive (Reading two.pdf, page 3 of 9): save it anew,"
        " or in another form (PDF, web page, plain text), and report the fault with the file."
    )
    assert refusal.value.__cause__ is fault


@pytest.mark.parametrize(
    "end", [Ended(), MemoryError(), KeyboardInterrupt(), ImportFault("a", None, "b.")], ids=repr
)
def test_an_end_that_is_no_fault_of_the_front_stays_what_it_is(
    monkeypatch: pytest.MonkeyPatch, end: BaseException
) -> None:
    with pytest.raises(type(end)) as raised:
        read_with(monkeypatch, end)

    assert raised.value is end


def test_each_file_is_told_as_it_is_read_with_the_steps_of_its_front(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read(content: bytes, name: str, manifest: Manifest, tell: Tell) -> Shown:
        for page in (1, 2):
            tell(f"Reading {name}, page {page} of 2")
        return Shown("PDF", "One.\n")

    monkeypatch.setattr(fronts, "FRONTS", ((lambda content: content.startswith(b"%PDF-"), read),))
    told: list[str] = []

    decode_source(
        replace(MANIFEST, witnesses=("a/one.txt", "two.pdf")),
        {"a/one.txt": b"One.\n", "two.pdf": b"%PDF-"},
        told.append,
    )

    assert told == [
        "Reading one.txt",
        "Reading two.pdf",
        "Reading two.pdf, page 1 of 2",
        "Reading two.pdf, page 2 of 2",
    ]
