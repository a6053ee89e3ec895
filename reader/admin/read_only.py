"""Admin classes for rows that an import makes."""

from typing import Any

from django.http import HttpRequest

from reader.admin.shown import ShownAdmin


class ImportedAdmin(ShownAdmin):
    """Rows that only an import adds or removes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: an import adds."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: an import removes."""
        return False


class ReadOnlyAdmin(ImportedAdmin):
    """Rows that only an import changes."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: an import changes."""
        return False
