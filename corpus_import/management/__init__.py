"""Management commands of the import."""
