"""Slugs that are addresses of the archive itself: a volume or division with one of them could not be reached. Pure.

Tests hold the lists to the addresses (reader/urls.py, bettelheim_site/urls.py). The glossary, which may import nothing
of the reader, has the list for its entries: `TAKEN_SLUGS` in glossary/entries.py.
"""

import os

# The first part of the admin's path, which the environment may change.
_OF_ADMIN = os.environ.get("ADMIN_PATH", "admin/").strip("/").partition("/")[0] or "admin"
# At a volume's place; `search`, `p` and `api` are kept for later use.
OF_VOLUMES = frozenset(
    {
        "admin",
        _OF_ADMIN,
        "api",
        "healthz",
        "language",
        "marks",
        "metrics",
        "p",
        "readyz",
        "search",
        "static",
        "unapi",
    }
)
# At the place of a division, below its volume.
OF_DIVISIONS = frozenset(
    {
        "apparatus",
        "cite",
        "downloads",
        "errata",
        "glossary",
        "p",
        "paragraph",
        "persons",
        "search",
        "works",
        "years",
    }
)
