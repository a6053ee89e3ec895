"""Count the versions of a short book, each with one change of form, that are read whole: `make bench-forms`."""

from tests.corpus_import.forms.note_versions import NOTE_VERSIONS
from tests.corpus_import.forms.reading import read_version
from tests.corpus_import.forms.versions import VERSIONS


def main() -> None:
    """Read each version, and print what is refused or not read."""
    read = refused = 0
    versions = {**VERSIONS, **NOTE_VERSIONS}
    for name, form in versions.items():
        reading = read_version(form)
        refused += bool(reading.refused)
        read += reading.is_sound and not reading.refused
        if reading.refused:
            print(f"refused: {name}: {reading.refused[:100]}")
        elif reading.lacks:
            print(f"NOT READ: {name}: {'; '.join(reading.lacks)}")
    print(f"{read} of {len(versions)} versions were read whole, {refused} refused by name.")


if __name__ == "__main__":
    main()
