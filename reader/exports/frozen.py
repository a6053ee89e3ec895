"""A frozen copy of the archive: every page as a file that any web server, or a folder on a stick, shows.

The archive is walked from its first page, as a reader would walk it; links become relative addresses of files. The
pages lose their scripts, because a browser blocks modules of files, and work without them. Search is a page with one
classic script and the texts beside it. (Pagefind, which was looked at, loads a module and WebAssembly, and so finds
nothing in a folder without a server.)
"""

import json
import posixpath
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote, urlsplit

from django.utils.translation import get_language, gettext

from reader.edition.edition import Edition
from reader.models import Note, Text
from reader.pages import metadata
from reader.text import markup
from reader.text.addresses import explained_entry
from reader.text.sentences import shorten

# The answer to a request for an address: its media type and its bytes; for a redirect, its target and no bytes.
Fetch = Callable[[str], "Answer"]
LINK = re.compile(r'(?P<before>\s(?:href|src)=")(?P<url>[^"]*)(?P<after>")')
CSS_URL = re.compile(r"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)")
# The schema that JSON names at its beginning.
SCHEMA = re.compile(r'\A\{\s*"\$schema": "([^"#]*)')
SCRIPT = re.compile(r"\s*<script\b.*?</script>", re.DOTALL)
# An alternate that is data stays; feeds and what reference managers take need the archive.
HEAD_LINK = re.compile(
    r'\s*<link rel="(?:canonical|search|modulepreload|unapi-server|alternate)"(?! type="application/json")[^>]*>'
)
# What a page says of the living archive.
LIVE = re.compile(r'\s*<p class="live\b[^"]*">.*?</p>')
META_URL = re.compile(r'\s*<meta property="og:url"[^>]*>')
# What the page of search says of the archive's own search.
CHOICES = re.compile(r'\s*<div class="choices">.*?</div>\s*(?=</form>)|\s*<details\b.*?</details>', re.DOTALL)
FORM = re.compile(r'(?P<before><form\b[^>]*\saction=")(?P<url>[^"]*)(?P<after>")')


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive answers: status, media type, and bytes, or the address to which it leads on."""

    status: int
    media_type: str = ""
    content: bytes = b""
    target: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the copy: its path below the folder, and its bytes."""

    path: str
    content: bytes


def freeze(
    fetch: Fetch, searches: Iterable[tuple[str, Iterator[File]]], tell: Callable[[str], object]
) -> Iterator[File]:
    """The files of a copy: all that can be reached from the first page.

    `searches` are the addresses of the pages of search, each with the files that stand there instead. Where a page of
    the archive leads to nothing, the copy has the archive's answer to that, and `tell` is told.
    """
    instead = dict(searches)
    asked, waiting = {"/"}, deque([("/", "/")])
    while waiting:
        address, seen_on = waiting.popleft()
        if address in instead:
            continue
        answer = fetch(address)
        if answer.status >= 400:
            tell(f"{seen_on} leads to {address}, where nothing is.")
        if answer.status in (301, 302, 307, 308):
            links = [answer.target]
            content = _redirect(path_of(address), answer.target).encode()
        elif answer.media_type.startswith("text/html"):
            content, links = frozen_page(address, answer.content.decode())
        elif answer.media_type.startswith("text/css"):
            content, links = answer.content, CSS_URL.findall(answer.content.decode())
        else:
            content = answer.content
            links = SCHEMA.findall(content.decode()) if answer.media_type == "application/json" else []
        yield File(path_of(address), content)
        for link in links:
            following = _inside(address, link)
            if following and following not in asked:
                asked.add(following)
                waiting.append((following, address))
    for files in instead.values():
        yield from files


def frozen_page(address: str, html: str) -> tuple[bytes, list[str]]:
    """A page as it stands in the copy, and the addresses to which it leads, as the page writes them."""
    for unwanted in (SCRIPT, HEAD_LINK, META_URL, LIVE):
        html = unwanted.sub("", html)
    links: list[str] = []

    def relative(found: re.Match[str]) -> str:
        url = unescape(found["url"])
        following = _inside(address, url)
        if not following:
            return found[0]
        if not found["before"].startswith("<form"):
            links.append(url)
        fragment = urlsplit(url).fragment
        target = _from(path_of(address), path_of(following)) + (f"#{fragment}" if fragment else "")
        return f"{found['before']}{escape(target)}{found['after']}"

    html = LINK.sub(relative, html)
    html = FORM.sub(relative, html)
    return html.encode(), links


