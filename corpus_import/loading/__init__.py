"""A draft or a document against the archive: planned first, then written."""
