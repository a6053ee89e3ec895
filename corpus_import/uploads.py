"""Reads an upload: a manifest and its witnesses, or one zip of these. Every part of an upload is checked.

Names are checked before any content is read, and the bytes read are counted, whatever size the zip states.
"""

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.files import kind_not_read
from corpus_import.parsing.manifest import Manifest, parse_manifest
from corpus_import.parsing.sources.fronts import front_of

# Bytes of manifest and witnesses together: books are far smaller, and a request that holds them is no larger than
# LARGEST_BODY of the settings. An import of this size takes about two minutes, in a process of its own.
LARGEST_UPLOAD = 8_000_000
MOST_FILES = 100
# The name in faults of the upload as a whole.
THE_WHOLE = "The upload"
MANIFEST_KIND = ".toml"
# The names that sources have. What a source is, its bytes tell. Text under another name may have marks that would be
# taken for words (Markdown), so it is refused.
WITNESS_KINDS = (".txt", ".text", ".html", ".htm", ".mht", ".mhtml", ".pdf", ".epub", ".docx")
READ = (
    "plain text (.txt, .text), saved web pages (.html, .htm, .mht, .mhtml), PDF (.pdf), EPUB (.epub) and "
    "Word (.docx)"
)
KINDS = f"a manifest ({MANIFEST_KIND}) and its sources: {READ}"

_LARGEST_MANIFEST = 64 * 1024
# A zip of incompressible text is larger than the text, because of names and headers.
_LARGEST_ZIP = LARGEST_UPLOAD + MOST_FILES * 1024
_LONGEST_NAME = 200  # bytes; a file system takes 255
_ZIP_BEGINS = (b"PK\x03\x04", b"PK\x05\x06")
_METHODS = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # other methods may need gigabytes of memory to unpack a byte
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # flag bits: encrypted member, strong encryption, encrypted directory
# The exceptions of Python's zipfile for a broken, truncated or forged zip.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, OverflowError),
    *(NotImplementedError, RuntimeError, ValueError, struct.error),
)
# Files that macOS and Windows add to a folder by themselves.
_OF_THE_SYSTEM = re.compile(r"(?:^|/)(?:__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini)\Z")

Read = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A manifest and its witnesses, by their names, which are safe paths with slashes."""

    path: str  # name of the manifest
    manifest: Manifest
    files: dict[str, bytes]

    @property
    def title(self) -> str:
        """The volume's title with its subtitle."""
        return ": ".join(part for part in (self.manifest.title, self.manifest.subtitle) if part)

    def pack(self) -> bytes:
        """All files as one zip, which `read_upload` reads back."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.files.items():
                archive.writestr(name, content)
        return packed.getvalue()

    @property
    def witnesses(self) -> dict[str, bytes]:
        """The witnesses, second witnesses too, by the names that the manifest gives them."""
        folder = PurePosixPath(self.path).parent
        return {name: self.files[str(folder / name)] for name in self.manifest.files}


def read_upload(sent: Sequence[tuple[str, IO[bytes]]]) -> Uploaded:
    """Read uploaded files, given with their names. Raises ImportFault if they are unsafe or not a whole volume."""
    zips = [name for name, _ in sent if _kind_of(name) == ".zip"]
    if not zips:
        names = [name for name, _ in sent]
        _check_names(names)
        return _read_whole(_read_members((name, file.read) for name, file in sent))
    if len(sent) > 1:
        raise ImportFault(_shown(zips[0]), None, "a zip comes alone; put all files into the zip, or none.")
    [(name, file)] = sent
    return _read_whole(_unzip(_shown(name), file))


# Names


def _check_names(names: Sequence[str]) -> None:
    """Refuse too many files, names that lead out of the volume's folder, and zips."""
    if len(names) > MOST_FILES:
        raise ImportFault(THE_WHOLE, None, f"there are {len(names)} files; {MOST_FILES} are the most.")
    taken: dict[str, str] = {}
    for name in names:
        _check_name(name)
        kind = _kind_of(name)
        if kind == ".zip":
            raise ImportFault(
                _shown(name),
                None,
                "a zip within a zip is not unpacked; put the inner files into the outer zip.",
            )
        same = _same(name)
        if same in taken:
            both = (
                "this name"
                if taken[same] == name
                else f"“{_shown(taken[same])}”, which differs only in the form of its letters,"
            )
            raise ImportFault(
                _shown(name), None, f"{both} is there already; give each file a name of its own."
            )
        taken[same] = name
    for name in names:
        for parent in PurePosixPath(_same(name)).parents:
            if str(parent) in taken:
                raise ImportFault(
                    _shown(taken[str(parent)]),
                    None,
                    "this is a file and a folder at once; rename one of them.",
                )


def _check_name(name: str) -> None:
    parts = name.removesuffix("/").split("/")
    wrong = ""
    if not name.isprintable():
        wrong = "the name holds invisible characters"
    elif "\\" in name:
        wrong = "the name holds a backslash"
    elif name.startswith("/"):
        wrong = "the name begins with a slash"
    elif any(re.match("[A-Za-z]:", part) for part in parts):
        wrong = "the name begins with a drive’s letter"
    elif ".." in parts:
        wrong = "the name leads out of its folder"
    elif not all(part.strip() for part in parts) or "." in parts:
        wrong = "a part of the name is empty"
    elif len(name.encode()) > _LONGEST_NAME:
        wrong = "the name is too long"
    if wrong:
        raise ImportFault(_shown(name), None, f"{wrong}; rename the file, or pack the zip anew.")


