"""Where a reading stands in a plain text."""


def locate(plain: str, reading: str, context: str) -> tuple[int, int] | None:
    """Where a suspect stands; None if its reading does not occur, or occurs more than once."""
    start = plain.find(reading) if plain.count(reading) == 1 else -1
    return (start, start + len(reading)) if reading and start >= 0 else None
