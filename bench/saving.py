"""Measure the seconds to save one term of a volume of 600 pages, in a database of its own."""

import io
import re
import statistics
import time
from pathlib import Path
from typing import Any

from bench.served import database_of_its_own

PAGE_MARK = re.compile(r"(?<=\{p\. )(?=[^{}\n]+\})")


def volume_of(pages: int, manifest: Path, witnesses: Path | None) -> Any:
    """The volume of a manifest, published, with its divisions repeated until it has this many pages."""
    from django.core.management import call_command
    from django.db import transaction

    from reader.models import Volume
    from reader.publishing.publish import publish_volume

    call_command("import_volume", str(manifest), witnesses=witnesses, stdout=io.StringIO())
    volume = Volume.objects.get()
    own = volume.page_breaks.count()
    with transaction.atomic():
        for copy in range(1, max(1, round(pages / own))):
            _repeat(volume, copy)
    publish_volume(volume)
    return volume


def _repeat(volume: Any, copy: int) -> None:
    """Write a volume's own divisions once more, with all their contents, under other names."""
    from reader.models import Note

    new: dict[str, dict[int, Any]] = {"division": {}, "paragraph": {}, "note": {}}

    def other(text: str) -> str:
        return PAGE_MARK.sub(f"{copy}-", text)

    def write(kind: str, row: Any, **values: Any) -> None:
        if kind in ("paragraph", "note") and getattr(row, "kind", "") != "table":
            # What a process keeps of a text by its words must not serve its copies.
            row.text, row.imported_text = (f"{text} Copy {copy}." for text in (row.text, row.imported_text))
        old, row.pk, row._state.adding = row.pk, None, True
        for name in ("text", "imported_text", "head", "imported_head"):
            if isinstance(getattr(row, name, None), str):  # a page's `text` is the text in which it begins
                setattr(row, name, other(getattr(row, name)))
        for name, value in values.items():
            setattr(row, name, value)
        row.save(force_insert=True)
        new.get(kind, {})[old] = row

    position, numbers = volume.divisions.count(), volume.paragraphs.count()
    for k, row in enumerate(volume.divisions.exclude(slug__contains="-copy-").order_by("position")):
        place = {"position": position + k, "parent": new["division"].get(row.parent_id or 0)}
        write("division", row, slug=f"{row.slug}-copy-{copy}", **place)
    for k, row in enumerate(volume.paragraphs.filter(division__in=new["division"]).order_by("position")):
        place = {"number": volume.last_number + k + 1, "position": numbers + k}
        write("paragraph", row, division=new["division"][row.division_id], **place)
    volume.last_number += len(new["paragraph"])
    volume.save(update_fields=["last_number"])
    for row in Note.objects.filter(division__in=new["division"]):
        write("note", row, division=new["division"][row.division_id])
    pages = [page for page in volume.page_breaks.order_by("position") if "-" not in page.n]
    for k, row in enumerate(pages):
        division = new["division"].get(row.division_id or 0)
        place = {"position": len(pages) * copy + k, "division": division, "paragraph": None, "note": None}
        write("page", row, n=f"{copy}-{row.n}", **place)
    for row in (*volume.emendations.all(), *volume.suspects.all()):
        keys = {kind: getattr(row, f"{kind}_id", None) for kind in new}
        if any(keys.values()) and all(key is None or key in new[kind] for kind, key in keys.items()):
            write("reading", row, **{kind: new[kind][key] for kind, key in keys.items() if key})


def print_table(pages: int, manifest: Path, witnesses: Path | None, runs: int) -> None:
    """Measure the saving of a term that stands in every chapter, and of a rare one; print a table."""
    with database_of_its_own():
        from django.db import transaction
        from django.db.models import Count

        from glossary.models import Term
        from reader.publishing.publish import publish_terms, publish_volume

        volume = volume_of(pages, manifest, witnesses)
        texts, chapters = volume.paragraphs.count(), volume.divisions.chapters().count()
        held = f"{volume.page_breaks.count()} pages, {texts} paragraphs, {chapters} chapters"
        print(f"{manifest.parent.name}, repeated: {held}")
        print(f"Seconds to save one term, medians of {runs}")
        print("                 occurrences   its definition   one form more or less")
        used = Term.objects.annotate(count=Count("occurrences")).filter(count__gt=0).order_by("count")

        def define(term: Any, run: int) -> None:
            term.definition = f"Meaning {run}"
            term.save()

        def form(term: Any, run: int) -> None:
            if not term.forms.filter(text="planning").delete()[0]:
                term.forms.create(text="planning")

        for term in (used.last(), used.first()):
            taken = []
            for change in (define, form):
                seconds = []
                for run in range(runs):
                    begun = time.perf_counter()
                    with transaction.atomic():
                        change(term, run)
                        publish_terms(term.glossary, [term])
                    seconds.append(time.perf_counter() - begun)
                taken.append(statistics.median(seconds))
            print(f"{term.headword:<17}{term.count:>11,}{taken[0]:>15.2f} s{taken[1]:>19.2f} s", flush=True)
        begun = time.perf_counter()
        publish_volume(volume)
        print(f"the whole volume again: {time.perf_counter() - begun:.2f} s")
