"""For the first page of the admin: the ways to work that are open to the person who sees it."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse

from reader.correction.queue import KINDS, open_questions

register = template.Library()

# The name of each address, what its way is called, what is done there, and the rights of which one opens it.
WAYS = (
    (
        "reader_queue",
        "Queue",
        "What waits for you",
        tuple(f"reader.{may}_{name}" for name in KINDS for may in ("view", "change")),
    ),
    (
        "reader_replacement_add",
        "Put right everywhere",
        "One reading, in all its places at once",
        ("reader.add_replacement",),
    ),
    (
        "corpus_import_upload_add",
        "Import",
        "New witnesses, shown before they are taken",
        ("corpus_import.add_upload",),
    ),
    (
        "reader_corrector_name",
        "Your name in the apparatus",
        "How readers see who corrected",
        ("reader.change_paragraph", "reader.change_note"),
    ),
    (
        "reader_correctors",
        "Who corrected how much",
        "Persons, and what each has done",
        ("reader.change_paragraph", "reader.view_paragraph", "reader.set_level"),
    ),
)


@dataclass(frozen=True, slots=True)
class Way:
    """A way to work: where it leads, what it is called, what is done there; of the queue, what is open by its kind."""

    url: str
    name: str
    words: str
    numbers: dict[str, int]


@register.simple_tag
def ways_of(user: Any) -> list[Way]:
    """The ways that there are and that a person may go. Two statements at most."""
    ways = []
    for name, called, words, rights in WAYS:
        try:
            url = reverse(f"admin:{name}")
        except NoReverseMatch:
            continue
        if any(user.has_perm(right) for right in rights):
            ways.append(Way(url, called, words, open_questions(user) if name == "reader_queue" else {}))
    return ways
