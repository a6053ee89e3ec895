"""The archival package: what somebody needs in fifty years, without this program."""

import re
from collections.abc import Iterable, Iterator

from reader.exports.formats import FORMATS, made_in
from reader.exports.frozen import File
from reader.exports.schema import NAME, read_schema
from reader.models import Original, Volume

README = """\
This folder is an archive of {titles}.

It can be read without any program of its own:

- site/index.html opens in a web browser. It is the whole archive as it stood on {day}, with search.
- volumes/ holds each book in several formats. Each of these says what the book lacks and what was corrected.
  - edition.json is everything that the archive knows (UTF-8, JSON): texts, their sources, every emendation with its
    reason, the glossary. The program that wrote it reads it back: manage.py import_volume THIS-FOLDER.
    {schema} (JSON Schema) says which fields it has, and a validator says whether it is whole.
  - edition.xml is the same text for scholars’ programs (TEI P5).
  - edition.epub is an e-book, edition.md is Markdown, edition.txt is plain text.
  - sources/ holds the files from which the edition was made, unchanged.

To see whether a file was damaged, compare it with its digest: sha256sum -c manifest-sha256.txt
The form of the folder is BagIt (RFC 8493).

Whose text it is:
{rights}
"""


def package(volumes: Iterable[Volume], site: Iterable[File], day: str, origin: str) -> Iterator[File]:
    """The files of a package: a README, the volumes in every format, their sources, the frozen copy `site`."""
    volumes = list(volumes)
    titles = "; ".join(f"{volume.author}, {volume}" for volume in volumes)
    rights = "\n".join(f"- {volume}: {volume.rights}" for volume in volumes)
    yield File("README.txt", README.format(titles=titles, day=day, rights=rights, schema=NAME).encode())
    yield File(NAME, read_schema())
    for volume in volumes:
        folder = f"volumes/{volume.slug}"
        address = f"{origin}{volume.get_absolute_url()}" if origin else ""
        yield File(f"{folder}/edition.json", made_in("json", volume))
        for each in FORMATS:
            if not each.is_there():
                continue
            yield File(f"{folder}/edition.{each.extension}", made_in(each.name, volume, address=address))
        files = dict(Original.objects.filter(witness__volume=volume).values_list("witness", "content"))
        for witness in volume.witnesses.order_by("n"):
            name = re.sub(r"[^\w.-]+", "-", witness.name).strip(".-") or "source"
            yield File(f"{folder}/sources/{witness.n}-{name}", bytes(files.get(witness.pk, witness.content)))
    for file in site:
        yield File(f"site/{file.path}", file.content)


def documents_in(paths: Iterable[str]) -> list[str]:
    """The paths of the documents that an archive reads back, of a package's files."""
    return [path for path in paths if re.fullmatch(r"volumes/[^/]+/edition\.json", path)]
