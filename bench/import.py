"""Measure seconds and peak memory of the pipeline, from bytes to a balanced edition: `make bench-import`.

The volumes are 1, 10 and 100 times the real file if it is at hand, else the sample; each is parsed in processes of its
own, and the medians of three are printed, with pandoc's time for the same bytes where it is installed (Markdown to
HTML). Time should grow in proportion to the file; at a hundred times the size, memory should stay below 25 times the
file. `--profile` profiles the hundredfold volume (or `--times N`) instead.
"""

import argparse
import cProfile
import json
import pstats
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus_import.parsing.elements import Draft
    from corpus_import.parsing.manifest import Manifest

CHECKOUT = Path(__file__).resolve().parent.parent
REAL = CHECKOUT.parent / "shared" / "volume" / "second-period-section-1.txt"
SAMPLE = CHECKOUT / "fixtures" / "sample"
SIZES = (1, 10, 100)
RUNS = 3
MOST_MEMORY = 25  # times the file, at a hundred times its size

# The numbers that differ between repetitions of the body: of chapters, parts and pages.
CHAPTER = re.compile(r"^(\s{2,})(\d{1,2})(\.\s+\S)", re.MULTILINE)
PART = re.compile(r"^(\s*Part )(\d)\b", re.MULTILINE)
PAGE = re.compile(r"^(\s*page )(\d+)\b", re.MULTILINE)
NOTE_PAGE = re.compile(r"(\[p\. )(\d+)(\])")


def repeat(text: str, times: int) -> str:
    """A volume about `times` as long: one key and front matter, then the body again and again.

    The body begins with the first part or chapter; the numbers of its chapters, parts and pages go on rising.
    """
    draft = _parse(text)
    first = next(d for d in draft.divisions if d.kind in ("part", "chapter"))
    at = draft.witnesses[0].line_starts[first.blocks[0].first.number - 1]
    head, body = text[:at].rstrip("\n") + "\n\n", text[at:].rstrip("\n") + "\n\n"
    pages = int(draft.pages[-1].page) - int(first.page or 1) + 1
    chapters = sum(d.kind == "chapter" for d in draft.divisions)
    parts = sum(d.kind == "part" for d in draft.divisions)
    copies = max(1, round((times * len(text) - len(head)) / len(body)))
    return head + "".join(_number_on(body, k * chapters, k * parts, k * pages) for k in range(copies))


def _number_on(text: str, chapters: int, parts: int, pages: int) -> str:
    def shift(pattern: "re.Pattern[str]", by: int, most: int, text: str) -> str:
        def on(match: "re.Match[str]") -> str:
            return f"{match[1]}{(int(match[2]) + by - 1) % most + 1}{match[3] if match.re.groups > 2 else ''}"

        return pattern.sub(on, text) if by else text

    for pattern, by, most in (
        (CHAPTER, chapters, 999),
        (PART, parts, 99),
        (PAGE, pages, 9999),
        (NOTE_PAGE, pages, 9999),
    ):
        text = shift(pattern, by, most, text)
    return text


def _parse(text: str) -> "Draft":
    from corpus_import.parsing.elements import Draft
    from corpus_import.parsing.pipeline import parse
    from corpus_import.parsing.source import decode_witness, number_lines

    witness = decode_witness(text.encode(), "bench.txt", 0, "utf-8")
    return parse(number_lines(Draft(manifest=_manifest("bench.txt"), witnesses=(witness,))))


def measure(path: Path) -> dict[str, float]:
    """Parse one file in this process: seconds, bytes at the peak, and bytes before the file was read."""
    # Parse a short text first: word lists and patterns are loaded once in a process, whatever the file.
    begun = time.perf_counter()
    _parse("   1. The Mill\n\n    The mill was built by the river.\n")
    start = time.perf_counter()
    before = _peak()
    draft = _parse(path.read_text(encoding="utf-8"))
    return {
        "start": start - begun,
        "seconds": time.perf_counter() - start,
        "before": before,
        "peak": _peak(),
        "paragraphs": len(draft.paragraphs),
        "divisions": len(draft.divisions),
        "notes": len(draft.notes),
        "pages": len(draft.pages),
    }


