"""Bags: folders whose files are listed with their digests, by which a damage is found (RFC 8493)."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path, PurePosixPath

from reader.exports.frozen import File

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST = "manifest-sha256.txt"
# What a path in a manifest writes otherwise (RFC 8493, 2.1.3).
IN_MANIFEST = {"%": "%25", "\n": "%0A", "\r": "%0D"}


class DamagedBag(Exception):
    """A bag that is not what was packed; the message names the file and what is wrong with it."""


def write_bag(
    folder: Path, files: Iterable[File], described: Mapping[str, str], day: date
) -> tuple[int, int]:
    """Write the files below `data/` of a new folder, with their digests; their number and their bytes.

    `described` are further lines of bag-info.txt. Raises OSError.
    """
    digests: list[tuple[str, str]] = []
    size = 0
    for file in files:
        _put(folder / "data" / file.path, file.content)
        digests.append((hashlib.sha256(file.content).hexdigest(), f"data/{file.path}"))
        size += len(file.content)
    lines = {**described, "Bagging-Date": day.isoformat(), "Payload-Oxum": f"{size}.{len(digests)}"}
    tags = {
        "bagit.txt": DECLARATION,
        "bag-info.txt": "".join(f"{name}: {' '.join(value.split())}\n" for name, value in lines.items()),
        MANIFEST: _manifest(digests),
    }
    for name, text in tags.items():
        _put(folder / name, text.encode())
    listed = [(hashlib.sha256(text.encode()).hexdigest(), name) for name, text in tags.items()]
    _put(folder / "tagmanifest-sha256.txt", _manifest(listed).encode())
    return len(digests), size


def is_bag(folder: Path) -> bool:
    """Whether a folder says that it is a bag."""
    return (folder / "bagit.txt").is_file()


def check_bag(folder: Path) -> list[str]:
    """The paths of a bag's files below `data/`, each with the digest that was packed. Raises DamagedBag, OSError."""
    listed: dict[str, str] = {}
    for line in (folder / MANIFEST).read_text("utf-8").splitlines():
        digest, _, path = line.partition("  ")
        for sign, written in IN_MANIFEST.items():
            path = path.replace(written, sign)
        if ".." in PurePosixPath(path).parts or not path.startswith("data/"):
            raise DamagedBag(f"{folder / MANIFEST}: {path!r} leads out of the bag.")
        listed[path] = digest
    for path, digest in listed.items():
        file = folder / path
        if not file.is_file():
            raise DamagedBag(
                f"{file}: the bag lists this file, and it is not there: take another copy of the bag."
            )
        with file.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != digest.lower():
                raise DamagedBag(
                    f"{file}: the file is not the one that was packed: take another copy of the bag."
                )
    there = {file.relative_to(folder).as_posix() for file in (folder / "data").rglob("*") if file.is_file()}
    if more := sorted(there - set(listed)):
        raise DamagedBag(
            f"{folder / more[0]}: the bag does not list this file: take it out, or another copy of the bag."
        )
    return sorted(path.removeprefix("data/") for path in listed)


def _manifest(digests: Iterable[tuple[str, str]]) -> str:
    lines = []
    for digest, path in sorted(digests, key=lambda pair: pair[1]):
        for sign, written in IN_MANIFEST.items():
            path = path.replace(sign, written)
        lines.append(f"{digest}  {path}\n")
    return "".join(lines)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
