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

from django.utils.translation import gettext, gettext_noop, ngettext

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.files import kind_not_read
from corpus_import.parsing.manifest import Manifest, parse_manifest
from corpus_import.parsing.sources.fronts import front_of

# Bytes of manifest and witnesses together: books are far smaller, and a request that holds them is no larger than
# LARGEST_BODY of the settings. An import of this size takes about two minutes, in a process of its own.
LARGEST_UPLOAD = 8_000_000
MOST_FILES = 100
MANIFEST_KIND = ".toml"
# The names that sources have. What a source is, its bytes tell. Text under another name may have marks that would be
# taken for words (Markdown), so it is refused.
WITNESS_KINDS = (".txt", ".text", ".html", ".htm", ".mht", ".mhtml", ".pdf", ".epub", ".docx")
READ = gettext_noop(
    "plain text (.txt, .text), saved web pages (.html, .htm, .mht, .mhtml), PDF (.pdf), EPUB (.epub) and "
    "Word (.docx)"
)

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
        said = gettext("a zip comes alone; put all files into the zip, or none.")
        raise ImportFault(_shown(zips[0]), None, said)
    [(name, file)] = sent
    return _read_whole(_unzip(_shown(name), file))


# Names


def _check_names(names: Sequence[str]) -> None:
    """Refuse too many files, names that lead out of the volume's folder, and zips."""
    if len(names) > MOST_FILES:
        said = gettext("there are %(number)s files; %(most)s are the most.")
        raise ImportFault(_the_whole(), None, said % {"number": len(names), "most": MOST_FILES})
    taken: dict[str, str] = {}
    for name in names:
        _check_name(name)
        kind = _kind_of(name)
        if kind == ".zip":
            raise ImportFault(
                _shown(name),
                None,
                gettext("a zip within a zip is not unpacked; put the inner files into the outer zip."),
            )
        same = _same(name)
        if same in taken:
            if taken[same] == name:
                said = gettext("this name is there already; give each file a name of its own.")
            else:
                said = gettext(
                    "“%(name)s”, which differs only in the form of its letters, is there already; give each file a"
                    " name of its own."
                ) % {"name": _shown(taken[same])}
            raise ImportFault(_shown(name), None, said)
        taken[same] = name
    for name in names:
        for parent in PurePosixPath(_same(name)).parents:
            if str(parent) in taken:
                raise ImportFault(
                    _shown(taken[str(parent)]),
                    None,
                    gettext("this is a file and a folder at once; rename one of them."),
                )


def _check_name(name: str) -> None:
    parts = name.removesuffix("/").split("/")
    wrong = ""
    if not name.isprintable():
        wrong = gettext("the name holds invisible characters")
    elif "\\" in name:
        wrong = gettext("the name holds a backslash")
    elif name.startswith("/"):
        wrong = gettext("the name begins with a slash")
    elif any(re.match("[A-Za-z]:", part) for part in parts):
        wrong = gettext("the name begins with a drive’s letter")
    elif ".." in parts:
        wrong = gettext("the name leads out of its folder")
    elif not all(part.strip() for part in parts) or "." in parts:
        wrong = gettext("a part of the name is empty")
    elif len(name.encode()) > _LONGEST_NAME:
        wrong = gettext("the name is too long")
    if wrong:
        said = gettext("%(wrong)s; rename the file, or pack the zip anew.")
        raise ImportFault(_shown(name), None, said % {"wrong": wrong})


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
            raise _too_large(_the_whole())
        files[name] = content
    return files


