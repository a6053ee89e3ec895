"""A glossary: terms, their forms, and references from one term to another."""

from django.db import models
from django.db.models.functions import Lower


class Glossary(models.Model):
    """A list of terms. A volume names its glossary, so the volumes of one work can share a glossary."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        verbose_name_plural = "glossaries"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """An entry: a headword with its definition, or with the term to *see* instead."""

    class Source(models.TextChoices):
        KEY = "key", "the volume's key"
        TEXT = "text", "the text itself"
        EDITOR = "editor", "an editor"

    glossary = models.ForeignKey(Glossary, on_delete=models.CASCADE, related_name="terms")
    headword = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200)
    definition = models.TextField(blank=True)
    see = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="seen_from"
    )
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.EDITOR)
    in_emphasis = models.BooleanField(
        "also in emphasis",
        default=True,
        help_text="Whether it is explained where the text emphasises it, as in the titles of cited works.",
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
    imported_from = models.CharField("slug of the volume", max_length=100, blank=True, editable=False)
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
        "number", help_text="From 1, in the order in which readers see them."
    )
    definition = models.TextField()
    applies = models.CharField(
        "when it applies",
        max_length=200,
        blank=True,
        help_text="Years, or a few words: “until 1922”, “of a bank”.",
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

        EXACT = "exact", "as it stands here"
        INSIDE = "inside", "as it stands here, but not where a sentence begins"
        SENTENCE = "sentence", "as it stands here, and with the capital of a sentence"
        ANY = "any", "in small letters or capitals"

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="forms")
    text = models.CharField(max_length=200)
    case = models.CharField("letters", max_length=10, choices=Case.choices, default=Case.EXACT)

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
    text = models.CharField("phrase", max_length=200)

    class Meta:
        ordering = ("text",)
        constraints = [
            models.UniqueConstraint(fields=("term", "text"), name="exception_once_a_term"),
            models.CheckConstraint(condition=~models.Q(text=""), name="exception_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text
