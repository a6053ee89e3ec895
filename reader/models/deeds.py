"""Changes of structure by persons, which each import makes again; and the numbers that lead on since then."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reader.models.texts import Division, Note, Paragraph, Volume


class DeedQuerySet(models.QuerySet["Deed"]):
    """Questions about deeds."""

    def in_force(self) -> Self:
        """The deeds that nobody took back, in the order in which they were done."""
        return self.exclude(state=Deed.State.TAKEN_BACK).order_by("pk")

    def of_row(self, row: Paragraph | Note | Division) -> Self:
        """The deeds that changed a paragraph, a note or a division, or made it."""
        name = str(row._meta.model_name)
        is_second = Q() if isinstance(row, Division) else Q(**{f"second_{name}": row})
        return self.filter(Q(**{name: row}) | is_second)


class Deed(models.Model):
    """A change of structure that a person made: done in the archive at once, and again in each import.

    `sought` says where an import has the texts that the deed changes: a list of anchors, as reader/text/anchors.py
    makes them, in the order that the kind of deed needs. `values` are what the person chose, and `before` what the deed
    replaced, so that it can be taken back. An import finds the deeds in the order in which they were done, each in the
    texts as the deeds before it left them.
    """

    class Kind(models.TextChoices):
        JOIN = "join", _("paragraphs joined")
        SPLIT = "split", _("paragraph split")
        SET_KIND = "set-kind", _("kind of a paragraph")
        TAKE_OUT = "take-out", _("paragraph taken out")
        SUPPLY = "supply", _("paragraph supplied")
        MOVE = "move", _("paragraph moved")
        MAKE_DIVISION = "make-division", _("division made of a paragraph")
        DISSOLVE = "dissolve", _("division dissolved")
        SET_DIVISION = "set-division", _("number, kind or level of a division")
        MOVE_DIVISION = "move-division", _("division moved")
        SUPPLY_NOTE = "supply-note", _("note supplied")
        NUMBER_NOTE = "number-note", _("number of a note")
        JOIN_NOTES = "join-notes", _("notes joined")
        SPLIT_NOTE = "split-note", _("note split")
        TAKE_OUT_NOTE = "take-out-note", _("note taken out")
        SET_PAGE = "set-page", _("beginning of a page")

    class State(models.TextChoices):
        DONE = "done", pgettext_lazy("change of structure", "done")
        LOST = "lost", pgettext_lazy("change of structure", "without a place in the last import")
        TAKEN_BACK = "taken-back", pgettext_lazy("change of structure", "taken back")

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="deeds")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    said = models.CharField(_("what was done"), max_length=300)
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.SET_NULL, null=True, blank=True, related_name="deeds"
    )
    second_paragraph = models.ForeignKey(
        Paragraph, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True, related_name="deeds")
    second_note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    division = models.ForeignKey(
        Division, on_delete=models.SET_NULL, null=True, blank=True, related_name="deeds"
    )
    # The names of its rows that are gone: a paragraph's number, a division's address, a note's chapter and number. A
    # row that comes back is known by its name.
    gone = models.JSONField(default=dict, editable=False)
    sought = models.JSONField(default=list, editable=False)
    values = models.JSONField(default=dict, editable=False)
    before = models.JSONField(default=dict, editable=False)
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DONE)
    # Keys of accounts.
    made_by = models.PositiveBigIntegerField(null=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    taken_back_by = models.PositiveBigIntegerField(null=True, editable=False)
    taken_back_at = models.DateTimeField(null=True, editable=False)

    objects = DeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of structure")
        verbose_name_plural = _("changes of structure")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.said


class FormerNumber(models.Model):
    """The permanent number of a paragraph that is gone, and the paragraph that readers are led to.

    `is_joined` says that this paragraph has the words of the one that is gone; else it only stands where that one
    stood. Without a paragraph, nothing is left of the place.
    """

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="former_numbers")
    number = models.PositiveIntegerField()
    paragraph = models.ForeignKey(Paragraph, on_delete=models.SET_NULL, null=True, related_name="+")
    is_joined = models.BooleanField(default=False)

    class Meta:
        ordering = ("volume", "number")
        constraints = [models.UniqueConstraint(fields=("volume", "number"), name="former_number_once")]

    def __str__(self) -> str:
        return f"{self.number} → {self.paragraph.number if self.paragraph else 'nothing'}"