def path_of(address: str) -> str:
    """The file that holds what stands at an address: `a/b/index.html` for `/a/b/`."""
    parts = urlsplit(address)
    path = unquote(parts.path).lstrip("/")
    name = posixpath.basename(path)
    if parts.query:
        asked = re.sub(r"[^\w]+", "-", unquote(parts.query)).strip("-")
        return posixpath.join(path.rstrip("/"), f"index-{asked}.html")
    return path if "." in name and not path.endswith("/") else posixpath.join(path.rstrip("/"), "index.html")


def _inside(address: str, link: str) -> str:
    """The address in the archive to which a link leads, without its fragment; empty if it leads elsewhere."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not (parts.path or parts.query):
        return ""
    base = urlsplit(address).path
    path = posixpath.normpath(
        posixpath.join(base if base.endswith("/") else posixpath.dirname(base), parts.path)
    )
    path = path.replace("//", "/") + ("/" if parts.path.endswith(("/", "/.", "/..")) and path != "/" else "")
    if not parts.path:
        path = base
    return path + (f"?{parts.query}" if parts.query else "")


def _from(file: str, target: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(file) or ".")


def _redirect(file: str, target: str) -> str:
    """A page that leads on by itself, and by a link."""
    following, fragment = _inside("/", target), urlsplit(target).fragment
    url = escape(_from(file, path_of(following)) + (f"#{fragment}" if fragment else ""))
    title, link = gettext("It stands elsewhere"), gettext("Go on")
    return (
        f'<!doctype html><html lang="{get_language()}"><meta charset="utf-8"><title>{title}</title>'
        f'<meta http-equiv="refresh" content="0; url={url}"><p><a href="{url}">{link}</a></p></html>\n'
    )


# Search


def search_files(edition: Edition, page: str, script: str) -> Iterator[File]:
    """The page of search of a volume, with its texts as a script.

    `page` is the archive's own page of search without a question, `script` the program that searches. The page has the
    answers of the program, in the language of the copy, and the language of the texts if that is another one.
    """
    address = f"{edition.volume.get_absolute_url()}search/"
    content, _ = frozen_page(address, page)
    language = edition.volume.language
    of_texts = f' data-language="{escape(language)}"' if language != get_language() else ""
    scripts = (
        f'<ol id="found" class="hits"{of_texts}></ol>'
        '<script src="texts.js"></script><script src="search.js"></script>'
    )
    how_to_ask = gettext(
        "Finds the texts that have all the words, or words that begin with them; "
        "quotation marks keep words side by side."
    )
    said = {
        "none": gettext("No places"),
        "one": gettext("1 place"),
        "many": gettext("{n} places"),
        "most": gettext("{n} places, the first {most} of them"),
    }
    answers = "".join(f' data-{name}="{escape(words)}"' for name, words in said.items())
    html = CHOICES.sub("", content.decode())
    hint = f'<p class="hint">{escape(how_to_ask)}</p>'
    answer = f'<p id="said" role="status"{answers}></p>'
    shown = html.replace("</main>", f"{hint}{answer}{scripts}</main>")
    texts = json.dumps(list(_texts(edition, address)), ensure_ascii=False).replace("<", "\\u003c")
    yield File(path_of(address), shown.encode())
    yield File(path_of(f"{address}texts.js"), f"const TEXTS = {texts};\n".encode())
    yield File(path_of(f"{address}search.js"), script.encode())


def _texts(edition: Edition, address: str) -> Iterator[tuple[str, str, str, str]]:
    """The address, the chapter, the place in words of the interface and the text of all that can be searched."""
    heading, glossary, unchecked = gettext("heading"), gettext("glossary"), gettext("glossary, not checked")
    here = path_of(address)

    def address_of(url: str) -> str:
        path, _, fragment = url.partition("#")
        return _from(here, path_of(path)) + (f"#{fragment}" if fragment else "")

    texts: list[Text] = [*edition.paragraphs, *edition.notes]
    for chapter in edition.page_divisions:
        yield address_of(chapter.get_absolute_url()), "", heading, chapter.title
    for text in texts:
        chapter = edition.division_by_key[edition.page_of[text.division_id]]
        name = shorten(metadata.name_of(chapter), 60)
        url = f"{chapter.get_absolute_url()}#{text.anchor}"
        yield address_of(url), name, _place(text), " ".join(markup.plain(text.text).split())
    for term in edition.terms:
        url = f"{edition.volume.get_absolute_url()}glossary/{term.slug}/"
        yield address_of(url), "", glossary, f"{term.headword}: {term.definition}"
    for explained in edition.explained.terms:
        url = f"{edition.volume.get_absolute_url()}glossary/{explained_entry(explained.slug)}"
        yield address_of(url), "", unchecked, f"{explained.headword}: {explained.definition}"


def _place(text: Text) -> str:
    if isinstance(text, Note):
        return gettext("note %(n)s") % {"n": text.label}
    return gettext("paragraph %(n)s") % {"n": text.number}
