"""The import: the extracted text of a volume into an edition."""
