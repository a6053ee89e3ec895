"""Counts, for each kind of element, how many were read as they are in the truth."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus_import.parsing.elements import Draft
from tests.corpus_import.parsing.truth import page_starts, true_page_starts, with_references
from tests.typesetter import Truth


@dataclass(frozen=True)
class Found:
    """Of the elements of one kind: how many are in the truth, how many of these were read, and how many others."""

    right: int
    true: int
    wrong: int

    def __str__(self) -> str:
        return f"{self.right}/{self.true}" + (f" +{self.wrong}" if self.wrong else "")


def compare(read: Sequence[object], true: Sequence[object]) -> Found:
    """Count elements that are alike in both."""
    a, b = Counter(read), Counter(true)
    right = (a & b).total()
    return Found(right, len(true), len(read) - right)


def elements_read(draft: Draft) -> dict[str, list[object]]:
    """What was read, in a form for comparing."""
    heads = {d.index: (d.kind, d.n, plain(d.head.string)) for d in draft.divisions}
    return {
        "headings": [*heads.values()],
        "paragraphs": [
            (heads[p.division], p.kind.value, plain(with_references(p))) for p in draft.paragraphs
        ],
        "notes": [
            (heads[n.division], n.n, n.page, plain(" ".join(p.text.string for p in n.paragraphs)))
            for n in draft.notes
        ],
        "terms": [(plain(k.headword), plain(k.definition), plain(k.see)) for k in draft.key],
        "pages": [(n, place[:3]) for n, place in page_starts(draft).items()],
    }


def elements_there(truth: Truth) -> dict[str, list[object]]:
    """What is there, in the same form."""
    heads = [(d.kind, d.n, re.sub(r"\[\^\d+\]", "", d.head)) for d in truth.divisions]
    return {
        "headings": [*heads],
        "paragraphs": [
            (heads[k], p.kind, plain(p.text)) for k, d in enumerate(truth.divisions) for p in d.paragraphs
        ],
        "notes": [
            (heads[k], n.n, n.page, plain(" ".join(p.text for p in n.paragraphs)))
            for k, d in enumerate(truth.divisions)
            for n in d.notes
            if n.state == "whole"
        ],
        "terms": [(t.headword, plain(t.definition), t.see) for t in truth.terms],
        "pages": [(n, place[:3]) for n, place in true_page_starts(truth).items()],
    }


def plain(text: str) -> str:
    """A text without the notation of tables, with single spaces and without ligatures."""
    text = unicodedata.normalize("NFKC", text)
    return " ".join(word for word in text.split() if word not in ("|", "!", "^", "_"))
