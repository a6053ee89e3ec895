"""Run the Nu checker on each kind of page in each language, and print its complaints. Needs Java and npx.

python -m bench.validate [MANIFEST [WITNESSES]]     (the sample)
"""

import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from bench.served import SAMPLE, served

LANGUAGES = ("en", "fr")


def fetch(address: str, language: str) -> bytes:
    """The bytes of a page with its interface in a language, whatever its status."""
    request = urllib.request.Request(address, headers={"Accept-Language": language})
    try:
        with urllib.request.urlopen(request) as response:
            return bytes(response.read())
    except urllib.error.HTTPError as error:
        return error.read()


def main() -> None:
    """Check and print; ends with status 1 if there is any complaint."""
    arguments = [Path(argument) for argument in sys.argv[1:]]
    manifest = arguments[0] if arguments else SAMPLE
    witnesses = arguments[1] if len(arguments) > 1 else None
    with served(manifest, witnesses) as (address, pages), tempfile.TemporaryDirectory() as folder:
        for kind, path in pages.items():
            for language in LANGUAGES:
                (Path(folder) / f"{kind}-{language}.html").write_bytes(fetch(address + path, language))
        files = sorted(str(file) for file in Path(folder).iterdir())
        checker = ["npx", "--yes", "--package", "vnu-jar", "vnu", "--stdout", *files]
        complaints = subprocess.run(checker, capture_output=True, text=True, check=False)
    said = complaints.stdout.replace(f"file:{folder}/", "")
    print(
        said + complaints.stderr
        if said or complaints.returncode
        else f"{len(files)} pages, nothing to complain of."
    )
    sys.exit(complaints.returncode)


if __name__ == "__main__":
    main()
