"""Makes the addresses of divisions."""

from django.utils.text import slugify

from reader.text.outline import CHAPTER_LIKE


def slug_for(kind: str, n: str, head: str, parent: str) -> str:
    """The address that suits a division with this plain head; `parent` is the address of the division above."""
    if kind in ("part", "chapter") and n:
        return f"{kind}-{slugify(n)}"
    if kind in CHAPTER_LIKE:
        return slugify(head)[:80].strip("-") or kind
    own = slugify(n) or slugify(head)[:40].strip("-") or kind
    return f"{parent}-{own}"[:110]


def free_slug(slug: str, taken: set[str]) -> str:
    """The slug, or the slug with the first number that makes it free; adds the result to `taken`."""
    free, n = slug, 1
    while free in taken:
        n += 1
        free = f"{slug}-{n}"
    taken.add(free)
    return free
