"""The screens on which files are uploaded and imported."""

from corpus_import.admin import uploads as uploads
