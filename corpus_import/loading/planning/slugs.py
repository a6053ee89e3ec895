"""Makes the addresses of divisions."""

from django.utils.text import slugify

from corpus_import.parsing.elements import Division
from corpus_import.parsing.headings import CHAPTER_LIKE

# The volume's own addresses, which no division may have.
TAKEN_SLUGS = frozenset({"apparatus", "cite", "glossary", "p", "paragraph", "search"})


def slug_of(division: Division, parent: str) -> str:
    """The address that suits a division; `parent` is the address of the division above."""
    if division.kind in ("part", "chapter") and division.n:
        return f"{division.kind}-{slugify(division.n)}"
    if division.kind in CHAPTER_LIKE:
        return slugify(division.head.string)[:80].strip("-") or division.kind
    own = slugify(division.n) or slugify(division.head.string)[:40].strip("-") or division.kind
    return f"{parent}-{own}"[:110]


def free_slug(slug: str, taken: set[str]) -> str:
    """The slug, or the slug with the first number that makes it free; adds the result to `taken`."""
    free, n = slug, 1
    while free in taken:
        n += 1
        free = f"{slug}-{n}"
    taken.add(free)
    return free
