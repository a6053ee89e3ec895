"""The import: turns the extracted text of a volume into an edition."""
