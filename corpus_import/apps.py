"""The importer as an app of Django."""

from django.apps import AppConfig


class CorpusImport(AppConfig):
    """The app's name and its title in the admin."""

    name = "corpus_import"
    verbose_name = "Importing"
