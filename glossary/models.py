"""A glossary: terms, their forms, references from one term to another, and the history of all of these."""

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Glossary(models.Model):
    """A list of terms. A volume names its glossary, so the volumes of one work can share a glossary."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        verbose_name_plural = _("glossaries")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """An entry: a headword with its definition, or with the term to *see* instead."""

    class Source(models.TextChoices):
        KEY = "key", _("the volume's key")
        TEXT = "text", _("the text itself")
        EDITOR = "editor", _("an editor")

    glossary = models.ForeignKey(Glossary, on_delete=models.CASCADE, related_name="terms")
    headword = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200)
    definition = models.TextField(blank=True)
    see = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="seen_from"
    )
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.EDITOR)
    in_emphasis = models.BooleanField(
        _("also in emphasis"),
        default=True,
        help_text=_("Whether it is explained where the text emphasises it, as in the titles of cited works."),
    )
    # The sense of every occurrence that was not settled by itself, if there are several senses. None: these occurrences
    # are shown as ambiguous.
    settled_sense = models.ForeignKey(
        "Sense", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    # [witness, first line, last line] of each piece of the key that the entry was read from.
    lines = models.JSONField(default=list, blank=True)
    # The entry in a volume's key, beside the present one; empty for an entry that comes from no key. If several volumes
    # share the glossary, the keys of the other volumes never change the entry.
    imported_from = models.CharField(_("slug of the volume"), max_length=100, blank=True, editable=False)
    imported_headword = models.CharField(max_length=200, blank=True, editable=False)
    imported_definition = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = (Lower("headword"), "headword")
        constraints = [
            models.UniqueConstraint(fields=("glossary", "headword"), name="term_headword_once"),
            models.UniqueConstraint(fields=("glossary", "slug"), name="term_slug_once"),
            models.CheckConstraint(condition=~models.Q(headword=""), name="term_headword_not_empty"),
            models.CheckConstraint(condition=~models.Q(see=models.F("id")), name="term_does_not_see_itself"),
        ]

    def __str__(self) -> str:
        return self.headword

    def explained_by(self) -> "Term":
        """The term whose definition explains this one: itself, or the end of its *See* (a loop ends at its start)."""
        passed: set[int | None] = set()
        term = self
        while term.see is not None and term.pk not in passed:
            passed.add(term.pk)
            term = term.see
        return term


class Sense(models.Model):
    """One of several meanings of a term; a term with one meaning has its definition and no senses."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="senses")
    n = models.PositiveSmallIntegerField(
        _("number"), help_text=_("From 1, in the order in which readers see them.")
    )
    definition = models.TextField()
    applies = models.CharField(
        _("when it applies"),
        max_length=200,
        blank=True,
        help_text=_("Years, or a few words: “until 1922”, “of a bank”."),
    )

    class Meta:
        ordering = ("term", "n")
        constraints = [
            models.UniqueConstraint(fields=("term", "n"), name="sense_number_once"),
            models.CheckConstraint(condition=~models.Q(definition=""), name="sense_definition_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.term} ({self.n}): {self.definition}"


class TermForm(models.Model):
    """A spelling by which the text uses a term."""

    class Case(models.TextChoices):
        """The values of glossary.matching.Case, with labels."""

        EXACT = "exact", _("as it stands here")
        INSIDE = "inside", _("as it stands here, but not where a sentence begins")
        SENTENCE = "sentence", _("as it stands here, and with the capital of a sentence")
        ANY = "any", _("in small letters or capitals")

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="forms")
    text = models.CharField(max_length=200)
    case = models.CharField(_("letters"), max_length=10, choices=Case.choices, default=Case.EXACT)

    class Meta:
        ordering = ("text",)
        constraints = [
            models.UniqueConstraint(fields=("term", "text"), name="form_once_a_term"),
            models.CheckConstraint(condition=~models.Q(text=""), name="form_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text


class TermException(models.Model):
    """A phrase that holds a form and does not mean the term: “Mir Publishers” is not a village community."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="exceptions")
    text = models.CharField(_("phrase"), max_length=200)

    class Meta:
        ordering = ("text",)
        constraints = [
            models.UniqueConstraint(fields=("term", "text"), name="exception_once_a_term"),
            models.CheckConstraint(condition=~models.Q(text=""), name="exception_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text


class FormerTerm(models.Model):
    """An address that a term had: the term has another now, became part of another term, or was taken out."""

    glossary = models.ForeignKey(Glossary, on_delete=models.CASCADE, related_name="former_terms")
    slug = models.SlugField(max_length=200)
    headword = models.CharField(max_length=200)
    # The term to which the address leads now. None: it was taken out, and the address leads nowhere.
    term = models.ForeignKey(
        Term, on_delete=models.SET_NULL, null=True, blank=True, related_name="former_terms"
    )
    # The entry in a volume's key that became part of the term, as in Term; empty if only the address is former.
    lines = models.JSONField(default=list, blank=True)
    imported_from = models.CharField(max_length=100, blank=True)
    imported_headword = models.CharField(max_length=200, blank=True)
    imported_definition = models.TextField(blank=True)

    class Meta:
        ordering = ("glossary", "slug")
        constraints = [
            models.UniqueConstraint(fields=("glossary", "slug"), name="former_slug_once"),
        ]

    def __str__(self) -> str:
        return self.headword


class Version(models.Model):
    """A row as it was after a change, kept whole, with the maker, the time and the reason of the change."""

    # The key of an account; None for an import. An archive without the admin has no accounts.
    maker = models.PositiveBigIntegerField(null=True, blank=True, db_index=True)
    time = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    snapshot = models.JSONField()

    class Meta:
        abstract = True
        ordering = ("-id",)


class TermVersion(Version):
    """A term as it was, with its forms, senses and exceptions (glossary/versions.py); empty if it was taken out."""

    glossary = models.ForeignKey(Glossary, on_delete=models.CASCADE, related_name="term_versions")
    # Versions outlive their term, which comes back with the same key.
    term = models.ForeignKey(Term, on_delete=models.DO_NOTHING, db_constraint=False, related_name="versions")

    class Meta(Version.Meta):
        pass

    def __str__(self) -> str:
        return str(self.snapshot.get("headword", "taken out"))


class TermDeed(models.Model):
    """Two terms merged, one split, or one taken out: everything that takes the deed back at once."""

    class Kind(models.TextChoices):
        MERGED = "merged", pgettext_lazy("change of terms", "merged")
        SPLIT = "split", pgettext_lazy("change of terms", "split")
        TAKEN_OUT = "taken-out", pgettext_lazy("change of terms", "taken out")

    glossary = models.ForeignKey(Glossary, on_delete=models.CASCADE, related_name="deeds")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # The term that another became part of, or that was split; it may be gone.
    term_key = models.PositiveBigIntegerField()
    # The term that became part of another, or that a split made.
    other_key = models.PositiveBigIntegerField(null=True, blank=True)
    summary = models.CharField(max_length=500)
    # What reader/correction/term_structure.py needs for taking it back.
    before = models.JSONField()
    reason = models.TextField()
    # Keys of accounts.
    made_by = models.PositiveBigIntegerField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.PositiveBigIntegerField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.summary
