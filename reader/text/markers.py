"""The changes of a text's markers that a correction may not make. Pure."""

from collections import Counter

from reader.text import markup

CONTEXT = 30  # characters of the text that an objection shows before a marker


def objection(before: str, after: str, imported: str | None = None) -> str:
    """Why a correction from `before` to `after` is refused, in a sentence that names the place; empty if it is not.

    A note call or page break may not be dropped, doubled or put out of order. A call that the text did not
    have may be added, since a witness can have lost it, and taken out again, if it is not in the `imported` text;
    the pages of the book are the importer's to find.
    """
    old, new = markup.markers(before), markup.markers(after)
    counts, allowed = Counter(map(_key, new)), Counter(map(_key, old))
    needed = allowed if imported is None else allowed & Counter(map(_key, markup.markers(imported)))
    old = [marker for marker in old if needed[_key(marker)] or counts[_key(marker)]]
    for marker in old:
        if counts[_key(marker)] < needed[_key(marker)]:
            return f"{_name(marker)} was dropped: it stood {_where(before, marker)}."
    for marker in reversed(new):
        if allowed[_key(marker)] and counts[_key(marker)] > allowed[_key(marker)]:
            return f"{_name(marker)} was doubled: it stands again {_where(after, marker)}."
        if isinstance(marker, markup.PageBreak) and not allowed[_key(marker)]:
            return f"{_name(marker)} was added {_where(after, marker)}: only an import can say where a page begins."
    kept = [marker for marker in new if allowed[_key(marker)]]
    for was, now in zip(old, kept, strict=False):
        if _key(was) != _key(now):
            return f"{_name(now)} was moved before {_lower(_name(was))}: it now stands {_where(after, now)}."
    return ""


def marker_changes(before: str, after: str) -> str:
    """The differences between the markers of two readings, in a sentence or two; empty if there are none."""
    return " ".join(sentences_on_changes(before, after))


def sentences_on_changes(before: str, after: str) -> list[str]:
    """A sentence for each difference between the markers of two readings."""
    old, new = markup.markers(before), markup.markers(after)
    was, now = Counter(map(_key, old)), Counter(map(_key, new))
    gone = dict.fromkeys(_lower(_name(marker)) for marker in old if was[_key(marker)] > now[_key(marker)])
    come = dict.fromkeys(_lower(_name(marker)) for marker in new if now[_key(marker)] > was[_key(marker)])
    sentences = [
        f"Markers {done}: {', '.join(names)}."
        for done, names in (("taken out", gone), ("put in", come))
        if names
    ]
    if was == now and [_key(marker) for marker in old] != [_key(marker) for marker in new]:
        sentences.append("The markers stand in another order.")
    return sentences


def _key(marker: markup.Marker) -> tuple[str, str]:
    return (type(marker).__name__, str(marker.n))


def _name(marker: markup.Marker) -> str:
    if isinstance(marker, markup.NoteCall):
        return f"The call of note {marker.n}"
    return f"The beginning of page {marker.n}"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _where(text: str, marker: markup.Marker) -> str:
    before = " ".join(markup.plain(text)[max(0, marker.offset - CONTEXT) : marker.offset].split())
    return f"after “…{before}”" if before else "at the beginning"
