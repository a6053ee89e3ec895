"""The account at work in the admin, and the ways to work that are open to it."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from reader.correction.queue.kinds import KINDS, open_questions


def account_of(request: HttpRequest) -> models.Model:
    """The account that is logged in, as the admin has already made sure."""
    assert isinstance(request.user, models.Model)
    return request.user


# The name of each way's address, its title, its description, and the rights of which any opens it.
WAYS = (
    (
        "reader_queue",
        _("Queue"),
        _("What waits for you"),
        tuple(f"reader.{may}_{name}" for name in KINDS for may in ("view", "change")),
    ),
    (
        "reader_reading",
        _("Read through"),
        _("A chapter on one page, put right where it stands"),
        ("reader.change_paragraph", "reader.view_paragraph", "reader.set_level"),
    ),
    (
        "reader_replacement_add",
        _("Put right everywhere"),
        _("One reading, in all its places at once"),
        ("reader.add_replacement",),
    ),
    (
        "reader_note_supply",
        _("Write in notes"),
        _("Notes that the source lacks, from another copy"),
        ("reader.change_note",),
    ),
    (
        "reader_deed_changelist",
        _("Changes of structure"),
        _("What was joined, split, moved, supplied; and the way back"),
        ("reader.change_paragraph", "reader.change_note", "reader.change_division"),
    ),
    (
        "corpus_import_upload_add",
        _("Import"),
        _("New witnesses, shown before they are taken"),
        ("corpus_import.add_upload",),
    ),
    (
        "reader_corrector_name",
        _("Your name in the apparatus"),
        _("How readers see who corrected"),
        ("reader.change_paragraph", "reader.change_note"),
    ),
    (
        "reader_correctors",
        _("Who corrected how much"),
        _("Persons, and what each has done"),
        ("reader.change_paragraph", "reader.view_paragraph", "reader.set_level"),
    ),
)


@dataclass(frozen=True, slots=True)
class Way:
    """A way to work: its address, its name, its description; for the queue the numbers of open questions by kind."""

    url: str
    name: str
    words: str
    numbers: dict[str, int]


def ways_of(user: Any) -> list[Way]:
    """The ways that exist and are open to a person. Three statements at most."""
    ways = []
    for name, called, words, rights in WAYS:
        try:
            url = reverse(f"admin:{name}")
        except NoReverseMatch:
            continue
        if any(user.has_perm(right) for right in rights):
            ways.append(
                Way(url, str(called), str(words), open_questions(user) if name == "reader_queue" else {})
            )
    return ways
