"""The persons that a text names, with what editors decided about them, and the places that name them."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reader.models.standing import InText, SpanQuerySet, stands_in_one_text
from reader.models.texts import Note, Paragraph, Volume


class PersonQuerySet(models.QuerySet["Person"]):
    """Questions about persons."""

    def of_volume(self, volume: Volume | int) -> Self:
        """The persons of a volume."""
        return self.filter(volume=volume)


class Person(models.Model):
    """A person of a volume: the name as the text has it at each publishing, and the decisions of editors.

    `found_as` is the name by which a publication knows the person again: `Bukharin, N. I.`, or one form that an editor
    set apart from a person.
    """

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="persons")
    found_as = models.CharField(max_length=200, editable=False)
    slug = models.SlugField(max_length=80, editable=False)
    surname = models.CharField(max_length=200, editable=False)
    given = models.CharField(max_length=200, blank=True, editable=False)
    count = models.PositiveIntegerField(_("places in the text"), default=0, editable=False)
    # Why an editor should look; empty if nothing is in doubt.
    doubt = models.TextField(blank=True, editable=False)
    # False: the text no longer names the person, who is kept because an editor decided something.
    is_found = models.BooleanField(default=True, editable=False)

    # What editors decide.
    heading = models.CharField(
        _("name in the index"), max_length=200, blank=True, help_text=_("Empty: as the text has it.")
    )
    about = models.CharField(
        _("about the person"), max_length=300, blank=True, help_text=_("One line, for readers.")
    )
    is_excluded = models.BooleanField(
        _("no person"), default=False, help_text=_("A place, an office, a ship.")
    )
    into = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("one person with"),
    )
    forms_apart = ArrayField(models.CharField(max_length=200), default=list, blank=True, editable=False)
    # Places that an editor gave to the person, each by its words: before the name, the name, after it.
    places_assigned = models.JSONField(
        default=list, db_default=Value([], models.JSONField()), blank=True, editable=False
    )
    # How many of them the text does not have now, or has twice.
    places_lost = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    is_added = models.BooleanField(_("added by an editor"), default=False, editable=False)
    is_settled = models.BooleanField(_("the doubt is settled"), default=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ("volume", "found_as")
        constraints = [
            models.UniqueConstraint(fields=("volume", "found_as"), name="person_once"),
            models.UniqueConstraint(fields=("volume", "slug"), name="person_has_an_address"),
            models.CheckConstraint(condition=~Q(into=F("id")), name="person_is_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return self.shown_as

    def get_absolute_url(self) -> str:
        """The address of the person's page."""
        return reverse("person", args=[self.volume.slug, self.slug])

    @property
    def shown_as(self) -> str:
        """The name in the index: the editor's, or the text's."""
        return self.heading or self.found_as

    @property
    def is_decided(self) -> bool:
        """Whether an editor decided something: then no publication removes the person."""
        return any(
            (
                *(self.heading, self.about, self.is_excluded, self.into_id, self.forms_apart),
                *(self.places_assigned, self.is_added, self.is_settled),
            )
        )

    @property
    def is_shown(self) -> bool:
        """Whether readers see the person."""
        return not self.is_excluded and self.into_id is None and self.count > 0


class PersonOccurrenceQuerySet(SpanQuerySet["PersonOccurrence"]):
    """Questions about the places that name persons."""


class PersonOccurrence(InText):
    """A place where the text names a person: characters `start` to `end` of the text without its markup."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="occurrences")
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.CASCADE, null=True, blank=True, related_name="persons"
    )
    note = models.ForeignKey(Note, on_delete=models.CASCADE, null=True, blank=True, related_name="persons")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    objects = PersonOccurrenceQuerySet.as_manager()

    class Meta:
        ordering = ("paragraph__position", "note__position", "start")
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="person_occurrence_has_characters"),
            stands_in_one_text("person_occurrence_stands_in_one_place"),
        ]

    def __str__(self) -> str:
        return gettext("%(name)s at %(start)s") % {"name": self.person, "start": self.start}
