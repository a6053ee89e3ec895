"""Findings of the archive: in the witnesses at an import, in the texts at each publishing."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import StrIndex
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from glossary.models import Sense, Term
from reader.models.standing import (
    WITNESS_ORDER,
    FoundInWitnessQuerySet,
    FoundQuerySet,
    InText,
    InTextQuerySet,
    SpanQuerySet,
    stands_in_one_text,
)
from reader.models.texts import Division, Note, Paragraph, Volume, Witness
from reader.text.markup import plain


class GapQuerySet(models.QuerySet["Gap"]):
    """Questions about gaps."""

    def open(self) -> Self:
        """The gaps that nobody has dismissed."""
        return self.filter(state=Gap.State.OPEN)

    def of_volume(self, volume: Volume | int) -> Self:
        """The gaps of a volume."""
        return self.filter(division__volume=volume)

    def in_book_order(self) -> Self:
        """The gaps by chapters, in each by the numbers of the notes."""
        return self.order_by("division__volume_id", "division__position", "n")


class Gap(models.Model):
    """A note that the text calls and the witnesses lack. Found again at each publishing."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a question", "open")
        DISMISSED = "dismissed", _("known to be lost")

    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="gaps")
    n = models.PositiveIntegerField(_("number of the note"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)

    objects = GapQuerySet.as_manager()

    class Meta:
        ordering = ("division", "n")
        constraints = [models.UniqueConstraint(fields=("division", "n"), name="gap_once")]

    def __str__(self) -> str:
        return gettext("note %(n)s is not in the source") % {"n": self.n}


class TermOccurrenceQuerySet(SpanQuerySet["TermOccurrence"]):
    """Questions about occurrences."""


class TermOccurrence(InText):
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
    # The sense that the term has here. None: the term has only one, or the occurrence is ambiguous.
    sense = models.ForeignKey(Sense, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = TermOccurrenceQuerySet.as_manager()

    class Meta:
        ordering = ("paragraph__position", "note__position", "start")
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="occurrence_has_characters"),
            stands_in_one_text("occurrence_stands_in_one_place"),
        ]

    def __str__(self) -> str:
        return gettext("%(name)s at %(start)s") % {"name": self.term, "start": self.start}


class CandidateQuerySet(FoundQuerySet["Candidate"]):
    """Questions about candidates."""


class Candidate(InText):
    """A possible term: the text explains it, or uses it without an explanation. A question for an editor."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a question", "open")
        ACCEPTED = "accepted", pgettext_lazy("state of a question", "accepted")
        REFUSED = "refused", pgettext_lazy("state of a question", "refused")

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="candidates")
    headword = models.CharField(max_length=200)
    definition = models.TextField(blank=True)
    # The pattern by which discovery.py found it; `unexplained` has no definition.
    pattern = models.CharField(max_length=40)
    score = models.FloatField(help_text=_("From 0 to 1: how often such a candidate is right."))
    count = models.PositiveIntegerField(_("times in the text"), default=1)
    sentence = models.TextField(blank=True)
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # False: the text was corrected and explains it no more.
    is_explained = models.BooleanField(default=True, editable=False)
    # False: the last import did not find it again; it is kept because an editor answered it, and may come again.
    is_found = models.BooleanField(default=True, editable=False)
    term = models.ForeignKey(
        Term, on_delete=models.SET_NULL, null=True, blank=True, related_name="candidates"
    )

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ("volume", "-score", "headword")
        constraints = [models.UniqueConstraint(fields=("volume", "headword"), name="candidate_once")]

    def __str__(self) -> str:
        return f"{self.headword}: {self.definition}" if self.definition else self.headword


class EmendationQuerySet(InTextQuerySet["Emendation"]):
    """Questions about emendations."""

    def in_witness_order(self) -> Self:
        """The emendations in the order of the lines of the witnesses."""
        return self.order_by(*WITNESS_ORDER)


class Emendation(InText):
    """A change from a witness's reading to ours."""

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="emendations")
    witness = models.ForeignKey(Witness, on_delete=models.CASCADE, related_name="emendations")
    line = models.PositiveIntegerField()
    before = models.TextField()
    after = models.TextField(blank=True)
    # The name of a second witness may stand behind it.
    rule = models.CharField(max_length=140)
    # Where `after` begins in the wording of the last import, without its markup; None if nobody knows, or if it stands
    # in no text.
    offset = models.PositiveIntegerField(null=True, blank=True, editable=False)
    division = models.ForeignKey(Division, on_delete=models.CASCADE, null=True, blank=True)
    paragraph = models.ForeignKey(Paragraph, on_delete=models.CASCADE, null=True, blank=True)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, null=True, blank=True)

    objects = EmendationQuerySet.as_manager()

    class Meta:
        ordering = ("volume", "witness", "line", "id")

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class SuspectQuerySet(FoundInWitnessQuerySet["Suspect"]):
    """Questions about suspects."""


