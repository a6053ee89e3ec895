"""What is read: the volume, its witnesses, divisions, paragraphs, notes and printed pages."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from glossary.models import Glossary
from reader.models.vectors import vector_of_markup


def _history(*kept: str) -> HistoricalRecords:
    """Every version of the fields that persons correct: what it was, who made it, when and why.

    A person is known by the key of the account alone: where there is no admin there are no accounts either.
    """
    return HistoricalRecords(
        excluded_fields=kept,
        history_user_id_field=models.PositiveBigIntegerField(null=True, blank=True, db_index=True),
        history_change_reason_field=models.TextField(null=True),
    )


class _Corrected(models.Model):
    """A text that persons correct."""

    # The keys of the accounts that made it what it is, in their order; none while it reads as imported. What readers
    # are told of a correction is told from it: the history is the correctors' own.
    corrected_by = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        abstract = True


class Volume(models.Model):
    """One volume, as its `volume.toml` describes it."""

    slug = models.SlugField(unique=True, max_length=100)
    title = models.CharField(max_length=300)
    subtitle = models.CharField(max_length=300, blank=True)
    author = models.CharField(max_length=300)
    translator = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField()
    original = models.CharField(max_length=500, blank=True)
    rights = models.TextField()
    language = models.CharField(max_length=35)
    glossary = models.ForeignKey(Glossary, on_delete=models.PROTECT, related_name="volumes")
    # Counts the changes of what readers see; part of every ETag and of every citation.
    revision = models.PositiveIntegerField(default=0, editable=False)
    # The highest paragraph number ever given: a number that was given once is never given to another.
    last_number = models.PositiveIntegerField(default=0, editable=False)
    # What the last import found: the manifest's fields, and the key's headwords. What a person changed, or took out of
    # the glossary, is told from it.
    imported_description = models.JSONField(default=dict, blank=True, editable=False)
    imported_headwords = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        ordering = ("title", "slug")

    def __str__(self) -> str:
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    def get_absolute_url(self) -> str:
        """Where readers find it."""
        return reverse("volume", args=[self.slug])


class Witness(models.Model):
    """One extracted file, kept whole and unchanged."""

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="witnesses")
    n = models.PositiveSmallIntegerField("place in the volume, from 1")
    name = models.CharField(max_length=300)
    encoding = models.CharField(max_length=40)
    digest = models.CharField("SHA-256", max_length=64)
    content = models.BinaryField()
    # {"characters": {category: count}, "total": count, "balanced": bool}: characters that are not white space.
    audit = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "witnesses"
        ordering = ("volume", "n")
        constraints = [models.UniqueConstraint(fields=("volume", "n"), name="witness_place_once")]

    def __str__(self) -> str:
        return self.name


class DivisionQuerySet(models.QuerySet["Division"]):
    """Questions about divisions."""

    def chapters(self) -> "DivisionQuerySet":
        """The divisions that are a page of their own: front and back matter, parts, chapters."""
        return self.filter(kind__in=Division.PAGE_KINDS)


class Division(_Corrected):
    """A part, chapter, section, subsection, or a piece of front or back matter."""

    class Kind(models.TextChoices):
        FRONT = "front", "front matter"
        PART = "part", "part"
        CHAPTER = "chapter", "chapter"
        SECTION = "section", "section"
        SUBSECTION = "subsection", "subsection"
        BACK = "back", "back matter"

    PAGE_KINDS = (Kind.FRONT, Kind.PART, Kind.CHAPTER, Kind.BACK)

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="divisions")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    n = models.CharField(max_length=20, blank=True)
    head = models.TextField(help_text="In the inline markup: [^3] calls note 3, *word* is emphasis.")
    imported_head = models.TextField(editable=False, blank=True)
    slug = models.SlugField(max_length=120)
    position = models.PositiveIntegerField()
    page = models.CharField("printed page on which it begins", max_length=20, blank=True)
    lines = models.JSONField(default=list, blank=True)

    objects = DivisionQuerySet.as_manager()
    history = _history(
        *(
            "volume",
            "parent",
            "kind",
            "n",
            "imported_head",
            "slug",
            "position",
            "page",
            "lines",
            "corrected_by",
        )
    )

    class Meta:
        ordering = ("volume", "position")
        constraints = [
            models.UniqueConstraint(fields=("volume", "slug"), name="division_slug_once"),
            models.UniqueConstraint(
                fields=("volume", "position"),
                name="division_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.n}. {self.head}" if self.n else self.head

    def get_absolute_url(self) -> str:
        """Where readers find it."""
        page = self.page_division()
        anchor = "" if page is self else f"#{self.slug}"
        return reverse("chapter", args=[self.volume.slug, page.slug]) + anchor

    @property
    def is_page(self) -> bool:
        """Whether readers find it at an address of its own, not as an anchor in a chapter."""
        return self.kind in self.PAGE_KINDS

    def page_division(self) -> "Division":
        """The division on whose page readers find this one: itself, or the chapter around it."""
        division = self
        while not division.is_page and division.parent is not None:
            division = division.parent
        return division


class Level(models.TextChoices):
    """How far a text was compared with its witnesses (https://en.wikisource.org/wiki/Help:Page_status)."""

    NOT_PROOFREAD = "not-proofread", "not proofread"
    PROBLEMATIC = "problematic", "problematic"
    PROOFREAD = "proofread", "proofread"
    VALIDATED = "validated", "validated"


class _Proofread(_Corrected):
    """A text that persons compare with its witnesses."""

    level = models.CharField(
        max_length=15, choices=Level.choices, default=Level.NOT_PROOFREAD, editable=False
    )
    # The key of the account that proofread it: another one validates.
    proofread_by = models.PositiveBigIntegerField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Paragraph(_Proofread):
    """A block of running text; `text` is what is read, `imported_text` what the last import made."""

    class Kind(models.TextChoices):
        PROSE = "prose", "prose"
        QUOTATION = "quotation", "quotation"
        TABLE = "table", "table"

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="paragraphs")
    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="paragraphs")
    # The permanent address: given once in a volume and never changed, whatever is corrected or imported again.
    number = models.PositiveIntegerField(editable=False)
    position = models.PositiveIntegerField(editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PROSE)
    continues = models.BooleanField("goes on with the sentence before the quotation", default=False)
    text = models.TextField(
        help_text="[^12] calls note 12, {p. 42} begins page 42, *word* is emphasis, a backslash escapes."
    )
    imported_text = models.TextField(editable=False)
    lines = models.JSONField(default=list, blank=True, editable=False)
    search = models.GeneratedField(
        expression=vector_of_markup("text"), output_field=SearchVectorField(), db_persist=True
    )
    history = _history(
        *(
            "volume",
            "division",
            "number",
            "position",
            "kind",
            "continues",
            "imported_text",
            "lines",
            "search",
        ),
        "corrected_by",
    )

    class Meta:
        ordering = ("volume", "position")
        permissions = [("set_level", "Can set the level of texts")]
        indexes = [GinIndex(fields=("search",), name="paragraph_search")]
        constraints = [
            models.UniqueConstraint(fields=("volume", "number"), name="paragraph_number_once"),
            models.UniqueConstraint(
                fields=("volume", "position"),
                name="paragraph_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"paragraph {self.number}"

    def get_absolute_url(self) -> str:
        """Where readers find it."""
        return f"{self.division.page_division().get_absolute_url()}#p{self.number}"


class Note(_Proofread):
    """An endnote of a chapter. A fragment is a piece of a note whose number the witnesses lost."""

    class State(models.TextChoices):
        COMPLETE = "complete", "complete"
        FRAGMENT = "fragment", "fragment"

    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="notes")
    n = models.PositiveIntegerField("number", null=True, blank=True)
    position = models.PositiveIntegerField(editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.COMPLETE)
    page = models.CharField("printed page of its call", max_length=20, blank=True)
    text = models.TextField(
        help_text="Paragraphs are parted by an empty line; one that begins with “> ” is a quotation."
    )
    imported_text = models.TextField(editable=False)
    lines = models.JSONField(default=list, blank=True, editable=False)
    search = models.GeneratedField(
        expression=vector_of_markup("text"), output_field=SearchVectorField(), db_persist=True
    )
    history = _history(
        *("division", "n", "position", "state", "page", "imported_text", "lines", "search", "corrected_by")
    )

    class Meta:
        ordering = ("division", "position")
        indexes = [GinIndex(fields=("search",), name="note_search")]
        constraints = [
            models.UniqueConstraint(fields=("division", "n"), name="note_number_once"),
            models.CheckConstraint(
                condition=Q(state="fragment") | Q(n__isnull=False), name="complete_note_has_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"note {self.n}" if self.n is not None else "fragment of a note"

    def get_absolute_url(self) -> str:
        """Where readers find it."""
        return f"{self.division.page_division().get_absolute_url()}#{self.anchor}"

    @property
    def anchor(self) -> str:
        """The id of the note on its chapter's page, as `rendering.py` gives it."""
        return f"n{self.n}" if self.n is not None else f"n-fragment-{self.position}"


# A text that stands in the book: what terms, suspects and conflicts are about.
Text = Paragraph | Note
# What a person corrects: a text, or the head of a division.
Correctable = Paragraph | Note | Division


class PageBreak(models.Model):
    """Where a page of the printed book begins: `{p. n}` in the text of a paragraph or note, or a division."""

    class Certainty(models.TextChoices):
        ATTESTED = "attested", "attested"
        INFERRED = "inferred", "inferred"

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="page_breaks")
    n = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    certainty = models.CharField(max_length=10, choices=Certainty.choices)
    division = models.ForeignKey(Division, on_delete=models.CASCADE, null=True, blank=True)
    # Found again in the text at each publishing.
    paragraph = models.ForeignKey(Paragraph, on_delete=models.SET_NULL, null=True, blank=True)
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True)
    has_text = models.BooleanField("is not blank", default=True)

    class Meta:
        ordering = ("volume", "position")
        constraints = [models.UniqueConstraint(fields=("volume", "n"), name="page_once")]

    def __str__(self) -> str:
        return f"p. {self.n}"
