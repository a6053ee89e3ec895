"""The changes that an upload would make, as its row keeps them and its page shows them."""

from typing import Any

from django.apps import apps
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop, ngettext_lazy, override, pgettext_lazy

from corpus_import.jobs.reports import diagnostic_in_words, doubt_in_words, report_in_words
from corpus_import.loading.plan import How, Plan, Remark, plural, rows_of
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.report import report

# The most lines of a list; the others are counted.
MOST_SHOWN = 500
# The fates that a dry run lists, in this order and even without texts.
FATES = {
    How.ADDED: pgettext_lazy("texts of an import", "Added"),
    How.CHANGED: pgettext_lazy("texts of an import", "Changed"),
    How.JOINED: pgettext_lazy("texts of an import", "Joined"),
    How.SPLIT: pgettext_lazy("texts of an import", "Split"),
    How.MOVED: pgettext_lazy("texts of an import", "Moved"),
    How.REMOVED: pgettext_lazy("texts of an import", "Removed"),
    How.KEPT: pgettext_lazy("texts of an import", "Corrections kept"),
    How.MERGED: pgettext_lazy("texts of an import", "Corrections merged"),
    How.CONFLICT: pgettext_lazy("texts of an import", "Conflicts"),
    How.GOOD: pgettext_lazy("texts of an import", "Known to be good"),
}
# What a remark is about, in numbers.
KINDS: dict[str, Any] = {
    "paragraph": ngettext_lazy("%(number)s paragraph", "%(number)s paragraphs", "count"),
    "note": ngettext_lazy("%(number)s note", "%(number)s notes", "count"),
    "division": ngettext_lazy("%(number)s division", "%(number)s divisions", "count"),
    "page": ngettext_lazy("%(number)s page", "%(number)s pages", "count"),
    "page run": ngettext_lazy("%(number)s page run", "%(number)s page runs", "count"),
    "change of structure": ngettext_lazy(
        "%(number)s change of structure", "%(number)s changes of structure", "count"
    ),
    "term": ngettext_lazy("%(number)s term", "%(number)s terms", "count"),
    "volume": ngettext_lazy("%(number)s volume", "%(number)s volumes", "count"),
    "witness": ngettext_lazy("%(number)s witness", "%(number)s witnesses", "count"),
    "emendation": ngettext_lazy("%(number)s emendation", "%(number)s emendations", "count"),
    "suspect": ngettext_lazy("%(number)s suspect", "%(number)s suspects", "count"),
    "variant": ngettext_lazy("%(number)s variant", "%(number)s variants", "count"),
    "diagnostic": ngettext_lazy("%(number)s diagnostic", "%(number)s diagnostics", "count"),
}
# What becomes of rows, and which.
ROWS = {
    "added": gettext_noop("added: %(rows)s"),
    "changed": gettext_noop("changed: %(rows)s"),
    "removed": gettext_noop("removed: %(rows)s"),
}


def dry_run(draft: Draft, plan: Plan) -> dict[str, Any]:
    """A plan and the report on its witnesses, as JSON, in English."""
    return {
        "digest": plan.digest(),
        "is_empty": plan.is_empty,
        "is_new": plan.volume.pk is None,
        "address": plan.volume.get_absolute_url(),
        "fates": [_fate(str(label), how, plan) for how, label in FATES.items()],
        "changes_no_text": not any(remark.how in FATES for remark in plan.remarks),
        "only_lines": sum(remark.how is How.LINES for remark in plan.remarks),
        "rows": list(_rows(plan)),
        "report": "\n".join(report(draft)),
        "doubts": draft.doubts_in_words,
    }


def in_words(kept: dict[str, Any]) -> dict[str, Any]:
    """What a row keeps of a plan, with its numbers in the language of who looks; names and changes as they are kept."""
    with override("en"):
        models = {rows_of(model): model for model in apps.get_models()}
        labels = {str(label): label for label in FATES.values()}

    def said(line: Any) -> str:
        if isinstance(line, str):  # kept by an earlier release
            return line
        numbers = ", ".join(_rows_in_words(models[name], count) for name, count in line["rows"])
        return gettext(ROWS[line["how"]]) % {"rows": numbers}

    fates = [
        {
            **fate,
            "label": labels.get(fate["label"], fate["label"]),
            "kinds": [{**kind, "title": _title(kind), **_changes(kind)} for kind in fate["kinds"]],
        }
        for fate in kept["fates"]
    ]
    return {
        **kept,
        "fates": fates,
        "rows": [said(line) for line in kept["rows"]],
        "report": report_in_words(kept.get("report", "")),
        "doubts": [doubt_in_words(doubt) for doubt in kept.get("doubts", [])],
    }


def _changes(kind: dict[str, Any]) -> dict[str, Any]:
    """The changes of one kind, and the language of their list: names and changes are as they are kept."""
    if kind.get("what") != "diagnostic":
        return {"language": "en"}
    return {"language": "", "shown": [(diagnostic_in_words(name), said) for name, said in kind["shown"]]}


def _title(kind: dict[str, Any]) -> str:
    """The number of texts of one kind."""
    if kind.get("what") not in KINDS:
        return str(kind["title"])
    numbers = {"count": kind["count"], "number": number_format(kind["count"], force_grouping=True)}
    return str(KINDS[kind["what"]] % numbers)


def _rows_in_words(model: Any, count: int) -> str:
    """The number of rows of a model, as in `1 volume`."""
    name = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
    return f"{number_format(count, force_grouping=True)} {name}"


def counted(plan: Plan) -> str:
    """The numbers of texts by their fates: `added: 3, changed: 1`."""
    numbers = {how: sum(remark.how is how for remark in plan.remarks) for how in FATES}
    return ", ".join(f"{str(FATES[how]).lower()}: {number}" for how, number in numbers.items() if number)


def _fate(label: str, how: How, plan: Plan) -> dict[str, Any]:
    """The texts with one fate, kind by kind."""
    by_kind: dict[str, list[Remark]] = {}
    for remark in plan.remarks:
        if remark.how is how:
            by_kind.setdefault(remark.what, []).append(remark)
    return {
        "label": label,
        "count": sum(map(len, by_kind.values())),
        "is_conflict": how is How.CONFLICT,
        "kinds": [_kind(what, remarks) for what, remarks in by_kind.items()],
    }


def _kind(what: str, remarks: list[Remark]) -> dict[str, Any]:
    """The texts of one kind with one fate: their number in words, the first with their changes, how many are left."""
    count = len(remarks)
    shown = [(remark.name, remark.said) for remark in remarks[:MOST_SHOWN]]
    return {
        "what": what,
        "count": count,
        "title": f"{count:,} {what if count == 1 else plural(what)}",
        "shown": shown,
        "rest": max(0, count - MOST_SHOWN),
    }


def _rows(plan: Plan) -> list[dict[str, Any]]:
    """The rows that would be written, counted: texts and findings."""
    return [
        {"how": how, "rows": [(name, count) for name, count in rows.items() if count]}
        for how, rows in zip(ROWS, plan.counts(), strict=True)
        if any(rows.values())
    ]
