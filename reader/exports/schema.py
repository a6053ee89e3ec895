"""The JSON Schema of the edition as data (draft 2020-12), which is published with the documents."""

from pathlib import Path

NAME = "edition-format.schema.json"


def read_schema() -> bytes:
    """The schema, as a file that ends with a line end."""
    return Path(__file__).with_name(NAME).read_bytes()
