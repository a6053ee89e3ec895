"""The importer's remarks on its sources: faults that end an import, and diagnostics that do not."""

from dataclasses import dataclass

from reader.text.diagnostics import CODES as CODES


class ImportFault(Exception):
    """A fault that ends the import with nothing written: unreadable sources, or an audit that does not balance.

    The message says in one sentence what is wrong, in which file and line (if there is one), and what to do; the values
    that it names are given by their names. It is English, and corpus_import/jobs/faults.py says it in other languages.
    """

    def __init__(self, file: str, line: int | None, message: str, **values: object) -> None:
        self.file, self.line, self.sentence = file, line, message
        self.values = {
            name: value if isinstance(value, int) else str(value) for name, value in values.items()
        }
        shown = {
            name: f"{value:,}" if isinstance(value, int) else value for name, value in self.values.items()
        }
        self.message = message % shown if values else message
        where = file if line is None else f"{file}, line {line}"
        super().__init__(f"{where}: {self.message}")


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A remark on a place of a witness; `code` is stable and one of `CODES`."""

    code: str
    witness: int
    line: int
    message: str

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"{self.code} is not one of the diagnostics' codes.")
