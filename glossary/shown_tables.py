"""Tables of terms that were uploaded and shown, and wait as files until a person confirms them."""

import os
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from import_export.tmp_storages import TempFolderStorage

# How the names of these files begin, so that they are known among others.
PREFIX = "archive-terms-"
# The time for a person to confirm a table before it is removed.
KEPT_FOR = timedelta(days=1)


class ShownTable(TempFolderStorage):  # type: ignore[misc]  # the library has no types
    """The file of a table that was shown, in the system's folder for temporary files."""

    name: str | None

    def _open(self, mode: str = "r") -> Any:
        if self.name:
            return super()._open(mode)
        descriptor, self.name = tempfile.mkstemp(prefix=PREFIX)
        return os.fdopen(descriptor, "wb")


def remove_old_tables() -> int:
    """Remove tables that nobody confirmed in time; return their number."""
    removed = 0
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's, or gone
            if path.stat().st_mtime < time.time() - KEPT_FOR.total_seconds():
                path.unlink()
                removed += 1
    return removed
