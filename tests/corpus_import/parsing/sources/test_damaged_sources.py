"""Sources whose bytes were damaged on their way: each is read, or refused in one sentence that is no fault of ours.

The damages are the same on each run. `python -m tests.corpus_import.parsing.sources.test_damaged_sources PDF 1000 2000`
tries others, and prints those that fail.
"""

import io
import random
import resource
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from quopri import encodestring

import pytest

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_source
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.sources.pdf_pages import Setter
from tests.corpus_import.parsing.sources.test_docx import BODY, document
from tests.corpus_import.parsing.sources.test_epub import BOOK, packed

PLAN = (
    "The council met in the winter of that year and drew up a plan for the whole country, which nobody read."
)
SPRING = "In the spring the second office asked for the plan, and the first one answered that it was lost."
PAGE = (
    f"<!doctype html><html><head><meta charset=utf-8></head><body><h2>1. The plan</h2><p>{PLAN}<a href='#n1'>[1]</a>"
    f" It was <i>very</i> cold. {SPRING}</p><p align=center>page 12</p><blockquote>{SPRING}</blockquote><table><tr>"
    "<th>Year</th><th>Wagons</th></tr><tr><td>1924</td><td>12</td></tr></table><h4>Notes</h4><table><tr><td>"
    "<a name=n1>1.</a></td><td>The <i>Minutes</i>, vol. 2.</td></tr></table></body></html>"
).encode()
MOST_SECONDS, MOST_MEMORY = 10, 256 * 2**20


def pdf() -> bytes:
    book = Setter(head="The Office", folio=41)
    for n in (1, 2):
        book.heading(f"{n}. The office", 15)
        book.paragraph(f"{PLAN}^{n} It was *very* cold. {SPRING}")
        book.heading("Notes")
        book.rows([(f"{n}.", "The *Minutes*, vol. 2.")], 74)
        book.turn()
    return book.pdf()


def mht() -> bytes:
    return (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html;'
        b" charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: http://a/b.html\r\n\r\n"
        + encodestring(PAGE)
        + b"\r\n--b\r\nContent-Type: text/css\r\n\r\np { color: red }\r\n--b--\r\n"
    )


SOUND: dict[str, Callable[[], bytes]] = {
    "PDF": cache(pdf),
    "EPUB": cache(lambda: packed(BOOK)),
    "DOCX": cache(lambda: document(BODY)),
    "MHT": mht,
    "HTML": lambda: PAGE,
}


def damaged(kind: str, n: int) -> bytes:
    """A sound source of a kind with damages: in its bytes, or in those of the files that it packs."""
    chance = random.Random(f"{kind} {n}")
    sound = SOUND[kind]()
    if kind not in ("EPUB", "DOCX") or chance.random() < 0.3:
        return _damage(chance, sound)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sound)) as members,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        hit = chance.sample(members.namelist(), chance.randint(1, 2))
        for name in members.namelist():
            content = members.read(name)
            made.writestr(name, _damage(chance, content) if name in hit else content)
    return out.getvalue()


def _damage(chance: random.Random, sound: bytes) -> bytes:
    """Bits turned over, bytes put in the place of others, pieces lost, doubled or put elsewhere, the end cut off."""
    content = bytearray(sound)
    for _ in range(chance.choice([1, 1, 2, 4, 10])):
        at = chance.randrange(len(content) or 1)
        end = at + chance.choice([1, 3, 20, 300, 3_000])
        match chance.randrange(7):
            case 0:
                content[at : at + 1] = bytes(byte ^ 1 << chance.randrange(8) for byte in content[at : at + 1])
            case 1:
                content[at : at + 1] = chance.randbytes(1)
            case 2 | 3:
                del content[at:end]
            case 4:
                content[at:at] = content[at:end]
            case 5:
                other = chance.randrange(len(content) or 1)
                content[other:other] = content[at:end]
            case 6 if chance.random() < 0.3:
                del content[at:]
    return bytes(content)


def read(content: bytes) -> str:
    """Parse a source; return the sentence of its refusal, or nothing. Raises whatever is a fault of the archive."""
    try:
        parse(decode_source(replace(MANIFEST, witnesses=("a.bin",)), {"a.bin": content}))
    except ImportFault as fault:
        if fault.__cause__ is not None:
            raise fault.__cause__ from None
        if "would be lost" in str(fault):
            raise
        return str(fault)
    return ""


@pytest.mark.parametrize("kind", SOUND)
def test_a_sound_source_is_read(kind: str) -> None:
    assert read(SOUND[kind]()) == ""


@pytest.mark.parametrize("kind", SOUND)
def test_a_damaged_source_is_read_or_refused_in_a_sentence(kind: str) -> None:
    said = []
    before = _peak()
    for n in range(60):
        begun = time.process_time()
        said.append(read(damaged(kind, n)))
        assert time.process_time() - begun < MOST_SECONDS, n
    refusals = [sentence for sentence in said if sentence]

    assert 5 < len(refusals) < 55
    assert all(sentence.startswith("a.bin") and "\n" not in sentence for sentence in refusals)
    assert _peak() - before < MOST_MEMORY


def _peak() -> int:
    """The most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    for number in range(int(sys.argv[2]), int(sys.argv[3])):
        try:
            read(damaged(sys.argv[1], number))
        except Exception as error:
            print(number, repr(error))
