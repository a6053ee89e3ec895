"""A program of its own: reads a PDF from its input and writes what is asked for to its output.

It imports nothing of the project, because it is started by its path (`pdf_process.py`). Its only argument is the
request in JSON. If it fails, it writes the reason as the last line, in JSON, and ends with status 1. While it reads, it
writes a line for each page that it begins to the file descriptor `told`: the page's number and the number of all pages.
"""

import contextlib
import ctypes
import io
import json
import math
import os
import resource
import sys
from collections import Counter, defaultdict
from typing import Any, NoReturn

import pypdfium2
import pypdfium2.raw as pdfium

# The most pixels of a picture.
PIXELS = 40_000_000
_PASSWORD = 4
_LOST = "\ufffd"
_HYPHEN = 2  # how the library writes a hyphen at the end of a line
# Shares of the size of the type: a gap inside a word, a step back, another baseline.
_GAP, _BACK, _STEP = 0.3, 0.35, 0.06
# The letters of a ligature behind its f, by what they become when their bytes are turned.
_TURNED = {"\u6600": "f", "\u6900": "i", "\u6c00": "l", "\u7400": "t", "\ucf00": "fi", "\ud200": "fl"}
# No number of a page is longer.
_LONGEST_LABEL = 20
# Two glyphs that claim one character differ by so many hundredths of an em.
_OTHER = 4
# Text, left, right, base line, size, font, whether white space stands before, link; advances (-1 in a ligature; less:
# the number of a glyph that has no character).
Word = list[Any]
_TOLD, _ADVANCES = 8, 8


