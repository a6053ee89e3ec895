"""Print the sample volume as a web page, take its text out of the PDF with the common tools, and import each text.

    python -m bench.sources [--style plain|styled] [--books N] [--fronts] [--python PYTHON] [--keep FOLDER]
        [--tool NAME] [--show] [--pages N]

The page goes through headless Chromium twice: with a header and footer as Internet Explorer printed them, and with
Chrome's own. The tools are `pdftotext` (poppler-utils), pypdf and pdfminer.six (of PYTHON, this Python if it is not
given), and `mutool` (MuPDF); a tool that is not installed is named. For each text the table shows how many headings,
paragraphs (with their kind), notes (with their number), terms and pages are as in the page, and after a plus how many
are there that should not be; or why the text was refused.

A first table shows what the fronts read of the page itself, saved as HTML, as one file (MHT) and as an EPUB, and of its
prints by Chromium and by WeasyPrint (of PYTHON), and rewritten by Ghostscript (`gs`), with calls and italics;
`--books 20` adds as many generated books, set as web pages by many hands. `--fronts` leaves the tools out.
`--pages 2000` reads a PDF of so many pages instead, and tells the seconds and the memory of its reader and the import.
"""

import argparse
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.fronts import KINDS, Print, generated, measure, sample_page
from bench.web_page import STYLES, web_page
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import STAGES, parse
from corpus_import.parsing.source import decode_source, decode_witness, number_lines
from corpus_import.parsing.stages.question_readings import question_readings
from tests.browser.conftest import FLAGS, PROGRAMS
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.found import compare, elements_read, elements_there
from tests.corpus_import.parsing.sources.long_book import long_book
from tests.layouts import set_truth
from tests.sample import EDITION

HEADER = (
    '<div style="font-size: 8pt; width: 100%; padding: 0 1cm"><span>{title}</span><span style="float: right">'
    'Página <span class="pageNumber"></span> de <span class="totalPages"></span></span></div>'
)
FOOTER = (
    '<div style="font-size: 8pt; width: 100%; padding: 0 1cm"><span>mhtml:file://C:\\library\\organs.mht</span>'
    '<span style="float: right">13/02/2010</span></div>'
)
PYPDF = (
    "import sys, pypdf; reader = pypdf.PdfReader(sys.argv[1]); "
    "sys.stdout.reconfigure(encoding='utf-8'); print('\\n'.join(page.extract_text() for page in reader.pages))"
)
PDFMINER = (
    "import sys; from pdfminer.high_level import extract_text; "
    "sys.stdout.reconfigure(encoding='utf-8'); print(extract_text(sys.argv[1]))"
)


WEASYPRINT = (
    "import sys, weasyprint; sys.stdout.buffer.write(weasyprint.HTML(string=sys.stdin.read()).write_pdf())"
)
GHOSTSCRIPT = (
    "gs",
    "-q",
    "-dNOPAUSE",
    "-dBATCH",
    "-sDEVICE=pdfwrite",
    "-sOutputFile=%stdout",
    "-sstdout=%stderr",
    "-",
)


def tools(python: str) -> dict[str, list[str]]:
    """The commands that write the text of a PDF; the PDF's name is put at the word PDF."""
    return {
        "pdftotext": ["pdftotext", "PDF", "-"],
        "pdftotext -layout": ["pdftotext", "-layout", "PDF", "-"],
        "pdftotext -raw": ["pdftotext", "-raw", "PDF", "-"],
        "pypdf": [python, "-c", PYPDF, "PDF"],
        "pdfminer.six": [python, "-c", PDFMINER, "PDF"],
        "mutool": ["mutool", "draw", "-q", "-F", "txt", "PDF"],
    }


def print_pages(folder: Path, style: str) -> Iterator[Path]:
    """Print the web page with both kinds of header; yield the PDFs."""
    executable = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if executable is None:
        raise SystemExit(f"No Chromium was found ({', '.join(PROGRAMS)}); install one (Debian: chromium).")
    source = folder / "organs.html"
    source.write_text(web_page(EDITION, style), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, "--no-sandbox"])
        page = browser.new_page()
        page.goto(source.as_uri())
        margin = {"top": "2cm", "bottom": "2cm", "left": "2cm", "right": "2cm"}
        templates = {"explorer": (HEADER.format(title=EDITION.title), FOOTER), "chrome": ("", "")}
        for name, (header, footer) in templates.items():
            file = folder / f"{name}.pdf"
            page.pdf(
                path=file,
                format="A4",
                margin=margin,
                display_header_footer=True,
                header_template=header,
                footer_template=footer,
            )
            yield file
        browser.close()