def _manifest(name: str) -> "Manifest":
    from corpus_import.parsing.manifest import Manifest

    return Manifest("bench", "A", "B", "C", 1930, "D", "en", (name,))


def _peak() -> int:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def profile(path: Path) -> None:
    """Print a profile of one parse."""
    profiler = cProfile.Profile()
    profiler.enable()
    measure(path)
    profiler.disable()
    statistics_ = pstats.Stats(profiler)
    statistics_.sort_stats("tottime").print_stats(20)
    statistics_.sort_stats("cumulative").print_stats(r"stages/|pipeline|source", 40)


def main() -> None:
    """Measure all sizes and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--times", type=int, default=0, help="this size alone")
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    sys.path.insert(0, str(CHECKOUT))
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    witnesses = [REAL] if REAL.exists() else sorted(SAMPLE.glob("*.txt"))[:1]
    text = witnesses[0].read_text(encoding="utf-8-sig")
    print(f"{witnesses[0].name}: {len(text.encode()):,} bytes; medians of {options.runs}")
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for times in (options.times,) if options.times else SIZES:
            path = Path(folder) / f"{times}.txt"
            path.write_text(repeat(text, times) if times > 1 else text, encoding="utf-8")
            if options.profile:
                profile(path)
                continue
            rows.append((times, path.stat().st_size, _measure_apart(path, options.runs)))
            _print_row(rows)
            print(f"{'':7}pandoc: {_time_pandoc(path)}", flush=True)


def _measure_apart(path: Path, runs: int) -> dict[str, float]:
    """Medians over processes of their own."""
    figures = []
    for _ in range(runs):
        done = subprocess.run(
            [sys.executable, __file__, "--measure", str(path)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(done.stderr.strip().splitlines()[-1])
        figures.append(json.loads(done.stdout))
    return {name: statistics.median(run[name] for run in figures) for name in figures[0]}


def _time_pandoc(path: Path) -> str:
    """Tell the seconds that pandoc takes for the same file, or that it is not on the machine."""
    pandoc = shutil.which("pandoc")
    if pandoc is None:
        return "not on this machine"
    begun = time.perf_counter()
    done = subprocess.run(
        [pandoc, "--from=markdown", "--to=html", "--output=/dev/null", str(path)],
        capture_output=True,
        check=False,
    )
    seconds = time.perf_counter() - begun
    return f"failed after {seconds:.2f} s" if done.returncode else f"{seconds:.2f} s"


def _print_row(rows: list[tuple[int, int, dict[str, float]]]) -> None:
    if len(rows) == 1:
        print(
            f"{'size':>6}{'MB':>8}{'seconds':>9}{'s/MB':>8}{'to 1×':>8}{'peak MB':>9}{'÷ file':>8}{'grown ÷ file':>14}"
            "  paragraphs, divisions, notes, pages"
        )
    times, size, run = rows[-1]
    _, size_1, first = rows[0]
    slope = (run["seconds"] / first["seconds"]) / (size / size_1)
    print(
        f"{times:>5}×{size / 1e6:>8.2f}{run['seconds']:>9.2f}{run['seconds'] / size * 1e6:>8.2f}{slope:>8.2f}"
        f"{run['peak'] / 1e6:>9.0f}{run['peak'] / size:>8.1f}{(run['peak'] - run['before']) / size:>14.1f}"
        f"  {run['paragraphs']:,.0f}, {run['divisions']:,.0f}, {run['notes']:,.0f}, {run['pages']:,.0f}",
        flush=True,
    )
    if times == 100:
        verdict = "below" if run["peak"] < MOST_MEMORY * size else "ABOVE"
        print(f"memory at 100×: {run['peak'] / size:.1f} times the file, {verdict} {MOST_MEMORY}")


if __name__ == "__main__":
    main()
