"""Run Lighthouse on the pages that readers meet first: print the four scores of each page, and each loss of points.

python -m bench.lighthouse [MANIFEST [WITNESSES]]     (the sample; needs npx and Chromium)
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.served import SAMPLE, served

KINDS = (
    *("title", "chapter", "term", "search", "glossary", "paragraph", "apparatus"),
    *("persons", "person", "works", "work", "years", "marks"),
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
CHROME = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --no-first-run"


def measure(address: str, form: str, folder: Path) -> dict[str, Any]:
    """Lighthouse's report on one page; `form` is `mobile` or `desktop`."""
    report = folder / "report.json"
    command = [
        "npx",
        "--yes",
        "lighthouse@12",
        address,
        "--quiet",
        "--output=json",
        f"--output-path={report}",
    ]
    command += [f"--chrome-flags={CHROME}", f"--only-categories={','.join(CATEGORIES)}"]
    command += ["--preset=desktop"] if form == "desktop" else []
    chrome = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    for last in (False, False, True):  # on a busy machine Chromium sometimes loses its trace
        done = subprocess.run(command, check=last, env={**os.environ, "CHROME_PATH": chrome})
        if not done.returncode:
            break
    return dict(json.loads(report.read_text()))


def main() -> None:
    """Measure and print."""
    arguments = [Path(argument) for argument in sys.argv[1:]]
    manifest = arguments[0] if arguments else SAMPLE
    witnesses = arguments[1] if len(arguments) > 1 else None
    print(f"{'page':12}{'form':10}" + "".join(f"{name:>16}" for name in CATEGORIES) + "   shift")
    with served(manifest, witnesses) as (address, pages), tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            for form in ("mobile", "desktop"):
                report = measure(address + pages[kind], form, Path(folder))
                scores = [report["categories"][name]["score"] for name in CATEGORIES]
                shift = report["audits"]["cumulative-layout-shift"]["displayValue"]
                print(
                    f"{kind:12}{form:10}"
                    + "".join(f"{score * 100:>16.0f}" for score in scores)
                    + f"   {shift}"
                )
                for name in CATEGORIES:
                    for ref in report["categories"][name]["auditRefs"]:
                        audit = report["audits"][ref["id"]]
                        if ref["weight"] and audit["score"] not in (None, 1) and name != "performance":
                            print(f"    {name}: {audit['title']}")


if __name__ == "__main__":
    main()