def _kind_of(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _same(name: str) -> str:
    """A form in which two names are equal if some file system does not tell them apart."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _shown(name: str) -> str:
    """A name fit to be shown: invisible characters replaced, and cut if too long."""
    seen = "".join(character if character.isprintable() else "�" for character in name)
    return f"{seen[:79]}…" if len(seen) > 80 else seen


# Contents


def _read_members(members: Iterable[tuple[str, Read]]) -> dict[str, bytes]:
    """Read each member, and never more than the limit for all together."""
    files: dict[str, bytes] = {}
    remaining = LARGEST_UPLOAD
    for name, read in members:
        content = read(remaining + 1)
        remaining -= len(content)
        if remaining < 0:
            raise _too_large(THE_WHOLE)
        files[name] = content
    return files


def _too_large(name: str) -> ImportFault:
    return ImportFault(
        name,
        None,
        f"the files have more than {LARGEST_UPLOAD // 1_000_000} MB together; import a larger volume on the command"
        " line.",
    )


def _unzip(name: str, file: IO[bytes]) -> dict[str, bytes]:
    body = file.read(_LARGEST_ZIP + 1)
    if len(body) > _LARGEST_ZIP:
        raise _too_large(name)
    if not body.startswith(_ZIP_BEGINS):
        raise ImportFault(name, None, "this is not a zip; pack the folder anew.")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = [info for info in archive.infolist() if _is_wanted(info)]
            _check_names([info.filename for info in members])
            if sum(info.file_size for info in members) > LARGEST_UPLOAD:
                raise _too_large(name)
            return _read_members((info.filename, _reader(archive, info)) for info in members)
    except _BROKEN:
        raise ImportFault(name, None, "the zip is broken or cut short; pack the folder anew.") from None


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    """Whether a person put the member into the zip. Raises ImportFault unless it is a plain file or folder."""
    # zipfile cuts a name at a NUL.
    _check_name(info.orig_filename)
    _check_name(info.filename)
    shown = _shown(info.filename)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise ImportFault(shown, None, "this is a link to another file; put the file itself into the zip.")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ImportFault(shown, None, "this is no ordinary file; leave it out of the zip.")
    if info.flag_bits & _ENCRYPTED:
        raise ImportFault(shown, None, "this is encrypted; pack the zip without a password.")
    if info.compress_type not in _METHODS:
        raise ImportFault(shown, None, "this is packed in an unusual way; pack the zip with “deflate”.")
    return not info.is_dir() and not _OF_THE_SYSTEM.search(info.filename)


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Read:
    def read(most: int) -> bytes:
        with archive.open(info) as member:
            return member.read(most)

    return read


# The volume as a whole


def _read_whole(files: dict[str, bytes]) -> Uploaded:
    """The manifest and exactly the witnesses that the manifest names, of kinds that are read."""
    for name, content in files.items():
        _check_kind(name, content)
    manifests = [name for name in files if _kind_of(name) == MANIFEST_KIND]
    if not manifests:
        raise ImportFault(
            THE_WHOLE,
            None,
            "there is no manifest; add the volume.toml that names the witnesses, even if the volume is here already.",
        )
    if len(manifests) > 1:
        raise ImportFault(
            THE_WHOLE,
            None,
            f"there are several manifests ({_listed(manifests)}); upload one volume at a time.",
        )
    [path] = manifests
    if len(files[path]) > _LARGEST_MANIFEST:
        raise ImportFault(
            _shown(path), None, f"the manifest has more than {_LARGEST_MANIFEST // 1024} kB; shorten it."
        )
    manifest = parse_manifest(_shown(path), files[path])
    folder = PurePosixPath(path).parent
    named = [str(folder / witness) for witness in manifest.files]
    if missing := [name for name in named if name not in files]:
        raise ImportFault(
            _shown(path),
            None,
            f"the manifest names witnesses that are missing: {_listed(missing)}; add them.",
        )
    if spare := [name for name in files if name not in {path, *named}]:
        raise ImportFault(
            _shown(path),
            None,
            f"the manifest does not name these files: {_listed(spare)}; name them or leave them out.",
        )
    return Uploaded(path, manifest, files)


def _check_kind(name: str, content: bytes) -> None:
    """Refuse a file that is no source, told by its bytes, and one that neither its bytes nor its name tells."""
    if _kind_of(name) == MANIFEST_KIND:
        return
    if front_of(content) is not None:
        return
    if what := kind_not_read(content):
        raise ImportFault(_shown(name), None, f"this is {what}, which is not read; upload {KINDS}.")
    if _kind_of(name) not in WITNESS_KINDS:
        raise ImportFault(_shown(name), None, f"files of this kind are not read; upload {KINDS}.")


def _listed(names: Sequence[str]) -> str:
    shown = [_shown(name) for name in names[:5]]
    return ", ".join(shown) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
