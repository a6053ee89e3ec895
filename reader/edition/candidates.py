"""The places of the candidates for the glossary in the text."""

from collections.abc import Iterable

from django.db.models import Q

from reader.edition.recording import BATCH
from reader.models import Candidate, Text
from reader.text import markup
from reader.text.sentences import sentence_at


def place_candidates(texts: Iterable[Text]) -> None:
    """Move the candidates of these texts to their sentences as they now read; to no text if the headword is gone."""
    by_key = {text.key: text for text in texts}
    here = Q(paragraph__in=[key for key, _ in by_key if key]) | Q(note__in=[key for _, key in by_key if key])
    moved = []
    for candidate in Candidate.objects.filter(here).order_by():
        plain = markup.plain(by_key[candidate.paragraph_id, candidate.note_id].text)
        if candidate.sentence in plain:
            continue
        at = plain.find(candidate.headword)
        if at < 0:
            candidate.paragraph, candidate.note, candidate.sentence = None, None, ""
        else:
            candidate.sentence = sentence_at(plain, at)
        moved.append(candidate)
    Candidate.objects.bulk_update(moved, ["paragraph", "note", "sentence"], batch_size=BATCH)
