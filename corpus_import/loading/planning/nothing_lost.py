"""Makes sure that no correction goes silently: what stands nowhere after the import is asked about.

The rules for merging and following should leave nothing for this check. It looks at the planned texts alone and knows
nothing of these rules, so that a fault in them costs a question to a person, and no correction.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from corpus_import.loading.archive import Archive, kind_of
from corpus_import.loading.plan import How, Plan
from corpus_import.loading.planning.aligned import Aligned
from corpus_import.loading.planning.corrections import base_of
from corpus_import.loading.planning.names import name_of
from reader import models
from reader.text.merging import TOKEN, edits_between, is_word

# Words on either side of a change by which it is told whether the change was undone.
AROUND = 2


def ask_for_what_is_lost(
    archive: Archive, plan: Plan, aligned: Aligned[Any, Any], rows: Sequence[Any]
) -> None:
    """Plan a conflict for each corrected text of which the planned texts undo a change or lack a typed word.

    `rows` are those of the new texts, in order. The conflict has no subject, since the merge was of another opinion
    about every text concerned: it names these, and keeps the whole text of the person.
    """
    planned = {id(write.row): str(write.values["text"]) for write in plan.writes if "text" in write.values}
    imported = {id(row): text for row, text in zip(rows, aligned.texts, strict=True)}
    removed = set(map(id, plan.removed))

    def wording_of(row: Any) -> str:
        return planned.get(id(row)) or str(row.text)

    def texts_with_words_of(row: Any) -> list[Any]:
        gone_to = [rows[k] for k in aligned.gone_to.get(row.pk, ())]
        return gone_to if id(row) in removed else [row, *(each for each in gone_to if each is not row)]

    for row in aligned.sources:
        base = base_of(archive, row, "text")
        if not base or base == row.text:
            continue
        concerned = texts_with_words_of(row)
        if all(each is row for each in concerned) and concerned and wording_of(row) == row.text:
            continue
        keys = set(map(id, concerned))
        before = [
            each.text for each in aligned.sources if not keys.isdisjoint(map(id, texts_with_words_of(each)))
        ]
        if is_lost(base, row.text, before or [row.text], [wording_of(each) for each in concerned]):
            others = [name_of(each) for each in concerned if each is not row]
            about = f"{name_of(row)} (with {', '.join(others)})" if others else name_of(row)
            plan.save(
                models.Conflict(volume=archive.volume),
                field="text",
                about=about[:200],
                old_import=base,
                human=row.text,
                new_import="\n\n".join(imported.get(id(each), "") for each in concerned).strip(),
            )
            plan.remark(kind_of(row), name_of(row), How.CONFLICT, "a change of a person stands nowhere")


def is_lost(base: str, human: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a change that a person made to a base is undone in texts, or a word that the person typed is not there.

    `before` and `after` are the texts that hold the words, before and after an import.
    """
    typed = _count([human]) - _count([base])
    if not typed <= _count(after):
        return True
    return any(_occurrences(phrase, after) > _occurrences(phrase, before) for phrase in _changed(base, human))


def _changed(base: str, human: str) -> Iterator[str]:
    """The places of a base that a person changed, each with the words around it, as they read before."""
    tokens = TOKEN.findall(base)
    words = [k for k, token in enumerate(tokens) if is_word(token)]
    for edit in edits_between(tokens, TOKEN.findall(human)):
        earlier = [k for k in words if k < edit.start][-AROUND:]
        later = [k for k in words if k >= edit.end][:AROUND]
        phrase = tokens[min(earlier, default=0) : max(later, default=len(tokens) - 1) + 1]
        if any(map(is_word, phrase)):
            yield "".join(phrase)


def _count(texts: Sequence[str]) -> "Counter[str]":
    return Counter(token for text in texts for token in TOKEN.findall(text) if is_word(token))


def _occurrences(phrase: str, texts: Sequence[str]) -> int:
    return sum(text.count(phrase) for text in texts)
