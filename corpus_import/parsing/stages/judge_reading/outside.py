"""What stands outside the text: prose among what was set aside, and text in the key."""

from collections.abc import Iterator

from corpus_import.parsing.elements import Account, Draft, Role
from corpus_import.parsing.set_aside import set_aside
from corpus_import.parsing.stages.judge_reading.limits import Count
from corpus_import.parsing.stages.judge_reading.texts import Place

# Lines that follow each other look like prose if there are this many, and most of them have this share of the measure.
# A single line looks like prose if it is as long as a paragraph.
LINES_OF_PROSE, FULL, LONG_LINE = 3, 0.75, 300
# In a contents list a title may fill some lines; and of a run of titles more than this share end with a page number.
LINES_OF_A_TITLE, WITH_PAGES = 5, 0.25
CONTENTS = "contents list"
# A definition of the key that is as long as a paragraph.
LONG_DEFINITION = 800
# Lines that were read once, and come again: they are in the text.
READ_ELSEWHERE = "repeated text"


def count_outside(draft: Draft) -> Iterator[Count]:
    """Count the prose that is in no text."""
    aside = [account for account in set_aside(draft) if account.category != READ_ELSEWHERE]
    total = sum(not_white for _, counted in draft.audit for not_white in counted.values())
    yield _prose(draft, aside, total)
    counted = sum(account.span.end - account.span.start for account in aside)
    places = tuple(_place_of(draft, account) for account in aside[:1])
    yield Count("much-outside-text", counted, total, places)
    yield from _key(draft, total)


def _place_of(draft: Draft, account: Account) -> Place:
    return account.span.witness, draft.line_at(account.span)


def _prose(draft: Draft, aside: list[Account], total: int) -> Count:
    """Count the characters of runs of full lines. A title block that comes again with another file counts once."""
    count, places = 0, []
    seen: set[str] = set()
    for run in _runs(draft, aside):
        texts = [_text_of(draft, account) for account in run]
        size = sum(len(text) for text in texts if text not in seen)
        seen.update(texts)
        least = LINES_OF_A_TITLE + 1 if run[0].category == CONTENTS else LINES_OF_PROSE
        if size and _is_prose(texts, least, draft.measures.prose):
            count += size
            places.append(_place_of(draft, run[0]))
    return Count("prose-outside-text", count, total, tuple(places))


def _runs(draft: Draft, aside: list[Account]) -> Iterator[list[Account]]:
    """Accounts of one kind on lines that follow each other."""
    run: list[Account] = []
    last = (-1, -1)
    for account in aside:
        place = _place_of(draft, account)
        is_next = place[0] == last[0] and place[1] - last[1] <= 1 and account.category == run[-1].category
        if run and not is_next:
            yield run
            run = []
        run.append(account)
        last = place
    if run:
        yield run


def _text_of(draft: Draft, account: Account) -> str:
    return draft.witnesses[account.span.witness].text[account.span.start : account.span.end]


def _is_prose(texts: list[str], least: int, measure: float) -> bool:
    if any(len(text) >= LONG_LINE for text in texts):
        return True
    full = sum(len(text) >= measure * FULL for text in texts)
    paged = sum(text[-1:].isdigit() for text in texts)
    return len(texts) >= least and full >= len(texts) * 0.6 and paged <= len(texts) * WITH_PAGES


def _key(draft: Draft, total: int) -> Iterator[Count]:
    long = [entry for entry in draft.key if len(entry.definition) > LONG_DEFINITION]
    places = tuple((entry.spans[0].witness, draft.line_at(entry.spans[0])) for entry in long)
    yield Count("text-in-key", sum(len(entry.definition) for entry in long), total, places)
    headings = [block.first for block in draft.blocks if block.role is Role.KEY_HEADING]
    unread = [] if draft.key else headings
    yield Count(
        "unread-key", len(unread), len(headings), tuple((line.witness, line.number) for line in unread)
    )
    key = sum(counted.get("key", 0) for _, counted in draft.audit)
    first = tuple((e.spans[0].witness, draft.line_at(e.spans[0])) for e in draft.key[:1])
    yield Count("mostly-key", key, total, first)
