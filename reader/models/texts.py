"""The text of the edition: the volume, its witnesses, divisions, paragraphs, notes and printed pages."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from glossary.languages import in_english
from glossary.models import Glossary
from reader.models.standing import InText, InVolumeQuerySet, TextKey
from reader.models.vectors import vector_of_markup
from reader.text.markup import plain
from reader.text.page_numbers import inferred_page


class _History(HistoricalRecords):  # type: ignore[misc]  # the library has no types
    """Every version of these fields of a row: their values, its maker, its time and its reason.

    A person is known only by the key of the account, because an archive without the admin has no accounts.
    """

    def __init__(self, *kept: str) -> None:
        super().__init__(
            history_user_id_field=models.PositiveBigIntegerField(null=True, blank=True, db_index=True),
            history_change_reason_field=models.TextField(null=True),
        )
        self.kept = {"id", *kept}

    def create_history_model(self, model: type[models.Model], inherited: bool) -> Any:
        """Make the table of the versions, with the fields that the library expects and this history lacks."""
        self.excluded_fields = [field.name for field in model._meta.fields if field.name not in self.kept]
        return super().create_history_model(model, inherited)


class _Corrected(models.Model):
    """A row that persons correct: a text, or a division with its head. One of its fields holds its wording."""

    # The field with the wording; the field with `imported_` before its name has the wording of the last import.
    WORDING: ClassVar[str] = "text"

    # The keys of the accounts whose corrections it holds, in order; none while it reads as imported. Readers are told
    # of a correction from this field: the history is for correctors only.
    corrected_by = models.JSONField(default=list, blank=True, editable=False)
    # The day (ISO 8601) on which a person last corrected it; empty while it reads as imported, or if nobody knows.
    corrected_on = models.CharField(
        _("day of the last correction"), max_length=10, blank=True, editable=False
    )

    class Meta:
        abstract = True

    @property
    def called(self) -> str:
        """Its name in rows about it and in the admin: `paragraph`, `note` or `division`."""
        return str(self._meta.model_name)

    @property
    def wording(self) -> str:
        """Its wording, in the inline markup."""
        return str(getattr(self, self.WORDING))

    @wording.setter
    def wording(self, wording: str) -> None:
        setattr(self, self.WORDING, wording)

    @property
    def imported_wording(self) -> str:
        """Its wording in the last import."""
        return str(getattr(self, f"imported_{self.WORDING}"))

    @property
    def is_as_imported(self) -> bool:
        """Whether its wording is the last import's."""
        return self.wording == self.imported_wording

    @property
    def level_name(self) -> str:
        """Its level in words; empty if it has none."""
        return ""


class Volume(models.Model):
    """One volume, as its `volume.toml` describes it."""

    # The fields that describe it.
    DESCRIBED = (
        "title",
        "subtitle",
        "author",
        "translator",
        "publisher",
        "year",
        "original",
        "rights",
        "language",
    )

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
    # The number of changes of the published text; part of every ETag and of every citation.
    revision = models.PositiveIntegerField(default=0, editable=False)
    # The highest paragraph number ever given: no number is given to a second paragraph.
    last_number = models.PositiveIntegerField(default=0, editable=False)
    # The last import's findings: the manifest's fields, and the key's headwords. A comparison with them shows the
    # fields that persons changed, and the terms that they took out of the glossary.
    imported_description = models.JSONField(default=dict, blank=True, editable=False)
    imported_headwords = models.JSONField(default=list, blank=True, editable=False)
    # Facts by which the last import probably misread the witnesses, and which a person accepted:
    # [{"code": code, "said": sentence, "places": [[witness, line], ...]}]. Empty after an import without doubts.
    doubts = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        ordering = ("title", "slug")

    def __str__(self) -> str:
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    def get_absolute_url(self) -> str:
        """Its address for readers."""
        return reverse("volume", args=[self.slug])


