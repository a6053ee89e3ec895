"""How rightly the indexes are read that follow from the text: `make bench-index ARGS=FOLDER`.

Each part of the table is a module of its own with a function `rows(witnesses)`: it gives pairs of a name and figures.
`FOLDER` holds the files of the real volume: with it, the lists that were made by reading them are measured, too.
"""

import argparse
import importlib
import importlib.util
from pathlib import Path

PARTS = ("works", "persons", "years", "terms")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("witnesses", type=Path, nargs="?", help="the folder of the real volume's files")
    witnesses = parser.parse_args().witnesses
    for part in PARTS:
        name = f"bench.index_{part}"
        if importlib.util.find_spec(name) is None:
            continue
        for row, figures in importlib.import_module(name).rows(witnesses):
            print(f"{row:48} {figures}")


if __name__ == "__main__":
    main()
