"""Django's admin, with this archive's own way in, and the accounts that may use it."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class Accounts(AppConfig):
    """The roles of accounts, which a migration makes."""

    name = "bettelheim_site"
    verbose_name = _("Accounts")


class ArchiveAdmin(AdminConfig):
    """The admin whose site asks for a second factor."""

    default = False
    default_site = "bettelheim_site.admin.ArchiveAdminSite"

    def ready(self) -> None:
        """Ask for the second factor after each login of an account with one; register this site's account screens."""
        super().ready()
        from bettelheim_site import account_admin as account_admin  # registers in place of the libraries' own
        from bettelheim_site.admin import note_second_factor
        from bettelheim_site.logins import note_logins

        note_logins()
        user_logged_in.connect(note_second_factor, dispatch_uid="second factor")
