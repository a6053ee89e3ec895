"""The stages of the import; `corpus_import.pipeline` strings them."""
