"""The stages of the import; `corpus_import.parsing.pipeline` runs them in their order."""
