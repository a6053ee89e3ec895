"""Reads the members of a ZIP within bounds, for the fronts of books that are one. Nothing is unpacked to disk."""

import io
import struct
import zipfile
import zlib

from lxml import etree

from corpus_import.parsing.diagnostics import ImportFault

# More members are no book; more bytes, unpacked, are a bomb.
MOST_MEMBERS, MOST_BYTES = 5_000, 48 * 1024 * 1024
# The exceptions of Python's zipfile for a broken, truncated or forged zip.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, OverflowError, NotImplementedError, RuntimeError,
          ValueError, struct.error)  # fmt: skip
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


class Members:
    """The members of a zip by their names. `kind` names the source for persons (`EPUB`)."""

    def __init__(self, content: bytes, name: str, kind: str) -> None:
        self.name, self.kind, self.bytes = name, kind, 0
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(content))
        except BROKEN as error:
            raise self._broken(error) from None
        infos = self.archive.infolist()
        if len(infos) > MOST_MEMBERS:
            raise ImportFault(
                name,
                None,
                "the %(kind)s has more than %(most)s files; this is no book.",
                kind=kind,
                most=MOST_MEMBERS,
            )
        self.members = {info.filename: info for info in infos}

    def __contains__(self, path: str) -> bool:
        return path in self.members

    def read(self, path: str) -> bytes:
        """The bytes of a member. Raises ImportFault if it is not there, is locked, broken, or too large."""
        info = self.members.get(path)
        if info is None:
            raise ImportFault(
                self.name,
                None,
                "the %(kind)s has no file %(path)s, which it lists; get it again.",
                kind=self.kind,
                path=path[:80],
            )
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
            raise ImportFault(
                self.name,
                None,
                "the %(kind)s is locked or packed in an unusual way; get one without a lock.",
                kind=self.kind,
            )
        try:
            with self.archive.open(info) as member:
                content = member.read(MOST_BYTES - self.bytes + 1)
        except BROKEN as error:
            raise self._broken(error) from None
        self.bytes += len(content)
        if self.bytes > MOST_BYTES:
            raise ImportFault(
                self.name,
                None,
                "the %(kind)s unpacks to more than %(most)s bytes; this is no book.",
                kind=self.kind,
                most=MOST_BYTES,
            )
        return content

    def tree(self, path: str, *, strict: bool = False) -> etree._Element:
        """A file in XML, without entities and network; `strict`, one that is not sound is refused, not repaired."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=not strict)
        try:
            root = etree.fromstring(self.read(path), parser)
        except etree.XMLSyntaxError:
            root = None
        if root is None:
            raise ImportFault(
                self.name,
                None,
                "%(path)s in the %(kind)s is no XML; get it again.",
                path=path[:80],
                kind=self.kind,
            )
        return root

    def _broken(self, error: BaseException) -> ImportFault:
        return ImportFault(
            self.name,
            None,
            "the %(kind)s is broken (%(error)s); get it again.",
            kind=self.kind,
            error=type(error).__name__,
        )
