"""The glossary as an app of Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from glossary.languages import translate_names

# The names of rows and of their fields that Django would make from the code, and that the admin shows.
ROWS = (
    _("glossary"),
    _("glossaries"),
    _("term"),
    _("terms"),
    _("term form"),
    _("term forms"),
    _("sense"),
    _("senses"),
    _("term exception"),
    _("term exceptions"),
    _("former term"),
    _("former terms"),
    _("term version"),
    _("term versions"),
    _("term deed"),
    _("term deeds"),
)
FIELDS = (
    pgettext_lazy("field", "definition"),
    pgettext_lazy("field", "glossary"),
    pgettext_lazy("field", "headword"),
    pgettext_lazy("field", "lines"),
    pgettext_lazy("field", "name"),
    pgettext_lazy("field", "see"),
    pgettext_lazy("field", "slug"),
    pgettext_lazy("field", "source"),
    pgettext_lazy("field", "term"),
    pgettext_lazy("field", "text"),
)


class Glossary(AppConfig):
    """The app's name and its title in the admin."""

    name = "glossary"
    verbose_name = _("Glossary")

    def ready(self) -> None:
        """Let the names of rows and fields follow the reader's language."""
        translate_names(self.get_models(), ROWS, FIELDS)
