"""A glossary: terms, their forms, and where one term sends the reader to another."""

from django.db import models
from django.db.models.functions import Lower


class Glossary(models.Model):
    """A list of terms. A volume names the one that it uses, so the volumes of one work can share it."""

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
    # [witness, first line, last line] of each piece of the key that the entry was read from.
    lines = models.JSONField(default=list, blank=True)
    # What a volume's key says of it, beside what is read; empty for an entry that comes from no key. The other keys of
    # a glossary that several volumes share never change the entry.
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
        """The term whose definition explains this one: itself, or the end of its *See* (a loop ends where it began)."""
        passed: set[int | None] = set()
        term = self
        while term.see is not None and term.pk not in passed:
            passed.add(term.pk)
            term = term.see
        return term


class TermForm(models.Model):
    """A spelling under which the text uses a term."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="forms")
    text = models.CharField(max_length=200)
    case_sensitive = models.BooleanField(default=True)

    class Meta:
        ordering = ("text",)
        constraints = [
            models.UniqueConstraint(fields=("term", "text"), name="form_once_a_term"),
            models.CheckConstraint(condition=~models.Q(text=""), name="form_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text
