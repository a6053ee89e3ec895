"""Django's admin, with this archive's own way in."""

from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.signals import user_logged_in


class ArchiveAdmin(AdminConfig):
    """The admin whose site asks for a second factor."""

    default = False
    default_site = "bettelheim_site.admin.ArchiveAdminSite"

    def ready(self) -> None:
        """Ask for the second factor after each login of an account that has one."""
        super().ready()
        from bettelheim_site.admin import note_second_factor

        user_logged_in.connect(note_second_factor, dispatch_uid="second factor")
