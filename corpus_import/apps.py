"""The importer as an app of Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from glossary.languages import translate_names

# The names of rows and of their fields that Django would make from the code, and that the admin shows.
ROWS = (
    _("import"),
    _("imports"),
)
FIELDS = (pgettext_lazy("field", "state"),)


class CorpusImport(AppConfig):
    """The app's name and its title in the admin."""

    name = "corpus_import"
    verbose_name = _("Importing")

    def ready(self) -> None:
        """Let the names of rows and fields follow the reader's language."""
        translate_names(self.get_models(), ROWS, FIELDS)