class Witness(models.Model):
    """One file of the volume, kept whole and unchanged: its text here, and a file that is no text in `Original`."""

    TEXT: ClassVar[str] = "text"
    # The kinds of file in readers' words, where the name that the import's front gives the kind would not do.
    IN_WORDS: ClassVar[dict[str, str]] = {
        TEXT: gettext_noop("plain text"),
        "web page": gettext_noop("saved web page"),
    }

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="witnesses")
    n = models.PositiveSmallIntegerField(_("place in the volume, from 1"))
    name = models.CharField(max_length=300)
    kind = models.CharField(_("kind of file"), max_length=40, default=TEXT)
    encoding = models.CharField(_("encoding of the text"), max_length=40)
    digest = models.CharField(_("SHA-256 of the file"), max_length=64)
    # Plain text as the file has it, else the text that was derived from the file. Lines and offsets count in it.
    content = models.BinaryField()
    # Of a derived text: the number of the way in which it was derived, and its own digest, by which caches know it.
    # The same file can have another text after an import.
    form = models.PositiveSmallIntegerField(default=0, editable=False)
    text_digest = models.CharField(max_length=64, blank=True, editable=False)
    # {"characters": {category: count}, "total": count, "balanced": bool}: characters that are not white space; and in
    # "set_aside", by category, the places of characters that stand on no page: [first line, last line], or for a part
    # of a line [line, line, first column, column after the last]. Lines count from 1, columns from 0.
    audit = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name_plural = _("witnesses")
        ordering = ("volume", "n")
        constraints = [models.UniqueConstraint(fields=("volume", "n"), name="witness_place_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_in_words(self) -> str:
        """What kind of file it is, for readers."""
        return gettext(self.IN_WORDS.get(self.kind, self.kind))


class Original(models.Model):
    """A file that is no plain text, as its owner gave it: for exports and correctors, never for readers.

    A table of its own, since the role that serves readers may not read it, and since it is large.
    """

    witness = models.OneToOneField(Witness, on_delete=models.CASCADE, related_name="original")
    content = models.BinaryField()
    # Where the lines of the text stand: [line, page, left, top, right, bottom], line and page from 1, in tenths of a
    # point from the page's upper left. Only of kinds of file that have pages.
    boxes = models.JSONField(default=list, blank=True, editable=False)

    def __str__(self) -> str:
        return f"{self.witness} as a file"


class DivisionQuerySet(InVolumeQuerySet["Division"]):
    """Questions about divisions."""

    def before(self, one: "Division") -> Self:
        """The rows that stand before one in its volume."""
        return self.of_volume(one.volume_id).filter(position__lt=one.position)

    def after(self, one: "Division") -> Self:
        """The rows that stand after one in its volume."""
        return self.of_volume(one.volume_id).filter(position__gt=one.position)

    def chapters(self) -> Self:
        """The divisions with a page of their own: front and back matter, parts, chapters."""
        return self.filter(kind__in=Division.PAGE_KINDS)


class Division(_Corrected):
    """A part, chapter, section, subsection, or a piece of front or back matter."""

    class Kind(models.TextChoices):
        FRONT = "front", _("front matter")
        PART = "part", _("part")
        CHAPTER = "chapter", _("chapter")
        SECTION = "section", _("section")
        SUBSECTION = "subsection", _("subsection")
        BACK = "back", _("back matter")

    WORDING = "head"
    PAGE_KINDS = (Kind.FRONT, Kind.PART, Kind.CHAPTER, Kind.BACK)

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="divisions")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    n = models.CharField(max_length=20, blank=True)
    head = models.TextField(help_text=_("In the inline markup: [^3] calls note 3, *word* is emphasis."))
    imported_head = models.TextField(editable=False, blank=True)
    slug = models.SlugField(max_length=120)
    position = models.PositiveIntegerField()
    page = models.CharField(_("printed page on which it begins"), max_length=20, blank=True)
    lines = models.JSONField(default=list, blank=True)

    objects = DivisionQuerySet.as_manager()
    history = _History("head")

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
        """Its address for readers."""
        anchor = f"#{self.anchor}" if self.anchor else ""
        return reverse("chapter", args=[self.volume.slug, self.page_division().slug]) + anchor

    @property
    def kind_in_book(self) -> str:
        """Its kind as the book's own headings name it: `chapter`. It does not follow the interface's language."""
        return in_english(self.Kind(self.kind).label)

    @property
    def title(self) -> str:
        """The title of a page about it: its head, without markup."""
        return plain(self.head)

    @property
    def name_in_chapter(self) -> str:
        """Its name beside the name of its chapter."""
        return gettext("heading")

    @property
    def stands_in(self) -> int:
        """The key of the division in whose text its head stands: its own."""
        return self.pk

    @property
    def anchor(self) -> str:
        """The id of the division on its chapter's page; empty for the chapter itself."""
        return "" if self.is_page or self.parent_id is None else self.slug

    @property
    def is_page(self) -> bool:
        """Whether it has an address of its own, not an anchor in a chapter."""
        return self.kind in self.PAGE_KINDS

    def page_division(self) -> "Division":
        """The division whose page shows this one: itself, or the chapter around it."""
        division = self
        while not division.is_page and division.parent is not None:
            division = division.parent
        return division


class Level(models.TextChoices):
    """The state of a text's comparison with its witnesses (https://en.wikisource.org/wiki/Help:Page_status)."""

    NOT_PROOFREAD = "not-proofread", pgettext_lazy("level of a text", "not proofread")
    PROBLEMATIC = "problematic", pgettext_lazy("level of a text", "problematic")
    PROOFREAD = "proofread", pgettext_lazy("level of a text", "proofread")
    VALIDATED = "validated", pgettext_lazy("level of a text", "validated")


class _Proofread(_Corrected):
    """A text that persons compare with its witnesses: a paragraph or a note.

    Each subclass adds `division`, `volume`, `position` and `text`; the `key` by which rows name the text; its `anchor`
    on its chapter's page; and its `place_in_book`, by which texts are sorted.
    """

    imported_text = models.TextField(editable=False)
    lines = models.JSONField(default=list, blank=True, editable=False)
    search = models.GeneratedField(
        expression=vector_of_markup("text"), output_field=SearchVectorField(), db_persist=True
    )
    level = models.CharField(
        max_length=15, choices=Level.choices, default=Level.NOT_PROOFREAD, editable=False
    )
    # The key of the account that proofread it: only another account may validate it.
    proofread_by = models.PositiveBigIntegerField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def get_absolute_url(self: Any) -> str:
        """Its address for readers."""
        return f"{self.page_division().get_absolute_url()}#{self.anchor}"

    @property
    def level_name(self) -> str:
        """Its level in words."""
        return str(self.get_level_display())

    @property
    def title(self) -> str:
        """The title of a page about it: `Paragraph 12`."""
        return str(self).capitalize()

    @property
    def name_in_chapter(self) -> str:
        """Its name beside the name of its chapter: `paragraph 12`."""
        return str(self)

    @property
    def stands_in(self: Any) -> int:
        """The key of the division in which it stands."""
        return self.division_id  # type: ignore[no-any-return]

    def page_division(self: Any) -> Division:
        """The division whose page shows it."""
        return self.division.page_division()  # type: ignore[no-any-return]


class ParagraphQuerySet(InVolumeQuerySet["Paragraph"]):
    """Questions about paragraphs."""

    def before(self, one: "Paragraph") -> Self:
        """The rows that stand before one in its volume."""
        return self.of_volume(one.volume_id).filter(position__lt=one.position).defer("search")

    def after(self, one: "Paragraph") -> Self:
        """The rows that stand after one in its volume."""
        return self.of_volume(one.volume_id).filter(position__gt=one.position).defer("search")


class NoteQuerySet(models.QuerySet["Note"]):
    """Questions about notes."""

    def of_volume(self, volume: Volume | int) -> Self:
        """The notes of a volume."""
        return self.filter(division__volume=volume)

    def in_book_order(self) -> Self:
        """The notes volume by volume, in each by their positions."""
        return self.order_by("division__volume_id", "division__position", "position")

    def before(self, one: "Note") -> Self:
        """The rows that stand before one in its volume."""
        earlier = Q(division__position__lt=one.division.position)
        here = Q(division=one.division_id, position__lt=one.position)
        return self.of_volume(one.volume_id).filter(earlier | here).defer("search")

    def after(self, one: "Note") -> Self:
        """The rows that stand after one in its volume."""
        later = Q(division__position__gt=one.division.position)
        here = Q(division=one.division_id, position__gt=one.position)
        return self.of_volume(one.volume_id).filter(later | here).defer("search")


class Paragraph(_Proofread):
    """A block of running text; readers see `text`, the last import made `imported_text`."""

    class Kind(models.TextChoices):
        PROSE = "prose", _("prose")
        QUOTATION = "quotation", _("quotation")
        VERSE = "verse", _("verse")
        TABLE = "table", _("table")

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="paragraphs")
    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="paragraphs")
    # The permanent address: given once in a volume; no correction and no later import changes it.
    number = models.PositiveIntegerField(editable=False)
    position = models.PositiveIntegerField(editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PROSE)
    continues = models.BooleanField(_("goes on with the sentence before the quotation"), default=False)
    text = models.TextField(
        help_text=_("[^12] calls note 12, {p. 42} begins page 42, *word* is emphasis, a backslash escapes.")
    )

    objects = ParagraphQuerySet.as_manager()
    history = _History("text", "level", "proofread_by")

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
        return gettext("paragraph %(number)s") % {"number": self.number}

    @property
    def key(self) -> TextKey:
        """The key by which rows name it: its key as a paragraph, None as a note."""
        return self.pk, None

    @property
    def anchor(self) -> str:
        """The id of the paragraph on its chapter's page, as reader/text/rendering.py gives it."""
        return f"p{self.number}"

    @property
    def place_in_book(self) -> tuple[int, int, int, int]:
        """The sort key of the texts of a volume: by chapters, in each the paragraphs before the notes."""
        return self.page_division().position, 0, self.division.position, self.position


