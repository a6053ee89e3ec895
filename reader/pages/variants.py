"""The readings of second witnesses for readers: the first ones on a chapter's apparatus, all on a page of their own."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from reader.edition.contents import contents_of, divisions_of, flat
from reader.edition.evidence import Place, label_of
from reader.edition.interface import Words, grouped
from reader.models import Note, Text, Variant, Volume
from reader.models.standing import TextKey
from reader.pages import metadata
from reader.text import markup
from reader.text.html import visible
from reader.text.labels import Labels, labels_in
from reader.text.readings import locate
from reader.text.sentences import sentence_parts, shorten

# The most variants on an apparatus, and on each page of all variants.
SHOWN, ROWS = 100, 200
# The characters of a reading that are shown.
LENGTH = 300
TAKEN = Variant.State.ACCEPTED
# The characters of the text before and after a reading that are shown.
NEAR = 40
# Large fields of a text that its variants do not need.
LARGE = ("search", "imported_text", "lines")


@dataclass(frozen=True, slots=True)
class Varying:
    """Our reading among the words around it, and the reading of a second witness; each may be empty.

    `source` has the lines of both; `decided` says what a person has decided.
    """

    place: Place | None
    before: str
    reading: str
    after: str
    other: str
    kind: str
    source: str
    decided: str


@dataclass(frozen=True, slots=True)
class OfWitness:
    """The variants of one second witness."""

    name: str
    varying: Sequence[Varying]


@dataclass(frozen=True, slots=True)
class Variants:
    """The variants of a chapter, by witness: the first ones; `url` leads to all, if there are more."""

    by_witness: Sequence[OfWitness] = ()
    total: int = 0
    left_out: int = 0
    url: str = ""


NO_VARIANTS = Variants()
DECIDED = Words(
    {
        Variant.State.ACCEPTED: _("the text follows it now"),
        Variant.State.DISMISSED: _("an editor kept the reading of the text"),
    }
)


def varying_of(row: Variant, place: Place | None, wording: str = "") -> Varying:
    """A variant as readers see it: in the text's own marks, or among the words of its context if it is not found there.

    `wording` is the text with its markup.
    """
    before, _, after = row.context.partition("…")
    plain = markup.plain(wording)
    if plain and (span := _place_in(plain, row)):
        before, after = sentence_parts(plain, span[0], span[1] - span[0], NEAR)
    return Varying(
        place=place,
        before=visible(before),
        reading=visible(shorten(row.reading, LENGTH)),
        after=visible(after),
        other=visible(shorten(row.other, LENGTH)),
        kind=row.get_kind_display(),
        source=gettext("line %(line)s; in %(witness)s line %(other)s")
        % {"line": grouped(row.line), "witness": row.name, "other": grouped(row.other_line)},
        decided=DECIDED.get(row.state, ""),
    )


def _place_in(plain: str, row: Variant) -> tuple[int, int] | None:
    """The characters of a text that a variant is about; where the text lacks words, the place after the word before."""
    if row.reading:
        return locate(plain, row.reading, row.context)
    *words, last = row.context.partition("…")[0].split() or [""]
    span = locate(plain, last, f"{' '.join(words)} …") if last else None
    return span and (span[1], span[1])


def variants_of(rows: Iterable[tuple[Variant, Place | None, str]], url: str) -> Variants:
    """The first variants of a chapter, without punctuation, by witness, each with its place and the markup of its text.

    `url` is the address of all.
    """
    by_name: dict[str, list[Varying]] = defaultdict(list)
    total, shown = 0, 0
    for row, place, wording in rows:
        total += 1
        if row.kind != Variant.Kind.PUNCTUATION and shown < SHOWN:
            shown += 1
            by_name[row.name].append(varying_of(row, place, wording))
    by_witness = [OfWitness(name, varying) for name, varying in by_name.items()]
    return Variants(by_witness, total, total - shown, url)


def asides_of(language: str, differing: Iterable[tuple[Text, Sequence[Variant]]]) -> dict[TextKey, str]:
    """What stands beside each text on request, as HTML: where second witnesses read otherwise than it does now.

    The first ones of a chapter, without punctuation; a variant that was taken is none any more.
    """
    labels = labels_in(language)
    asides: dict[TextKey, str] = {}
    left = SHOWN
    for text, rows in differing:
        shown = [row for row in rows if row.kind != Variant.Kind.PUNCTUATION and row.state != TAKEN][:left]
        left -= len(shown)
        if shown:
            varying = [varying_of(row, None) for row in shown]
            label = labels.variants_of.format(text=_named(text, labels))
            context = {"label": label, "labels": labels, "rows": zip(shown, varying, strict=True)}
            asides[text.key] = render_to_string("reader/beside.html", context).strip()
    return asides


def _named(text: Text, labels: Labels) -> str:
    if isinstance(text, Note):
        return labels.note.format(n=text.n) if text.n is not None else str(text)
    return labels.paragraph.format(n=text.number)


def variants_context(volume: Volume, slug: str, page: str) -> dict[str, Any]:
    """The context of templates/reader/variants.html: at most ROWS variants of a chapter. Three statements.

    Raises Http404 if the volume has no such chapter.
    """
    divisions = divisions_of(volume)
    chapter = next((each for each in divisions if each.slug == slug and each.is_page), None)
    if chapter is None:
        raise Http404
    inside = [each.pk for each in divisions if each.page_division() == chapter]
    rows = _in_order(Variant.objects.of_volume(volume).found(), inside)
    total = rows.count()
    pages = max(-(-total // ROWS), 1)
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdigit() and len(page) < 8 else 1
    by_name: dict[str, list[Varying]] = defaultdict(list)
    url = chapter.get_absolute_url()
    for row in rows[(number - 1) * ROWS : number * ROWS]:
        text = row.text
        place = Place(label_of(text), f"{url}#{text.anchor}") if text else None
        by_name[row.name].append(varying_of(row, place, text.text if text else ""))
    entry = next(each for each in flat(contents_of(volume, divisions)) if each.slug == chapter.slug)
    path = reverse("chapter_variants", args=[volume.slug, chapter.slug])
    return {
        "volume": volume,
        "entry": entry,
        "apparatus": reverse("chapter_apparatus", args=[volume.slug, chapter.slug]),
        "by_witness": [OfWitness(name, varying) for name, varying in by_name.items()],
        "total": total,
        "page": number,
        "pages": pages,
        "metadata": metadata.of_page(
            volume,
            path,
            gettext("Variants: %(chapter)s") % {"chapter": metadata.name_of(chapter)},
            ngettext(
                "%(n)s readings of second witnesses that differ from the text.",
                "%(n)s readings of second witnesses that differ from the text.",
                total,
            )
            % {"n": grouped(total)},
        ),
    }


def _in_order(rows: "QuerySet[Variant]", divisions: Sequence[int]) -> "QuerySet[Variant]":
    """The variants of these divisions by witness, in each as in the book, the notes after the text."""
    in_chapter = rows.filter(Q(paragraph__division__in=divisions) | Q(note__division__in=divisions))
    as_note = Case(When(note__isnull=False, then=Value(1)), default=Value(0), output_field=IntegerField())
    placed = in_chapter.annotate(as_note=as_note, at=Coalesce(F("paragraph__position"), F("note__position")))
    large = [f"{text}__{name}" for text in ("paragraph", "note") for name in LARGE]
    ordered = placed.order_by("name", "as_note", "at", "line", "pk")
    return ordered.select_related("paragraph", "note").defer(*large)
