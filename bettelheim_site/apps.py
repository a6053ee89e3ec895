"""Django's admin, with this archive's own way in, and the accounts that may use it."""

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from glossary.languages import translate_names


class Accounts(AppConfig):
    """The roles of accounts, which a migration makes."""

    name = "bettelheim_site"
    verbose_name = _("Accounts")


# Names and help texts of the libraries for second factors and failed logins, which have no French.
ROWS = (_("TOTP device"), _("TOTP devices"), _("access attempt expiration"))
FIELDS = (
    pgettext_lazy("field", "confirmed"),
    pgettext_lazy("field", "created at"),
    pgettext_lazy("field", "last used at"),
    pgettext_lazy("field", "name"),
    pgettext_lazy("field", "throttling failure count"),
    pgettext_lazy("field", "throttling failure timestamp"),
    pgettext_lazy("field", "user"),
)
HELP_TEXTS = (
    _("The user that this device belongs to."),
    _("The human-readable name of this device."),
    _("Is this device ready for use?"),
    _("The date and time when this device was initially created in the system."),
    _("The most recent date and time this device was used."),
    _("A timestamp of the last failed verification attempt. Null if last attempt succeeded."),
    _("Number of successive failed attempts."),
)
LIBRARIES = {"otp_totp": _("Second factors"), "axes": _("Failed logins")}


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

        for label, called in LIBRARIES.items():
            library = apps.get_app_config(label)
            library.verbose_name = called
            translate_names(library.get_models(), ROWS, FIELDS, HELP_TEXTS)
        note_logins()
        user_logged_in.connect(note_second_factor, dispatch_uid="second factor")