class Note(_Proofread):
    """An endnote of a chapter. A fragment is a piece of a note whose number the witnesses lost."""

    class State(models.TextChoices):
        COMPLETE = "complete", pgettext_lazy("note", "complete")
        FRAGMENT = "fragment", pgettext_lazy("note", "fragment")

    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="notes")
    n = models.PositiveIntegerField(_("number"), null=True, blank=True)
    position = models.PositiveIntegerField(editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.COMPLETE)
    # The number or sign that the witness prints, if it is not `n`: notes are counted through their chapter.
    mark = models.CharField(_("number or sign in the source"), max_length=10, blank=True, editable=False)
    # The witness lost the number; by order and page only this one fits.
    inferred = models.BooleanField(_("number is inferred"), default=False, editable=False)
    page = models.CharField(_("printed page of its call"), max_length=20, blank=True)
    text = models.TextField(
        help_text=_("Paragraphs are parted by an empty line; one that begins with “> ” is a quotation.")
    )
    # Of a note that the source lacks and a person wrote in: the copy from which it was taken, the day (ISO 8601), and
    # the key of the account. Empty once an import has the note; of a note that only a second witness has, the name of
    # this witness alone.
    supplied_from = models.CharField(
        _("copy from which it was supplied"), max_length=300, blank=True, editable=False
    )
    supplied_on = models.CharField(
        _("day on which it was supplied"), max_length=10, blank=True, editable=False
    )
    supplied_by = models.PositiveBigIntegerField(null=True, blank=True, editable=False)

    objects = NoteQuerySet.as_manager()
    history = _History("text", "level", "proofread_by")

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
        if self.n is None:
            return gettext("fragment of a note")
        return gettext("note %(n)s") % {"n": self.n}

    @property
    def label(self) -> str:
        """The number or sign that readers see; empty for a fragment."""
        return self.mark or str(self.n or "")

    @property
    def is_supplied(self) -> bool:
        """Whether a person wrote it in, because the source lacks it."""
        return bool(self.supplied_on)

    @property
    def is_not_in_source(self) -> bool:
        """Whether the source lacks it: a person wrote it in, or a second witness has it."""
        return bool(self.supplied_on or self.supplied_from)

    @property
    def volume(self) -> Volume:
        """The volume in which it stands."""
        return self.division.volume

    @volume.setter
    def volume(self, volume: Volume) -> None:
        self.division.volume = volume

    @property
    def volume_id(self) -> int:
        """The key of the volume in which it stands."""
        return self.division.volume_id

    @property
    def key(self) -> TextKey:
        """The key by which rows name it: None as a paragraph, its key as a note."""
        return None, self.pk

    @property
    def anchor(self) -> str:
        """The id of the note on its chapter's page, as reader/text/rendering.py gives it."""
        return f"n{self.n}" if self.n is not None else f"n-fragment-{self.position}"

    @property
    def place_in_book(self) -> tuple[int, int, int, int]:
        """The sort key of the texts of a volume: by chapters, in each the paragraphs before the notes."""
        return self.page_division().position, 1, self.division.position, self.position


