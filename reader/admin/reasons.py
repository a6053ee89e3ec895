"""The reasons that a person can choose for a correction: the person's own last ones, and usual ones."""

from django.http import HttpRequest

from reader.models import Suspect
from reader.text.sentences import shorten

# In a session: the person's last reasons, the newest first.
RECENT = "recent_reasons"
MOST_RECENT = 5
USUAL = (
    "as the source reads",
    "as the printed book reads",
    "a misreading of the scan",
    "a misprint in the book",
    "spelled so elsewhere in the volume",
)


def reasons_for(request: HttpRequest) -> list[str]:
    """The reasons to choose from: the person's own in this session, then the usual ones. Never filled in unasked."""
    return list(dict.fromkeys([*request.session.get(RECENT, []), *USUAL]))


def last_reason(request: HttpRequest) -> str:
    """The reason that the person gave last in this session, for one errand such as reading a chapter; or none."""
    return str(next(iter(request.session.get(RECENT, [])), ""))


def remember_reason(request: HttpRequest, reason: str) -> None:
    """Offer a reason again, before the others."""
    others = [each for each in request.session.get(RECENT, []) if each != reason]
    request.session[RECENT] = [reason, *others][:MOST_RECENT]


def reason_of(suspect: Suspect, answer: str) -> str:
    """The reason of a change that answers a suspect: the answer, the kind of the suspect, and the reading."""
    reading = f"“{shorten(suspect.reading, 80)}”"
    if suspect.suggestion:
        reading += f" → “{shorten(suspect.suggestion, 80)}”"
    return f"suspect {answer} ({suspect.code}): {reading}"
