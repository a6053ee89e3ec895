"""How the importer is called in the admin."""

from django.apps import AppConfig


class CorpusImport(AppConfig):
    """From witnesses to an edition."""

    name = "corpus_import"
    verbose_name = "Importing"