def main() -> None:
    """Answer the request."""
    request = json.loads(sys.argv[1])
    for which, most in (
        (resource.RLIMIT_AS, request["memory"]),
        (resource.RLIMIT_CPU, request["seconds"]),
        (resource.RLIMIT_FSIZE, request["written"]),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(which)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS does not limit memory
            resource.setrlimit(which, (least, hard))
    try:
        document = open_document(sys.stdin.buffer.read())
        if request["do"] == "picture":
            draw(document, request["page"], request["box"], request["scale"])
        else:
            Reading(document, request["told"]).write(request["pages"], request["characters"])
    except MemoryError:
        fail("memory", most=request["memory"] // 2**20)
    sys.stdout.flush()


def fail(fault: str, **said: int) -> NoReturn:
    """Write the reason and end."""
    sys.stdout.buffer.write(b"\n" + json.dumps({"fault": fault, **said}).encode())
    sys.stdout.flush()
    sys.exit(1)


def open_document(content: bytes) -> Any:
    """The document; without a password, as any reader opens it."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        fail("password" if pdfium.FPDF_GetLastError() == _PASSWORD else "cut")
    if len(document) == 0:
        fail("pages")
    return document


def draw(document: Any, number: int, box: list[float] | None, scale: float) -> None:
    """Write the picture of a page, or of a piece of it."""
    if not 1 <= number <= len(document):
        fail("page")
    page = document[number - 1]
    width, height = page.get_size()
    left, top, right, bottom = box or (0, 0, width, height)
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    if left >= right or top >= bottom:
        fail("page")
    if (right - left) * (bottom - top) * scale * scale > PIXELS or width * height * scale > PIXELS * 100:
        fail("large")
    bitmap = page.render(scale=scale, crop=(left, height - bottom, width - right, top), may_draw_forms=False)
    stream = io.BytesIO()
    bitmap.to_pil().save(stream, "PNG", optimize=False)
    sys.stdout.buffer.write(stream.getvalue())


class Reading:
    """Reads the words of all pages, with their places and fonts."""

    def __init__(self, document: Any, told: int) -> None:
        self.document, self.told = document, told
        self.fonts: dict[str, int] = {}
        self.looks: list[list[Any]] = []  # name, italic, bold, as the font itself says
        self.advances: dict[tuple[int, str], Counter[int]] = defaultdict(Counter)
        self.characters = 0
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._box, self._matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        self._of: dict[int, tuple[int, float, int]] = {}  # of the page's text objects: font, size, direction

    def write(self, most_pages: int, most_characters: int) -> None:
        """Write a line in JSON for each page, then one for the document."""
        count = len(self.document)
        if count > most_pages:
            fail("many pages", count=count, most=most_pages)
        pages: list[tuple[dict[str, Any], list[Word]]] = []
        broken = 0
        for n in range(count):
            os.write(self.told, b"%d %d\n" % (n + 1, count))
            try:
                page = self.document[n]
            except pypdfium2.PdfiumError:
                broken += 1
                pages.append(({"size": [0, 0], "turn": 0, "links": [], "images": 0, "turned": 0}, []))
                continue
            pages.append(self.page(page, most_characters))
            with contextlib.suppress(UnicodeDecodeError):
                pages[-1][0]["label"] = self.document.get_page_label(n)[:_LONGEST_LABEL]
            page.close()
        if broken == count:
            fail("cut")
        several = {key: kept for key, found in self.advances.items() if len(kept := _apart(found)) > 1}
        for said, words in pages:
            said["words"] = [word[:_TOLD] for word in words]
            said["doubles"] = list(self._doubles(words, several))
            sys.stdout.write(json.dumps(said, ensure_ascii=True, separators=(",", ":")) + "\n")
        sys.stdout.write(json.dumps({"fonts": self.looks, "broken": broken, "end": True}) + "\n")

    def _doubles(self, words: list[Word], several: dict[tuple[int, str], list[int]]) -> Any:
        """Characters that two glyphs of a font claim, or none maps: word, place in it, which of the glyphs."""
        for k, word in enumerate(words):
            for at, character in enumerate(word[0]):
                if character == _LOST:
                    yield [k, at, -2 - word[_ADVANCES][at]]
                    continue
                kept = several.get((word[5], character))
                advance = word[_ADVANCES][at]
                if kept and advance >= 0:
                    yield [k, at, min((abs(n - advance), n) for n in kept)[1]]

    def page(self, page: Any, most: int) -> tuple[dict[str, Any], list[Word]]:
        """What stands on a page."""
        self._of = {}
        text = page.get_textpage()
        count = pdfium.FPDFText_CountChars(text)
        self.characters += count
        if self.characters > most:
            fail("many characters", most=most)
        place = _Place(page)
        glyphs = _turned_back(list(self._glyphs(text.raw, count, place)))
        turns = Counter(glyph[5] for glyph in glyphs if glyph[4] >= 0)
        turn = turns.most_common(1)[0][0] if turns else 0
        links = [link for link in self._links(page) if link]
        frames = [_frame(link[:4], turn, place) for link in links]
        words = list(self._words(glyphs, turn, frames))
        said = {
            "size": [round(place.width, 2), round(place.height, 2)],
            "turn": turn,
            "links": links,
            "images": _images(page),
            "turned": sum(glyph[4] >= 0 and glyph[5] != turn and not glyph[0].isspace() for glyph in glyphs),
        }
        text.close()
        return said, words

    def _glyphs(self, text: Any, count: int, place: "_Place") -> Any:
        """The glyphs of a page: character, x, y, right end, font (-1: white space that is not there), direction."""
        x, y, box = self._x, self._y, self._box
        half = 0
        for k in range(count):
            code = pdfium.FPDFText_GetUnicode(text, k)
            if pdfium.FPDFText_IsGenerated(text, k) == 1 and code != _HYPHEN:
                yield (" ", 0.0, 0.0, 0.0, -1, 0, 0.0, 0)
                continue
            if 0xD800 <= code < 0xDC00:
                half = code
                continue
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((half - 0xD800) << 10) + (code - 0xDC00) if half else 0
            half = 0
            pdfium.FPDFText_GetCharOrigin(text, k, x, y)
            pdfium.FPDFText_GetLooseCharBox(text, k, box)
            font, size, direction = self._look(text, k, place)
            character = _character(code)
            if pdfium.FPDFText_HasUnicodeMapError(text, k) == 1 and not character.isspace():
                character = _LOST
            at, (right, _) = place.at(x.value, y.value), place.at(box.right, box.top)
            if direction:
                end = max(
                    place.turned(*place.at(cx, cy), direction)[0]
                    for cx in (box.left, box.right)
                    for cy in (box.top, box.bottom)
                )
                right = end
                at = place.turned(*at, direction)
            elif place.rotation:
                right = max(
                    place.at(cx, cy)[0] for cx in (box.left, box.right) for cy in (box.top, box.bottom)
                )
            yield (character, at[0], at[1], right, font, direction, size, code)

    def _look(self, text: Any, k: int, place: "_Place") -> tuple[int, float, int]:
        """Font, size and direction of a glyph: those of its text object."""
        of = pdfium.FPDFText_GetTextObject(text, k)
        key = ctypes.addressof(of.contents) if of else 0
        if key in self._of:
            return self._of[key]
        matrix = self._matrix
        size = pdfium.FPDFText_GetFontSize(text, k)
        direction = 0
        if pdfium.FPDFText_GetMatrix(text, k, matrix):
            scale = math.hypot(matrix.c, matrix.d)
            size *= scale or 1.0
            direction = place.direction(matrix.a, matrix.b)
        name, italic, bold = "", False, False
        font = pdfium.FPDFTextObj_GetFont(of) if of else None
        if font:
            buffer = ctypes.create_string_buffer(256)
            pdfium.FPDFFont_GetBaseFontName(font, buffer, 256)
            name = buffer.value.decode("utf-8", "replace")
            flags = pdfium.FPDFFont_GetFlags(font)
            italic, bold = bool(flags & 64), bool(flags & (1 << 18))
        if name not in self.fonts:
            self.fonts[name] = len(self.looks)
            self.looks.append([name, italic, bold])
        self._of[key] = self.fonts[name], abs(size), direction
        return self._of[key]

    def _words(self, glyphs: list[Any], turn: int, links: list[Any]) -> Any:
        """The words in the order of the file; a word in two fonts, or partly in a link, is two without a space."""
        word: Word | None = None
        space = True
        origin = (-1.0, -1.0)
        for character, x, y, right, font, direction, size, code in glyphs:
            if font < 0 or (character.isspace() and direction == turn):
                if font >= 0 and word is not None and _near(word, x, y):
                    word[2] = max(word[2], right)  # white space that stands there holds a line together
                space = True
                continue
            if direction != turn:
                continue
            # A ligature is several characters with one origin.
            ligature, origin = (x, y) == origin, (x, y)
            advance = min(round((right - x) / size * 100), 999) if size else 0
            if ligature and word is not None and word[_ADVANCES][-1] >= 0:
                self.advances[word[5], word[0][-1]][word[_ADVANCES][-1]] -= 1
                word[_ADVANCES][-1] = -1
            if character == _LOST:
                advance = -2 - code  # the glyph's own number
            elif ligature:
                advance = -1
            else:
                self.advances[font, character][advance] += 1
            link = _link_at(links, (x + right) / 2, y - size * 0.3) if links else -1
            same = (
                word is not None
                and not space
                and word[7] == link
                and word[5] == font
                and abs(word[4] - size) < 0.01 * size
                and abs(word[3] - y) < _STEP * size
                and (ligature or -_BACK * size < x - word[2] < _GAP * size)
            )
            if same and word is not None:
                word[0] += character
                word[2] = max(right, word[2])
                word[_ADVANCES].append(advance)
            else:
                if word is not None:
                    yield _rounded(word)
                touches = word is not None and not space and -_BACK * size < x - word[2] < _GAP * size
                word = [character, x, right, y, size, font, not touches, link, [advance]]
            space = False
        if word is not None:
            yield _rounded(word)

    def _links(self, page: Any) -> Any:
        """Links: left, top, right, bottom, and page, left, top of the place they lead to; page -1 for other places."""
        position, link = ctypes.c_int(0), pdfium.FPDF_LINK()
        place = _Place(page)
        while pdfium.FPDFLink_Enumerate(page, position, link):
            rectangle = pdfium.FS_RECTF()
            aim = pdfium.FPDFLink_GetDest(self.document, link)
            if not aim:
                action = pdfium.FPDFLink_GetAction(link)
                aim = pdfium.FPDFAction_GetDest(self.document, action) if action else None
            if not pdfium.FPDFLink_GetAnnotRect(link, rectangle):
                continue
            corners = [place.at(rectangle.left, rectangle.top), place.at(rectangle.right, rectangle.bottom)]
            xs, ys = zip(*corners, strict=True)
            box = [round(v, 1) for v in (min(xs), min(ys), max(xs), max(ys))]
            if not aim:
                yield [*box, -1, 0, 0]
                continue
            number = pdfium.FPDFDest_GetDestPageIndex(self.document, aim)
            has_x, has_y, has_zoom = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
            x, y, zoom = ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
            pdfium.FPDFDest_GetLocationInPage(aim, has_x, has_y, has_zoom, x, y, zoom)
            if not 0 <= number < len(self.document) or not has_y.value:
                continue
            target = self.document[number]
            to = _Place(target).at(x.value, y.value)
            yield [*box, number, *(round(v, 1) for v in to)]


def _turned_back(glyphs: list[Any]) -> list[Any]:
    """The glyphs with the letters of ligatures whose two bytes Ghostscript 10.00 turned: U+6600 U+6900 is `fi`.

    Of three letters it added the last two (U+6600 U+CF00 is `ffi`). Both stand at the origin of the one glyph.
    """
    back: list[Any] = []
    for glyph in glyphs:
        above = back[-1] if back else None
        letters = ""
        if (
            above is not None
            and above[1:3] == glyph[1:3]
            and above[4] == glyph[4] >= 0
            and above[0] == "\u6600"
        ):
            letters = _TURNED.get(glyph[0], "")
        if above is not None and letters:
            back[-1] = ("f", *above[1:])
        back += [(letter, *glyph[1:]) for letter in letters or (glyph[0],)]
    return back


class _Place:
    """Turns the coordinates of a file's page into points from the upper left of the page as it is shown."""

    def __init__(self, page: Any) -> None:
        self.left, self.bottom, self.right, self.top = page.get_bbox()
        self.rotation = page.get_rotation() // 90 % 4
        self.width, self.height = page.get_size()

    def at(self, x: float, y: float) -> tuple[float, float]:
        if self.rotation == 1:
            return y - self.bottom, x - self.left
        if self.rotation == 2:
            return self.right - x, y - self.bottom
        if self.rotation == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def turned(self, x: float, y: float, direction: int) -> tuple[float, float]:
        """A place as one sees it who turns the page until the text of a direction is upright."""
        if direction == 1:  # upwards
            return self.height - y, x
        if direction == 2:
            return self.width - x, self.height - y
        if direction == 3:  # downwards
            return y, self.width - x
        return x, y

    def direction(self, a: float, b: float) -> int:
        """The direction of a text: 0 to the right, 1 upwards, 2 to the left, 3 downwards, 4 aslant."""
        if abs(b) * 20 > abs(a) and abs(a) * 20 > abs(b):
            return 4
        of_file = (0 if a >= 0 else 2) if abs(a) > abs(b) else (1 if b > 0 else 3)
        return int(of_file - self.rotation) % 4


def _near(word: Word, x: float, y: float) -> bool:
    return bool(abs(word[3] - y) < word[4] and -word[4] < x - word[2] < word[4])


def _rounded(word: Word) -> Word:
    return [word[0], *(round(value, 2) for value in word[1:5]), *word[5:]]


def _frame(box: list[float], turn: int, place: _Place) -> tuple[float, float, float, float]:
    """The box of a link on the page turned upright."""
    xs, ys = zip(place.turned(box[0], box[1], turn), place.turned(box[2], box[3], turn), strict=True)
    return min(xs) - 0.5, min(ys) - 1, max(xs) + 0.5, max(ys) + 1


def _link_at(links: list[Any], x: float, y: float) -> int:
    return next((k for k, (a, b, c, d) in enumerate(links) if a <= x <= c and b <= y <= d), -1)


def _apart(found: Counter[int]) -> list[int]:
    """The advances of a character that lie apart, if there are two or three, each of its own glyph."""
    kept: list[int] = []
    for advance in sorted(advance for advance, count in found.items() if count):
        if not kept or advance - kept[-1] >= _OTHER:
            kept.append(advance)
    return kept if len(kept) < 4 else []


def _character(code: int) -> str:
    if code == _HYPHEN:
        return "-"
    if code in (9, 10, 13):
        return " "
    if (
        code < 32
        or 0x7F <= code < 0xA0
        or 0xE000 <= code < 0xF900
        or code > 0x10FFFF
        or code & 0xFFFE == 0xFFFE
    ):
        return _LOST
    return chr(code)


def _images(page: Any) -> int:
    return sum(
        pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, k)) == pdfium.FPDF_PAGEOBJ_IMAGE
        for k in range(min(pdfium.FPDFPage_CountObjects(page), 2000))
    )


if __name__ == "__main__":
    main()
