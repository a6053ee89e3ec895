"""Front: a saved web page (HTML).

The blocks of the page get their roles from its elements (headings, quotations, tables), from its links (calls and
notes), from its style (indents, bold lines) and, where these say nothing, from their wording, by the patterns that the
import uses for plain text.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.sources.html_assembly import assemble
from corpus_import.parsing.sources.html_balance import ends_in_tag
from corpus_import.parsing.sources.html_flow import Flow, read_flow
from corpus_import.parsing.sources.html_text import Decoded, decode, decode_wide
from corpus_import.parsing.sources.shown import Shown
from reader.text.diagnostics import CUT_OFF, WITHOUT_END

_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_OPENED, _CLOSED = (
    re.compile(tag, re.IGNORECASE) for tag in (r"<(?:html|body)[\s>]", r"</(?:html|body)\s*>")
)


def is_web_page(content: bytes) -> bool:
    """Whether bytes begin like a web page, in any encoding."""
    if _BEGINNING.match(content[:20_000]):
        return True
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = content[:20_000].decode("utf-16", errors="replace").encode("utf-8")
        return _BEGINNING.match(start) is not None
    start = (decode_wide(content[:20_000]) or "").encode("utf-8", "replace")
    return _BEGINNING.match(start) is not None


def read_web_page(content: bytes, name: str, manifest: Manifest) -> Shown:
    """The text of a web page with what it shows. Raises ImportFault if the page cannot be read whole."""
    decoded = decode(content, name, "", manifest.encoding)
    flows, left_out = read_flow(decoded.markup, name)
    return shown_of("web page", [(name, flows)], left_out, name, manifest, remarks_on(decoded))


def remarks_on(page: Decoded) -> list[tuple[str, str]]:
    """What is wrong with a page as a whole: codes and sentences."""
    remarks = [("encoding-contradicted", page.remark)] if page.remark else []
    if ends_in_tag(page.markup):
        remarks.append(("page-cut-off", CUT_OFF))
    elif _OPENED.search(page.markup) and not _CLOSED.search(page.markup):
        remarks.append(("page-cut-off", WITHOUT_END))
    return remarks


def shown_of(
    kind: str,
    files: Sequence[tuple[str, list[Flow]]],
    left_out: Counter[str],
    name: str,
    manifest: Manifest,
    remarks: Sequence[tuple[str, str]] = (),
) -> Shown:
    """What the files of a page show; each comes with its own name, by which links find it."""
    flows = list(_numbered_through([own for _, own in files]))
    names = [file.rsplit("/", 1)[-1] for file, own in files for _ in own]
    if not flows:
        raise ImportFault(
            name, None, "this %(kind)s has no text; save it again when it shows its text.", kind=kind
        )
    shown = assemble(kind, flows, names, left_out, manifest)
    last = max(shown.text.count("\n"), 1)
    return replace(shown, remarks=(*shown.remarks, *((last, code, said) for code, said in remarks)))


def _numbered_through(files: Sequence[Sequence[Flow]]) -> Iterator[Flow]:
    """The blocks of all files; their tables and places have other numbers in each file."""
    tables = places = 0
    for flows in files:
        for flow in flows:
            flow.place += places
            if flow.cell is not None:
                flow.cell = replace(flow.cell, table=flow.cell.table + tables)
            yield flow
        tables = max([tables, *(flow.cell.table for flow in flows if flow.cell is not None)])
        places = max([places, *(flow.place for flow in flows)])
