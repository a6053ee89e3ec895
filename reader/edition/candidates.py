"""The places of the candidates for the glossary in the text."""

from collections.abc import Callable, Collection

from glossary.discovery import discover, identity
from reader.edition.edition import Edition
from reader.edition.explained import texts_of
from reader.edition.recording import BATCH
from reader.models import Candidate, Text
from reader.text import markup
from reader.text.sentences import sentence_at
from reader.text.word_list import word_list

# A word with this count in the word list belongs to everyday language.
COMMON = 50_000


def is_common_in(language: str) -> Callable[[str], bool]:
    """Whether a word in small letters is of everyday language; without a list for the language every word is."""
    words = word_list(language)
    return lambda word: words is None or words.counts.get(words.spelled(word), 0) >= COMMON


def place_candidates(edition: Edition, texts: Collection[Text]) -> None:
    """Move the candidates of these texts to their sentences as they now read; to no text if the headword is gone.

    A candidate whose explaining sentence has changed is looked for anew, first in its text, then in the others: it
    takes the explanation that is found, or is said to be explained nowhere.
    """
    here = {text.key: text for text in texts}
    moved = []
    for candidate in edition.candidates:
        text = here.get(candidate.text_key)
        if text is None:
            continue
        plain = markup.plain(text.text)
        explained = bool(candidate.definition) and candidate.state == Candidate.State.OPEN
        if candidate.sentence in plain and (candidate.is_explained or not explained):
            continue
        if not (explained and _explain_again(edition, candidate, text)):
            at = plain.find(candidate.headword)
            candidate.is_explained = not explained
            if at < 0:
                candidate.paragraph, candidate.note, candidate.sentence = None, None, ""
            else:
                candidate.sentence = sentence_at(plain, at)
        moved.append(candidate)
    fields = ["paragraph", "note", "sentence", "definition", "is_explained"]
    Candidate.objects.bulk_update(moved, fields, batch_size=BATCH)


def _explain_again(edition: Edition, candidate: Candidate, text: Text) -> bool:
    """Give a candidate the explanation of a text, or else the best one of the other texts; whether there is one."""
    is_common = is_common_in(edition.volume.language)
    name = identity(candidate.headword)
    for some in ([text], texts_of(edition)):
        plain = {each.key: markup.plain(each.text) for each in some}
        said = [(key, words) for key, words in plain.items() if name in words.casefold()]
        for found in discover(said, common=is_common):
            if identity(found.headword) == name:
                best = found.places[0]
                candidate.paragraph_id, candidate.note_id = best.key
                candidate.definition, candidate.is_explained = found.definition, True
                candidate.sentence = plain[best.key][slice(*best.sentence)]
                return True
    return False
