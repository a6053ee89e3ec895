"""The edition: what was read out of the witnesses, what persons made of it, and what is published of it."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from glossary.models import Glossary, Sense, Term
from reader.vectors import vector_of_markup


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


class Gap(models.Model):
    """A note that the text calls and that is not in the witnesses. Found again at each publishing."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        DISMISSED = "dismissed", "known to be lost"

    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="gaps")
    n = models.PositiveIntegerField("number of the note")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)

    class Meta:
        ordering = ("division", "n")
        constraints = [models.UniqueConstraint(fields=("division", "n"), name="gap_once")]

    def __str__(self) -> str:
        return f"note {self.n} is not in the source"


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


class TermOccurrence(models.Model):
    """A place where the text uses a term: characters `start` to `end` of the text without its markup."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="occurrences")
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.CASCADE, null=True, blank=True, related_name="occurrences"
    )
    note = models.ForeignKey(
        Note, on_delete=models.CASCADE, null=True, blank=True, related_name="occurrences"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    # Which of several senses it has. None: the term has one only, or the occurrence is ambiguous.
    sense = models.ForeignKey(Sense, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("paragraph__position", "note__position", "start")
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="occurrence_has_characters"),
            models.CheckConstraint(
                condition=Q(paragraph__isnull=False, note__isnull=True)
                | Q(paragraph__isnull=True, note__isnull=False),
                name="occurrence_stands_in_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term} at {self.start}"


class Settlement(models.Model):
    """An editor's word on one occurrence: which sense the term has there, or that it is not the term at all.

    The place is known by the words around it, so that it is found again whenever the text is published.
    """

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="settlements")
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.CASCADE, null=True, blank=True, related_name="settlements"
    )
    note = models.ForeignKey(
        Note, on_delete=models.CASCADE, null=True, blank=True, related_name="settlements"
    )
    before = models.CharField("words before", max_length=200, blank=True)
    reading = models.CharField(max_length=200)
    after = models.CharField("words after", max_length=200, blank=True)
    is_term = models.BooleanField("is the term", default=True)
    sense = models.ForeignKey(
        Sense, on_delete=models.CASCADE, null=True, blank=True, related_name="settlements"
    )

    class Meta:
        ordering = ("term", "paragraph__position", "note__position", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(paragraph__isnull=False, note__isnull=True)
                | Q(paragraph__isnull=True, note__isnull=False),
                name="settlement_is_about_one_text",
            ),
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
        return f"{self.reading}: {self.sense or 'not the term'}"


class Candidate(models.Model):
    """A term that the text itself explains, or uses and nowhere explains: a question for an editor."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        ACCEPTED = "accepted", "accepted"
        REFUSED = "refused", "refused"

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="candidates")
    headword = models.CharField(max_length=200)
    definition = models.TextField(blank=True)
    # The pattern by which discovery.py found it; `unexplained` has no definition.
    pattern = models.CharField(max_length=40)
    score = models.FloatField(help_text="From 0 to 1: how often such a candidate is right.")
    count = models.PositiveIntegerField("times in the text", default=1)
    sentence = models.TextField(blank=True)
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # Not found any more by the last import, and kept because an editor settled it: it may come again.
    is_found = models.BooleanField(default=True, editable=False)
    term = models.ForeignKey(
        Term, on_delete=models.SET_NULL, null=True, blank=True, related_name="candidates"
    )

    class Meta:
        ordering = ("volume", "-score", "headword")
        constraints = [models.UniqueConstraint(fields=("volume", "headword"), name="candidate_once")]

    def __str__(self) -> str:
        return f"{self.headword}: {self.definition}" if self.definition else self.headword


class Emendation(models.Model):
    """A change from the witness's reading to ours."""

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="emendations")
    witness = models.ForeignKey(Witness, on_delete=models.CASCADE, related_name="emendations")
    line = models.PositiveIntegerField()
    before = models.TextField()
    after = models.TextField(blank=True)
    rule = models.CharField(max_length=40)
    division = models.ForeignKey(Division, on_delete=models.CASCADE, null=True, blank=True)
    paragraph = models.ForeignKey(Paragraph, on_delete=models.CASCADE, null=True, blank=True)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, null=True, blank=True)

    class Meta:
        ordering = ("volume", "witness", "line", "id")

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Suspect(models.Model):
    """A reading that looks wrong, and that no rule is certain about: a question for a person."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        ACCEPTED = "accepted", "accepted"
        DISMISSED = "dismissed", "not a fault"

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="suspects")
    # None once the witness is no more part of the volume: what a person settled is remembered all the same.
    witness = models.ForeignKey(Witness, on_delete=models.SET_NULL, null=True, related_name="suspects")
    line = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    reading = models.TextField()
    suggestion = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    # The words around the reading. Code, reading and context are what a suspect is known by in another import.
    context = models.TextField(blank=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # Not found any more by the last import, and kept because a person settled it: it may come again.
    is_found = models.BooleanField(default=True, editable=False)
    paragraph = models.ForeignKey(Paragraph, on_delete=models.SET_NULL, null=True, blank=True)
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ("volume", "witness", "line", "id")

    def __str__(self) -> str:
        return f"{self.code}: {self.reading}"


class Diagnostic(models.Model):
    """What the last import had to say of a place of a witness, for a person to look at."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        DISMISSED = "dismissed", "seen"

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="diagnostics")
    witness = models.ForeignKey(Witness, on_delete=models.SET_NULL, null=True, related_name="+")
    line = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    message = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # Not found any more by the last import, and kept because a person has seen it: it may come again.
    is_found = models.BooleanField(default=True, editable=False)
    division = models.ForeignKey(Division, on_delete=models.SET_NULL, null=True, blank=True)
    paragraph = models.ForeignKey(Paragraph, on_delete=models.SET_NULL, null=True, blank=True)
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ("volume", "witness", "line", "id")

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class CrossReference(models.Model):
    """A place where the text sends its reader to another: characters `start` to `end` of the text without markup.

    Found again at each publishing.
    """

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="cross_references")
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.CASCADE, null=True, blank=True, related_name="cross_references"
    )
    note = models.ForeignKey(
        Note, on_delete=models.CASCADE, null=True, blank=True, related_name="cross_references"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    reading = models.TextField()
    kind = models.CharField(max_length=20)
    # Where it leads, as far as this archive has it; the page is the first that it names.
    target_page = models.CharField(max_length=20, blank=True)
    target_division = models.ForeignKey(
        Division, on_delete=models.SET_NULL, null=True, blank=True, related_name="referred_from"
    )
    target_note = models.PositiveIntegerField(null=True, blank=True)
    is_resolved = models.BooleanField(default=False)
    reason = models.CharField("why it is not resolved", max_length=40, blank=True)

    class Meta:
        ordering = ("volume", "id")
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="cross_reference_has_characters"),
            models.CheckConstraint(
                condition=Q(paragraph__isnull=False, note__isnull=True)
                | Q(paragraph__isnull=True, note__isnull=False),
                name="cross_reference_stands_in_one_place",
            ),
        ]

    def __str__(self) -> str:
        return self.reading