def _too_large(name: str) -> ImportFault:
    said = gettext(
        "the files have more than %(megabytes)s MB together; import a larger volume on the command line."
    )
    return ImportFault(name, None, said % {"megabytes": LARGEST_UPLOAD // 1_000_000})


def _unzip(name: str, file: IO[bytes]) -> dict[str, bytes]:
    body = file.read(_LARGEST_ZIP + 1)
    if len(body) > _LARGEST_ZIP:
        raise _too_large(name)
    if not body.startswith(_ZIP_BEGINS):
        raise ImportFault(name, None, gettext("this is not a zip; pack the folder anew."))
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = [info for info in archive.infolist() if _is_wanted(info)]
            _check_names([info.filename for info in members])
            if sum(info.file_size for info in members) > LARGEST_UPLOAD:
                raise _too_large(name)
            return _read_members((info.filename, _reader(archive, info)) for info in members)
    except _BROKEN:
        raise ImportFault(
            name, None, gettext("the zip is broken or cut short; pack the folder anew.")
        ) from None


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    """Whether a person put the member into the zip. Raises ImportFault unless it is a plain file or folder."""
    # zipfile cuts a name at a NUL.
    _check_name(info.orig_filename)
    _check_name(info.filename)
    shown = _shown(info.filename)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise ImportFault(
            shown, None, gettext("this is a link to another file; put the file itself into the zip.")
        )
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ImportFault(shown, None, gettext("this is no ordinary file; leave it out of the zip."))
    if info.flag_bits & _ENCRYPTED:
        raise ImportFault(shown, None, gettext("this is encrypted; pack the zip without a password."))
    if info.compress_type not in _METHODS:
        raise ImportFault(
            shown, None, gettext("this is packed in an unusual way; pack the zip with “deflate”.")
        )
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
            _the_whole(),
            None,
            gettext(
                "there is no manifest; add the volume.toml that names the witnesses, even if the volume is here"
                " already."
            ),
        )
    if len(manifests) > 1:
        said = gettext("there are several manifests (%(names)s); upload one volume at a time.")
        raise ImportFault(_the_whole(), None, said % {"names": _listed(manifests)})
    [path] = manifests
    if len(files[path]) > _LARGEST_MANIFEST:
        said = gettext("the manifest has more than %(kilobytes)s kB; shorten it.")
        raise ImportFault(_shown(path), None, said % {"kilobytes": _LARGEST_MANIFEST // 1024})
    manifest = parse_manifest(_shown(path), files[path])
    folder = PurePosixPath(path).parent
    named = [str(folder / witness) for witness in manifest.files]
    if missing := [name for name in named if name not in files]:
        said = gettext("the manifest names witnesses that are missing: %(names)s; add them.")
        raise ImportFault(_shown(path), None, said % {"names": _listed(missing)})
    if spare := [name for name in files if name not in {path, *named}]:
        said = gettext("the manifest does not name these files: %(names)s; name them or leave them out.")
        raise ImportFault(_shown(path), None, said % {"names": _listed(spare)})
    return Uploaded(path, manifest, files)


def _check_kind(name: str, content: bytes) -> None:
    """Refuse a file that is no source, told by its bytes, and one that neither its bytes nor its name tells."""
    if _kind_of(name) == MANIFEST_KIND:
        return
    if front_of(content) is not None:
        return
    if what := kind_not_read(content):
        said = gettext(
            "this is %(what)s, which is not read; upload a manifest (%(manifest)s) and its sources: %(read)s."
        )
        named = {"what": gettext(what), "manifest": MANIFEST_KIND, "read": gettext(READ)}
        raise ImportFault(_shown(name), None, said % named)
    if _kind_of(name) not in WITNESS_KINDS:
        said = gettext(
            "files of this kind are not read; upload a manifest (%(manifest)s) and its sources: %(read)s."
        )
        raise ImportFault(_shown(name), None, said % {"manifest": MANIFEST_KIND, "read": gettext(READ)})


def _listed(names: Sequence[str]) -> str:
    shown, rest = ", ".join(_shown(name) for name in names[:5]), len(names) - 5
    if rest <= 0:
        return shown
    said = ngettext("%(names)s and %(number)s more", "%(names)s and %(number)s more", rest)
    return said % {"names": shown, "number": rest}


def _the_whole() -> str:
    """The name in faults of the upload as a whole."""
    return gettext("The upload")