# A text of the book; terms, suspects and conflicts are about texts.
Text = Paragraph | Note
# A row that a person corrects: a text, or a division with its head.
Correctable = Paragraph | Note | Division


class PageBreakQuerySet(InVolumeQuerySet["PageBreak"]):
    """Questions about page breaks."""


class PageBreak(InText):
    """The beginning of a printed page: `{p. n}` in the text of a paragraph or note, or the head of a division."""

    class Certainty(models.TextChoices):
        ATTESTED = "attested", _("attested")
        INFERRED = "inferred", _("inferred")

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="page_breaks")
    n = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    certainty = models.CharField(max_length=10, choices=Certainty.choices)
    division = models.ForeignKey(Division, on_delete=models.CASCADE, null=True, blank=True)
    # The place is found again at each publishing.
    paragraph = models.ForeignKey(Paragraph, on_delete=models.SET_NULL, null=True, blank=True)
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True)
    has_text = models.BooleanField(_("is not blank"), default=True)

    objects = PageBreakQuerySet.as_manager()

    class Meta:
        ordering = ("volume", "position")
        constraints = [models.UniqueConstraint(fields=("volume", "n"), name="page_once")]

    def __str__(self) -> str:
        return f"p. {self.n}"

    @property
    def is_inferred(self) -> bool:
        """Whether no source shows where the page's text begins."""
        return self.has_text and self.certainty == self.Certainty.INFERRED

    @property
    def label(self) -> str:
        """The page's number as readers see it: `42`, but `[42]` where it is inferred."""
        return inferred_page(self.n) if self.is_inferred else self.n
