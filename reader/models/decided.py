"""Decisions of persons: settlements, conflicts, replacements, the names under which they correct."""

from typing import Self

from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from glossary.models import Sense, Term
from reader.models.deeds import Deed
from reader.models.standing import InText, InTextQuerySet, QuestionQuerySet, stands_in_one_text
from reader.models.texts import Division, Note, Paragraph, Text, Volume


class SettlementQuerySet(InTextQuerySet["Settlement"]):
    """Questions about settlements."""


class Settlement(InText):
    """An editor's decision on one occurrence: the sense that the term has there, or that it is not the term at all.

    The place is known by the words around it and found again whenever the text is published.
    """

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="settlements")
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.CASCADE, null=True, blank=True, related_name="settlements"
    )
    note = models.ForeignKey(
        Note, on_delete=models.CASCADE, null=True, blank=True, related_name="settlements"
    )
    before = models.CharField(_("words before"), max_length=200, blank=True)
    reading = models.CharField(max_length=200)
    after = models.CharField(_("words after"), max_length=200, blank=True)
    is_term = models.BooleanField(_("is the term"), default=True)
    sense = models.ForeignKey(
        Sense, on_delete=models.CASCADE, null=True, blank=True, related_name="settlements"
    )

    objects = SettlementQuerySet.as_manager()

    class Meta:
        ordering = ("term", "paragraph__position", "note__position", "id")
        constraints = [
            stands_in_one_text("settlement_is_about_one_text"),
            models.CheckConstraint(
                condition=Q(is_term=True, sense__isnull=False) | Q(is_term=False, sense__isnull=True),
                name="settlement_says_a_sense_or_that_it_is_not_the_term",
            ),
            models.UniqueConstraint(
                fields=("term", "paragraph", "note", "before", "reading", "after"),
                name="settlement_once_a_place",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(what)s: %(said)s") % {
            "what": self.reading,
            "said": self.sense or gettext("not the term"),
        }


class ConflictQuerySet(QuestionQuerySet["Conflict"]):
    """Questions about conflicts."""


class Conflict(InText):
    """An import's reading that could not be merged with a person's. The person's reading stands until somebody decides.

    It is about a field of a paragraph, note, division or term; about a change of structure (`deed`) that the new
    import has no place for; else about the volume itself. Its subject may be gone (a division that the new text lacks):
    then only this row keeps the person's text.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a question", "open")
        RESOLVED = "resolved", pgettext_lazy("state of a question", "resolved")

    # The field of a conflict over the entry in the key that became part of a term.
    FORMER_DEFINITION = "former definition"
    OF_ROWS = ("text", "head", "definition", FORMER_DEFINITION)  # all other fields are the volume's

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="conflicts")
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.SET_NULL, null=True, blank=True, related_name="conflicts"
    )
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True, related_name="conflicts")
    division = models.ForeignKey(
        Division, on_delete=models.SET_NULL, null=True, blank=True, related_name="conflicts"
    )
    term = models.ForeignKey(Term, on_delete=models.SET_NULL, null=True, blank=True, related_name="conflicts")
    deed = models.ForeignKey(Deed, on_delete=models.CASCADE, null=True, blank=True, related_name="conflicts")
    field = models.CharField(max_length=40)
    about = models.CharField(max_length=200, help_text=_("What it is about, as it was called then."))
    old_import = models.TextField(blank=True)
    human = models.TextField(_("the person's text"), blank=True)
    new_import = models.TextField(blank=True, help_text=_("Empty: the new text has no place for it."))
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        ordering = ("volume", "state", "id")

    def __str__(self) -> str:
        return gettext("%(what)s: %(said)s") % {"what": self.about, "said": self.get_state_display()}

    def subject(self) -> Text | Division | Term | Volume | Deed | None:
        """The row that the conflict is about; None if that row is gone."""
        row = self.deed or self.text or self.division or self.term
        if row is None and self.field not in self.OF_ROWS:
            return self.volume
        return row


class Replacement(models.Model):
    """A reading that a person put right in many places at once, and can take back in all of them."""

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="replacements")
    reading = models.TextField()
    replacement = models.TextField(blank=True)
    is_whole_word = models.BooleanField(_("whole words"), default=True)
    reason = models.TextField()
    # Keys of accounts.
    made_by = models.PositiveBigIntegerField(null=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.PositiveBigIntegerField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return f"{self.reading} → {self.replacement}"


# The fields of Replaced that name the row; each set has one of them.
REPLACED_IN = ("paragraph", "note", "division", "term")


class ReplacedQuerySet(InTextQuerySet["Replaced"]):
    """Questions about replaced texts."""


class Replaced(InText):
    """A text, head or definition in which a reading was put right, with its wording before and after."""

    replacement = models.ForeignKey(Replacement, on_delete=models.CASCADE, related_name="texts")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.CASCADE, null=True, related_name="+")
    note = models.ForeignKey(Note, on_delete=models.CASCADE, null=True, related_name="+")
    division = models.ForeignKey(Division, on_delete=models.CASCADE, null=True, related_name="+")
    term = models.ForeignKey(Term, on_delete=models.CASCADE, null=True, related_name="+")
    count = models.PositiveIntegerField(_("places in it"))
    before = models.TextField()
    after = models.TextField()

    objects = ReplacedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("replaced texts")
        ordering = ("replacement", "paragraph__position", "note__position")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *(Q(**{f"{name}__isnull": name != kept for name in REPLACED_IN}) for kept in REPLACED_IN),
                    _connector=Q.OR,
                ),
                name="replaced_in_one_row",
            )
        ]

    def __str__(self) -> str:
        return gettext("%(replacement)s in %(text)s") % {"replacement": self.replacement, "text": self.row}

    @property
    def row(self) -> Text | Division | Term | None:
        """The paragraph, note, division or term that was changed."""
        return self.text or self.division or self.term

    @property
    def row_key(self) -> tuple[str, int]:
        """The first letter of the row's kind, and its key."""
        keys = ((name[0], getattr(self, f"{name}_id")) for name in REPLACED_IN)
        return next((letter, key) for letter, key in keys if key is not None)


class GoodReadingQuerySet(models.QuerySet["GoodReading"]):
    """Questions about good readings."""

    def holding_in(self, volume: Volume) -> Self:
        """The good readings of a volume, and those of all volumes."""
        of_all = Q(volume=None)
        return self.filter(of_all if volume.pk is None else of_all | Q(volume=volume))


class GoodReading(models.Model):
    """A reading that a person called good everywhere: suspects of it are answered, and no import opens them again."""

    reading = models.TextField()
    code = models.CharField(_("kind of doubt"), max_length=40, blank=True, help_text=_("Empty: every kind."))
    volume = models.ForeignKey(
        Volume,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="good_readings",
        help_text=_("Empty: all volumes."),
    )
    reason = models.TextField(blank=True)
    # The key of an account; None after the restoring of a document.
    made_by = models.PositiveBigIntegerField(null=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = GoodReadingQuerySet.as_manager()

    class Meta:
        ordering = ("reading", "code", "volume", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("reading", "code", "volume"), name="good_reading_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.reading}”"

    @property
    def where(self) -> str:
        """The volume in which it holds: its title, or `all volumes`."""
        return str(self.volume) if self.volume else gettext("all volumes")

    @property
    def what(self) -> str:
        """The kind of doubt that it answers, in words."""
        if not self.code:
            return gettext("every kind")
        return pgettext("kind of doubt", self.code.replace("-", " "))


class CitedWork(models.Model):
    """A work that the volume cites, and what an editor says of it: a description, that it is one with another, or none.

    `key` is how the text names it, by surnames and title (`reader/edition/works.py`), so that the decision holds after
    every import. Empty fields leave what the text says. Publishing adds a row for each work that it finds, and keeps
    the row of one that it no longer finds if an editor has said something of it.
    """

    # The fields that say more of a work than the text, in place of what the text says.
    DESCRIBES = ("author", "title", "place", "year", "publisher", "doi", "isbn", "url", "remark")

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="cited_works")
    key = models.CharField(_("as the text names it"), max_length=400)
    is_found = models.BooleanField(_("is cited"), default=True, editable=False)
    # As the text names it, and the slug of its page or of the work that it is one with. Publishing finds them again.
    found_author = models.CharField(max_length=300, blank=True, default="", db_default="", editable=False)
    found_title = models.CharField(max_length=500, blank=True, default="", db_default="", editable=False)
    slug = models.SlugField(
        max_length=80, db_index=False, blank=True, default="", db_default="", editable=False
    )
    into = models.CharField(
        _("one with"), max_length=400, blank=True, help_text=_("The key of the work that it is one with.")
    )
    is_work = models.BooleanField(
        _("is a work"), default=True, help_text=_("Off: these references cite no work.")
    )
    author = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=500, blank=True)
    place = models.CharField(max_length=100, blank=True)
    year = models.CharField(max_length=20, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    doi = models.CharField(_("DOI"), max_length=200, blank=True)
    isbn = models.CharField(_("ISBN"), max_length=20, blank=True)
    url = models.CharField(
        _("address"), max_length=500, blank=True, validators=[URLValidator(schemes=("http", "https"))]
    )
    remark = models.CharField(max_length=500, blank=True, help_text=_("A line about it for readers."))
    archived = models.ForeignKey(
        Volume,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="cited_as",
        verbose_name=_("volume of this archive"),
    )

    class Meta:
        verbose_name = _("cited work")
        ordering = ("volume", "key")
        constraints = [
            models.UniqueConstraint(fields=("volume", "key"), name="cited_work_once"),
            models.CheckConstraint(condition=~Q(key=F("into")), name="cited_work_is_not_one_with_itself"),
        ]

    def __str__(self) -> str:
        return (
            ", ".join(filter(None, (self.author or self.found_author, self.title or self.found_title)))
            or self.key
        )

    @property
    def is_decided(self) -> bool:
        """Whether an editor has said something of it."""
        said = (self.into, *(getattr(self, name) for name in self.DESCRIBES), self.archived_id)
        return not self.is_work or any(said)


class SettledReferenceQuerySet(InTextQuerySet["SettledReference"]):
    """Questions about settled references."""


class SettledReference(InText):
    """An editor's decision on one reference: the key of the work that it cites, or that it cites none.

    The place is known by the words around it, as that of a `Settlement`.
    """

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="settled_references")
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.CASCADE, null=True, blank=True, related_name="settled_references"
    )
    note = models.ForeignKey(
        Note, on_delete=models.CASCADE, null=True, blank=True, related_name="settled_references"
    )
    before = models.CharField(_("words before"), max_length=200, blank=True)
    reading = models.CharField(max_length=500)
    after = models.CharField(_("words after"), max_length=200, blank=True)
    work = models.CharField(
        _("key of the work"), max_length=400, blank=True, help_text=_("Empty: it cites no work.")
    )

    objects = SettledReferenceQuerySet.as_manager()

    class Meta:
        ordering = ("volume", "id")
        constraints = [
            stands_in_one_text("settled_reference_is_in_one_text"),
            models.UniqueConstraint(
                fields=("paragraph", "note", "before", "reading", "after"),
                name="settled_reference_once_a_place",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reading}: {self.work or gettext('no work')}"


class Corrector(models.Model):
    """The name that a person chose for the public apparatus; a person without a name is “an editor” there."""

    account = models.PositiveBigIntegerField(_("key of the account"), unique=True, editable=False)
    name = models.CharField(_("name in the apparatus"), max_length=100, blank=True)

    class Meta:
        ordering = ("name", "account")

    def __str__(self) -> str:
        return self.name or gettext("an editor")