class Suspect(InText):
    """A reading that looks wrong, and that no rule decides: a question for a person."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a question", "open")
        ACCEPTED = "accepted", pgettext_lazy("state of a question", "accepted")
        DISMISSED = "dismissed", _("not a fault")

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="suspects")
    # None once the witness is no longer part of the volume: a person's answer is kept all the same.
    witness = models.ForeignKey(Witness, on_delete=models.SET_NULL, null=True, related_name="suspects")
    line = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    reading = models.TextField()
    suggestion = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    # The words around the reading. Another import knows a suspect by its code, reading and context.
    context = models.TextField(blank=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # False: the last import did not find it again; it is kept because a person answered it, and may come again.
    is_found = models.BooleanField(default=True, editable=False)
    # The good reading that answered it; None if nobody did, or a person answered this one alone.
    good_reading = models.ForeignKey(
        "reader.GoodReading",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="suspects",
    )
    # The second witness that answered it. With this an open one was opened again by a person, and stays open.
    settled_by = models.CharField(
        _("second witness that settled it"), max_length=100, blank=True, editable=False
    )
    paragraph = models.ForeignKey(Paragraph, on_delete=models.SET_NULL, null=True, blank=True)
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True)

    objects = SuspectQuerySet.as_manager()

    class Meta:
        ordering = ("volume", "witness", "line", "id")

    def __str__(self) -> str:
        return f"{self.code}: {self.reading}"


class VariantQuerySet(FoundInWitnessQuerySet["Variant"]):
    """Questions about variants."""

    def asked_once(self) -> Self:
        """The variants without the open ones of words that wait as an open suspect: the suspect asks for both."""
        suspects = (
            Suspect.objects.open()
            .found()
            .exclude(reading="")
            .filter(
                Q(paragraph=OuterRef("paragraph")) | Q(note=OuterRef("note")),
                witness=OuterRef("witness"),
                # A reading may begin in one line and end in the next.
                line__gte=OuterRef("line") - 1,
                line__lte=OuterRef("line") + 1,
            )
        )
        holds = StrIndex(OuterRef("reading"), F("reading"))
        held = StrIndex(F("reading"), OuterRef("reading"))
        same = suspects.alias(holds=holds, held=held).filter(Q(holds__gt=0) | Q(held__gt=0))
        return self.exclude(Exists(same), ~Q(reading=""), state=Variant.State.OPEN)


class Variant(InText):
    """A difference between our text and a second witness that no rule decides: a question for a person.

    It is answered as a suspect is: its `suggestion` is the other's reading.
    """

    class Kind(models.TextChoices):
        # In the order of what they could change.
        FIGURES = "figures", pgettext_lazy("kind of variant", "figures")
        WORDS = "words", pgettext_lazy("kind of variant", "words")
        PASSAGES = "passages", pgettext_lazy("kind of variant", "passages")
        DIVISION = "division of words", pgettext_lazy("kind of variant", "division of words")
        PUNCTUATION = "punctuation", pgettext_lazy("kind of variant", "punctuation and capitals")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a question", "open")
        ACCEPTED = "accepted", pgettext_lazy("variant", "taken")
        DISMISSED = "dismissed", pgettext_lazy("variant", "ours kept")

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="variants")
    # Our witness and the other one; None once it is no longer part of the volume.
    witness = models.ForeignKey(Witness, on_delete=models.SET_NULL, null=True, related_name="variants")
    line = models.PositiveIntegerField()
    other_witness = models.ForeignKey(Witness, on_delete=models.SET_NULL, null=True, related_name="+")
    other_line = models.PositiveIntegerField()
    name = models.CharField(_("second witness"), max_length=100)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    # Empty: a passage of its own that only the other has, or that only ours has.
    reading = models.TextField(blank=True)
    other = models.TextField(_("reading of the second witness"), blank=True)
    # The words around our reading, by which it is found again.
    context = models.TextField(blank=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # False: the last import did not find it again; it is kept because a person answered it, and may come again.
    is_found = models.BooleanField(default=True, editable=False)
    paragraph = models.ForeignKey(Paragraph, on_delete=models.SET_NULL, null=True, blank=True)
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True)

    objects = VariantQuerySet.as_manager()

    class Meta:
        ordering = ("volume", "witness", "line", "id")

    def __str__(self) -> str:
        return f"{self.name}: {self.reading} → {self.other}"

    @property
    def code(self) -> str:
        """Its kind."""
        return self.kind

    @property
    def suggestion(self) -> str:
        """What would stand in the place of our reading: the other's."""
        return self.other


class ItalicQuerySet(FoundQuerySet["Italic"]):
    """Questions about lost italics."""

    def in_book_order(self) -> Self:
        """The places in the order of the texts, a volume's paragraphs before its notes."""
        return self.order_by(
            "volume_id",
            "paragraph__division__position",
            "paragraph__position",
            "note__division__position",
            "note__position",
            "pk",
        )