def print_html(html: str) -> bytes:
    """The PDF of a page as Chromium prints it."""
    executable = next(filter(None, map(shutil.which, PROGRAMS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, "--no-sandbox"])
        page = browser.new_page(java_script_enabled=False)
        page.set_content(html)
        margin = {"top": "2cm", "bottom": "2cm", "left": "2cm", "right": "2cm"}
        pdf = page.pdf(format="A4", margin=margin)
        browser.close()
    return pdf


def printers(python: str) -> dict[str, Print | None]:
    """The printers by their names; None for one that is not installed."""
    weasy = [python, "-c", WEASYPRINT]
    has_weasy = (
        subprocess.run([python, "-c", "import weasyprint"], capture_output=True, check=False).returncode == 0
    )
    printed: dict[str, Print | None] = {
        "Chromium": print_html if any(map(shutil.which, PROGRAMS)) else None,
        "WeasyPrint": (lambda html: _piped(weasy, html.encode())) if has_weasy else None,
    }
    rewrites = shutil.which("gs") is not None
    for name, how in list(printed.items()):
        printed[f"{name} and Ghostscript"] = _rewriting(how) if how is not None and rewrites else None
    return printed


def _rewriting(how: Print) -> Print:
    return lambda html: _piped(GHOSTSCRIPT, how(html))


def _piped(command: Sequence[str], given: bytes) -> bytes:
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def measure_fronts(style: str, books: int, python: str, *, show: bool) -> None:
    """Print the table of the fronts."""
    known = printers(python)
    there = {name: how for name, how in known.items() if how is not None}
    missing = [name for name, how in known.items() if how is None]
    print(f"{'read by a front':42} " + " ".join(f"{kind:>12}" for kind in KINDS))
    pages = {f"sample ({style})": [sample_page(style)]}
    if books:
        pages[f"{books} generated books"] = generated(books)
    for name, own in pages.items():
        for row in measure(own, name, there, missing):
            print(row)
            for difference in row.differences if show else ():
                print("  ", difference)


def measure_long(pages: int) -> None:
    """Read a long PDF; print its steps, the seconds of each stretch of work, and the most memory that it took."""
    content = long_book(pages)
    print(f"{pages:,} pages, {len(content):,} bytes")
    begun = time.monotonic()
    told: list[tuple[float, str]] = []

    def tell(step: str) -> None:
        told.append((time.monotonic() - begun, step))

    draft = parse(
        decode_source(replace(MANIFEST, witnesses=("book.pdf",)), {"book.pdf": content}, tell), tell
    )
    ends = [when for when, _ in told[1:]] + [time.monotonic() - begun]
    counted = Counter(re.sub(r"[\d,]+ of .*", "…", step) for _, step in told)
    spent: Counter[str] = Counter()
    for (when, step), end in zip(told, ends, strict=True):
        spent[re.sub(r"[\d,]+ of .*", "…", step)] += end - when  # type: ignore[assignment]
    for step, seconds in spent.items():
        if seconds >= 1 or counted[step] > 1:
            print(f"{seconds:7.1f} s  {step} ({counted[step]:,} told)")
    print(f"{ends[-1]:7.1f} s  in all")
    of = {"the program that reads PDFs": resource.RUSAGE_CHILDREN, "the import": resource.RUSAGE_SELF}
    for what, who in of.items():
        print(f"{resource.getrusage(who).ru_maxrss // 1024:5,} MB  at most, {what}")
    read = (draft.divisions, draft.paragraphs, draft.notes)
    print("{:,} divisions, {:,} paragraphs, {:,} notes".format(*map(len, read)))


def extract(command: Sequence[str], pdf: Path) -> str | None:
    """The text that a tool takes out of a PDF; None if the tool is not installed."""
    if shutil.which(command[0]) is None:
        return None
    run = subprocess.run(
        [str(pdf) if word == "PDF" else word for word in command], capture_output=True, check=False
    )
    if b"No module named" in run.stderr:
        return None
    if run.returncode:
        raise SystemExit(f"{command[0]} failed: {run.stderr.decode(errors='replace').strip()}")
    return run.stdout.decode("utf-8")


def read(text: str, name: str = "text.txt") -> Draft:
    """Run all stages but the suspects, which do not affect the comparison."""
    draft = number_lines(Draft(MANIFEST, (decode_witness(text.encode(), name, 0, "utf-8"),)))
    for stage in STAGES:
        if stage is not question_readings:
            draft = stage(draft)
    return draft


def main() -> None:
    """Print, extract, import, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--style", choices=STYLES, default="plain")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--tool", action="append")
    parser.add_argument("--show", action="store_true", help="print what was not read as it is")
    parser.add_argument("--books", type=int, default=0, help="so many generated books through the fronts")
    parser.add_argument("--fronts", action="store_true", help="the fronts alone, without the tools")
    parser.add_argument("--pages", type=int, default=0, help="a PDF of so many pages, and nothing else")
    options = parser.parse_args()
    if options.pages:
        measure_long(options.pages)
        return
    measure_fronts(options.style, options.books, options.python, show=options.show)
    if options.fronts:
        return
    print()
    there = elements_there(set_truth(EDITION))
    print(f"{'headers':9} {'tool':18} " + " ".join(f"{kind:>12}" for kind in there))
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for pdf in print_pages(folder, options.style):
            for tool, command in tools(options.python).items():
                if options.tool and tool not in options.tool:
                    continue
                text = extract(command, pdf)
                if text is None:
                    print(f"{pdf.stem:9} {tool:18} not installed")
                    continue
                if options.keep:
                    (folder / f"{pdf.stem} {tool}.txt").write_text(text, encoding="utf-8")
                try:
                    found = elements_read(read(text, f"{tool}.txt"))
                except ImportFault as fault:
                    print(f"{pdf.stem:9} {tool:18} refused: {fault}")
                    continue
                row = {kind: compare(found[kind], there[kind]) for kind in there}
                print(f"{pdf.stem:9} {tool:18} " + " ".join(f"{count!s:>12}" for count in row.values()))
                if options.show:
                    for kind in there:
                        for x in (Counter(there[kind]) - Counter(found[kind])).elements():
                            print("   missing", kind, str(x)[:230])
                        for x in (Counter(found[kind]) - Counter(there[kind])).elements():
                            print("   extra  ", kind, str(x)[:230])


if __name__ == "__main__":
    main()
