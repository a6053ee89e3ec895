"""The importer's remarks on its sources: faults that end an import, and diagnostics that do not."""

from dataclasses import dataclass

from reader.text.diagnostics import CODES as CODES


class ImportFault(Exception):
    """A fault that ends the import with nothing written: unreadable sources, or an audit that does not balance.

    The message says in one sentence what is wrong, in which file and line (if there is one), and what to do.
    """

    def __init__(self, file: str, line: int | None, message: str) -> None:
        self.file, self.line, self.message = file, line, message
        super().__init__(f"{file}, line {line}: {message}" if line is not None else f"{file}: {message}")


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
