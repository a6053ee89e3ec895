"""The sample, printed by a browser, is read back from the PDF: everything that its truth describes, italics too."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, PdfMargins

from bench.web_page import STYLES, web_page
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_source
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.found import compare, elements_read, elements_there
from tests.layouts import set_truth
from tests.sample import EDITION

# As Internet Explorer printed them.
HEADER = (
    '<div style="font-size: 8pt; width: 100%; padding: 0 1cm"><span>A page</span><span style="float: right">Página '
    '<span class="pageNumber"></span> de <span class="totalPages"></span></span></div>'
)
FOOTER = (
    '<div style="font-size: 8pt; width: 100%; padding: 0 1cm"><span>mhtml:file://C:\\library\\organs.mht</span>'
    '<span style="float: right">13/02/2010</span></div>'
)
KINDS = ("headings", "paragraphs", "notes", "terms")


def printed(chromium: Browser, style: str, header: str, footer: str) -> bytes:
    page = chromium.new_page()
    page.set_content(web_page(EDITION, style))
    margin = PdfMargins(top="2cm", bottom="2cm", left="2cm", right="2cm")
    content = page.pdf(
        format="A4", margin=margin, display_header_footer=True, header_template=header, footer_template=footer
    )
    page.close()
    return content


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("headers", [(HEADER, FOOTER), ("", "")], ids=["old", "own"])
def test_a_browser_s_print_of_the_sample_is_read_whole(
    chromium: Browser, style: str, headers: tuple[str, str]
) -> None:
    content = printed(chromium, style, *headers)
    draft = parse(decode_source(replace(MANIFEST, witnesses=("section-1.pdf",)), {"section-1.pdf": content}))
    read, there = elements_read(draft), elements_there(set_truth(EDITION))
    texts = [(p.text.string, p.emphasis) for p in draft.paragraphs]
    texts += [(p.text.string, p.emphasis) for note in draft.notes for p in note.paragraphs]
    italics = Counter(" ".join(text[a:b].split()) for text, emphasis in texts for a, b in emphasis)
    set_in_italics = Counter(
        " ".join(re.sub(r"\[\^\d+\]", "", words).split())
        for division in EDITION.divisions
        for block in [*division.blocks, *(b for n in division.notes if not n.missing for b in n.paragraphs)]
        for words in re.findall(r"\*([^*]+)\*", block.text)
    )

    assert {kind: str(compare(read[kind], there[kind])) for kind in KINDS} == {
        kind: f"{len(there[kind])}/{len(there[kind])}" for kind in KINDS
    }
    assert italics == set_in_italics
    assert set(there["pages"]) <= set(read["pages"])
    assert draft.doubts == ()
