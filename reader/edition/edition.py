"""A volume while it is published: what every page needs, loaded once."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from glossary.models import Sense, Term, TermException, TermForm
from reader.edition.contents import contents_of, divisions_of, flat
from reader.models import Division, Volume


class Edition:
    """A volume while it is published: its divisions and terms, which every page needs, are loaded once.

    Making one takes the volume's row: who publishes it at the same time waits until the transaction ends.
    """

    def __init__(self, volume: Volume) -> None:
        locked = Volume.objects.select_for_update().get(pk=volume.pk)
        self.volume = volume
        volume.revision = locked.revision + 1
        volume.save(update_fields=["revision"])
        self.divisions = divisions_of(volume)
        self.page_of = {division.pk: division.page_division().pk for division in self.divisions}
        self.page_divisions = [
            division for division in self.divisions if self.page_of[division.pk] == division.pk
        ]
        self.contents = contents_of(volume, self.divisions)
        self.entries = {entry.slug: entry for entry in flat(self.contents)}
        self.terms = list(Term.objects.filter(glossary_id=volume.glossary_id))
        # Of two terms with one form the first keeps it: so their order must not be the database's.
        forms = TermForm.objects.filter(term__glossary_id=volume.glossary_id)
        self.forms = list(forms.order_by("text", "term__headword"))
        exceptions = TermException.objects.filter(term__glossary_id=volume.glossary_id)
        self.exceptions = sorted(set(exceptions.values_list("text", flat=True)))
        # The senses of each term that has several, by the term's key, in their order.
        self.senses: dict[int, list[Sense]] = defaultdict(list)
        for sense in Sense.objects.filter(term__glossary_id=volume.glossary_id).order_by("term_id", "n"):
            self.senses[sense.term_id].append(sense)

    def divisions_in(self, chapters: Iterable[Division]) -> list[int]:
        """The keys of the divisions that stand on these chapters' pages, the chapters included."""
        pages = {chapter.pk for chapter in chapters}
        return [division.pk for division in self.divisions if self.page_of[division.pk] in pages]

    @property
    def context(self) -> dict[str, Any]:
        """What the template of every page of the volume is given."""
        return {"volume": self.volume, "contents": self.contents}