class Italic(InText):
    """Words that may have stood in italics, which the source lost: a question for a person.

    Once accepted, the words are emphasised in the text itself; this row says what they are, and in which language. The
    place is known by the words around it.
    """

    class Kind(models.TextChoices):
        # The values of reader/text/lost_italics.py.
        TITLE = "title", _("title of a work")
        TERM = "term", _("term of the glossary")
        FOREIGN = "foreign", _("foreign words")
        EMPHASIS = "emphasis", _("emphasis")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a question", "open")
        ACCEPTED = "accepted", pgettext_lazy("lost italic", "set in italics")
        DISMISSED = "dismissed", pgettext_lazy("lost italic", "upright")

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="italics")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    language = models.CharField(
        max_length=20, blank=True, help_text=_("A tag of BCP 47; empty: the text's own, or not known.")
    )
    reading = models.TextField()
    # The words around the reading, by which it is found again.
    context = models.TextField(blank=True, editable=False)
    evidence = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # False: the last import did not find it again; it is kept because a person answered it, and may come again.
    is_found = models.BooleanField(default=True, editable=False)
    paragraph = models.ForeignKey(Paragraph, on_delete=models.SET_NULL, null=True, blank=True)
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True)

    objects = ItalicQuerySet.as_manager()

    class Meta:
        verbose_name = _("lost italic")
        ordering = ("volume", "id")

    def __str__(self) -> str:
        return gettext("%(what)s: %(said)s") % {"what": self.get_kind_display(), "said": self.reading}


# Questions about readings that are answered alike: each has a reading, a suggestion, a place and a state.
Question = Suspect | Variant


class DiagnosticQuerySet(FoundInWitnessQuerySet["Diagnostic"]):
    """Questions about diagnostics."""


class Diagnostic(InText):
    """A message of the last import about a place of a witness, for a person to look at."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a question", "open")
        DISMISSED = "dismissed", pgettext_lazy("diagnostic", "seen")

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="diagnostics")
    witness = models.ForeignKey(Witness, on_delete=models.SET_NULL, null=True, related_name="+")
    line = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    message = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # False: the last import did not find it again; it is kept because a person has seen it, and may come again.
    is_found = models.BooleanField(default=True, editable=False)
    division = models.ForeignKey(Division, on_delete=models.SET_NULL, null=True, blank=True)
    paragraph = models.ForeignKey(Paragraph, on_delete=models.SET_NULL, null=True, blank=True)
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True)

    objects = DiagnosticQuerySet.as_manager()

    class Meta:
        ordering = ("volume", "witness", "line", "id")

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class CrossReferenceQuerySet(SpanQuerySet["CrossReference"]):
    """Questions about cross-references."""


class CrossReference(InText):
    """A place where the text sends its reader to another place: characters `start` to `end` of the text without markup.

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
    # The place that it leads to, as far as this archive has it; the page is the first one named.
    target_page = models.CharField(max_length=20, blank=True)
    target_division = models.ForeignKey(
        Division, on_delete=models.SET_NULL, null=True, blank=True, related_name="referred_from"
    )
    target_note = models.PositiveIntegerField(null=True, blank=True)
    is_resolved = models.BooleanField(default=False)
    reason = models.CharField(_("why it is not resolved"), max_length=40, blank=True)

    objects = CrossReferenceQuerySet.as_manager()

    class Meta:
        ordering = ("volume", "id")
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="cross_reference_has_characters"),
            stands_in_one_text("cross_reference_stands_in_one_place"),
        ]

    def __str__(self) -> str:
        return self.reading


class WorkReferenceQuerySet(SpanQuerySet["WorkReference"]):
    """Questions about references to works."""


class WorkReference(InText):
    """A place where the text cites a work: characters `start` to `end` of the text without markup name the work.

    Found again at each publishing. `work` is the slug of the work's page, empty where the work is not certain.
    """

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="work_references")
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.CASCADE, null=True, blank=True, related_name="work_references"
    )
    note = models.ForeignKey(
        Note, on_delete=models.CASCADE, null=True, blank=True, related_name="work_references"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    work = models.SlugField(max_length=80, db_index=False, blank=True)

    objects = WorkReferenceQuerySet.as_manager()

    class Meta:
        ordering = ("volume", "id")
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="work_reference_has_characters"),
            stands_in_one_text("work_reference_stands_in_one_text"),
        ]

    def __str__(self) -> str:
        return self.reading or gettext("not certain")

    @property
    def reading(self) -> str:
        """The characters that name the work."""
        return plain(self.text.text)[self.start : self.end] if self.text else ""

    @property
    def context(self) -> str:
        """The reading with eighty characters on either side."""
        return plain(self.text.text)[max(0, self.start - 80) : self.end + 80] if self.text else ""


class Word(models.Model):
    """A word of a chapter, in its most frequent spelling there; without a division, a word of the volume's glossary.

    Recorded at each publishing. Search uses it for other spellings of a word, and for the nearest to a missing one.
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
            # The operator class lets the index answer "begins with" under any collation.
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