class Conflict(models.Model):
    """What an import could not merge with what a person had made of a text. The person's stands until one decides.

    It is about a field of a paragraph, note, division, term, or of the volume itself where none of these is named.
    What it is about may be gone (a division that the new text lacks): then this row alone keeps the person's text.
    """

    class State(models.TextChoices):
        OPEN = "open", "open"
        RESOLVED = "resolved", "resolved"

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="conflicts")
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.SET_NULL, null=True, blank=True, related_name="conflicts"
    )
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True, related_name="conflicts")
    division = models.ForeignKey(
        Division, on_delete=models.SET_NULL, null=True, blank=True, related_name="conflicts"
    )
    term = models.ForeignKey(Term, on_delete=models.SET_NULL, null=True, blank=True, related_name="conflicts")
    field = models.CharField(max_length=40)
    about = models.CharField(max_length=200, help_text="What it is about, as it was called then.")
    old_import = models.TextField(blank=True)
    human = models.TextField("the person's text", blank=True)
    new_import = models.TextField(blank=True, help_text="Empty: the new text has no place for it.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)

    class Meta:
        ordering = ("volume", "state", "id")

    def __str__(self) -> str:
        return f"{self.about}: {self.get_state_display()}"

    def subject(self) -> "Paragraph | Note | Division | Term | Volume | None":
        """The row that it is about; None if that is gone."""
        row = self.paragraph or self.note or self.division or self.term
        if row is None and self.field not in ("text", "head", "definition"):
            return self.volume
        return row


class Replacement(models.Model):
    """A reading that a person put right in many places at once, and can take back at once."""

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="replacements")
    reading = models.TextField()
    replacement = models.TextField(blank=True)
    is_whole_word = models.BooleanField("whole words", default=True)
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


class Replaced(models.Model):
    """A text in which a reading was put right: how it read before and after."""

    replacement = models.ForeignKey(Replacement, on_delete=models.CASCADE, related_name="texts")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.CASCADE, null=True, related_name="+")
    note = models.ForeignKey(Note, on_delete=models.CASCADE, null=True, related_name="+")
    count = models.PositiveIntegerField("places in it")
    before = models.TextField()
    after = models.TextField()

    class Meta:
        verbose_name_plural = "replaced texts"
        ordering = ("replacement", "paragraph__position", "note__position")
        constraints = [
            models.CheckConstraint(
                condition=Q(paragraph__isnull=False, note__isnull=True)
                | Q(paragraph__isnull=True, note__isnull=False),
                name="replaced_in_one_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.replacement} in {self.paragraph or self.note}"


class Corrector(models.Model):
    """The name that a person chose for the public apparatus; who chose none is an editor there."""

    account = models.PositiveBigIntegerField("key of the account", unique=True, editable=False)
    name = models.CharField("name in the apparatus", max_length=100, blank=True)

    class Meta:
        ordering = ("name", "account")

    def __str__(self) -> str:
        return self.name or "an editor"


class Word(models.Model):
    """A word that a chapter uses, as it is written there most; without a division, one of the volume's glossary.

    Recorded at each publishing, for search: other spellings of a word, and the nearest to one that is not there.
    """

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="words", db_index=False)
    division = models.ForeignKey(
        Division, on_delete=models.CASCADE, null=True, blank=True, related_name="words"
    )
    text = models.CharField(max_length=100)
    key = models.CharField("what its spellings have in common", max_length=200)
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ("volume", "division", "text")
        indexes = [
            # The operator class lets the index answer "begins with", whatever the collation is.
            models.Index(
                fields=("volume", "key"), opclasses=("int8_ops", "varchar_pattern_ops"), name="word_key"
            ),
            GinIndex(fields=("key",), opclasses=("gin_trgm_ops",), name="word_trigrams"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("volume", "division", "text"), name="word_once_a_chapter", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.text


class PublishedPage(models.Model):
    """A page as it is served: whole, with its ETag and its compressed forms."""

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, null=True, related_name="pages")
    path = models.CharField(max_length=300, unique=True, help_text="Without the leading slash.")
    etag = models.CharField(max_length=64)
    html = models.BinaryField()
    gzip = models.BinaryField()
    brotli = models.BinaryField()
    # Digest of the templates, styles and code that it was made with: `publish_volumes --if-stale` compares it.
    made_with = models.CharField(max_length=64)

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return f"/{self.path}"
