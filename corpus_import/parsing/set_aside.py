"""The characters of the witnesses that stand on no page, by kind: title block, contents, running lines."""

from collections import defaultdict
from collections.abc import Iterator

from corpus_import.parsing.elements import Account, Draft

# Categories of characters that readers see: as text, beside it, in the glossary or in the apparatus. All others are
# set aside, so that a new category is not forgotten. A second witness has the text that is shown from our own.
SHOWN = frozenset(
    {"key", "note reference", "note's number", "note's page", "heading's number", "emended reading"}
    | {"second witness"}
)

# The place of set-aside characters in a witness: [first line, last line], or, for a part of a line,
# [line, line, first column, column after the last]; lines count from 1, columns from 0.
Where = list[int]


def set_aside(draft: Draft) -> Iterator[Account]:
    """What is set aside, in the order of the witnesses."""
    accounts = (account for account in draft.accounts if account.category not in SHOWN)
    return iter(sorted(accounts, key=lambda account: (account.span.witness, account.span.start)))


def places_set_aside(draft: Draft) -> list[dict[str, list[Where]]]:
    """For each witness, the places of what is set aside, by kind; lines that follow each other are one place."""
    places: list[dict[str, list[Where]]] = [defaultdict(list) for _ in draft.witnesses]
    for account in set_aside(draft):
        span = account.span
        if span.start >= span.end:
            continue
        witness = draft.witnesses[span.witness]
        first, last = witness.line_at(span.start), witness.line_at(span.end - 1)
        of_kind = places[span.witness][account.category]
        begin, end = witness.line_starts[first - 1], _end_of(draft, span.witness, last)
        is_part = witness.text[begin : span.start].strip() or witness.text[span.end : end].strip()
        if is_part and first == last:
            of_kind.append([first, last, span.start - begin, span.end - begin])
        elif of_kind and len(of_kind[-1]) == 2 and first <= of_kind[-1][1] + 1:
            of_kind[-1][1] = max(last, of_kind[-1][1])
        else:
            of_kind.append([first, last])
    return [dict(sorted(kinds.items())) for kinds in places]


def _end_of(draft: Draft, witness: int, line: int) -> int:
    """The offset at which a line of a witness ends."""
    starts, text = draft.witnesses[witness].line_starts, draft.witnesses[witness].text
    return starts[line] if line < len(starts) else len(text)
