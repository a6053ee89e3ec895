"""The common base of rows that stand in a volume, or in a text: a paragraph or a note."""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import CheckConstraint, Q

if TYPE_CHECKING:
    from reader.models.texts import Text, Volume

# The name of the text that a row stands in: the keys of a paragraph and of a note, one of them None.
TextKey = tuple[int | None, int | None]
# The order of rows that name a line of a witness.
WITNESS_ORDER = ("witness__n", "line", "pk")
_Row = TypeVar("_Row", bound=models.Model)


def stands_in_one_text(name: str) -> CheckConstraint:
    """The constraint that a row stands in a paragraph or in a note, not in both."""
    return CheckConstraint(
        condition=Q(paragraph__isnull=False, note__isnull=True)
        | Q(paragraph__isnull=True, note__isnull=False),
        name=name,
    )


class InText(models.Model):
    """A row that stands in a paragraph or a note."""

    class Meta:
        abstract = True

    @property
    def text(self: Any) -> "Text | None":
        """The paragraph or note that the row stands in; None if it stands in neither."""
        return self.paragraph or self.note  # type: ignore[no-any-return]

    @property
    def text_key(self: Any) -> TextKey:
        """The key of the text that the row stands in, as `Text.key` gives it."""
        return self.paragraph_id, self.note_id


class InVolumeQuerySet(models.QuerySet[_Row]):
    """Questions about rows that have a volume and a position in it."""

    def of_volume(self, volume: "Volume | int") -> Self:
        """The rows of a volume."""
        return self.filter(volume=volume)

    def in_book_order(self) -> Self:
        """The rows volume by volume, in each by their positions."""
        return self.order_by("volume_id", "position")


class InTextQuerySet(models.QuerySet[_Row]):
    """Questions about rows that stand in texts."""

    def of_text(self, text: "Text") -> Self:
        """The rows that stand in a text."""
        return self.filter(**{text.called: text})

    def of_volume(self, volume: "Volume | int") -> Self:
        """The rows of a volume: rows that name it, or, where rows name no volume, rows that stand in its texts."""
        if any(field.name == "volume" for field in self.model._meta.fields):
            return self.filter(volume=volume)
        return self.filter(Q(paragraph__volume=volume) | Q(note__division__volume=volume))


class SpanQuerySet(InTextQuerySet[_Row]):
    """Questions about rows that stand at some characters of a text."""

    def in_book_order(self) -> Self:
        """The rows in the order of the texts, a volume's paragraphs before its notes; in a text from its beginning."""
        return self.order_by(
            "paragraph__volume_id",
            "paragraph__division__position",
            "paragraph__position",
            "note__division__volume_id",
            "note__division__position",
            "note__position",
            "start",
            "pk",
        )


class QuestionQuerySet(InTextQuerySet[_Row]):
    """Questions about rows that wait for a person: each has a state, which is first `open`."""

    def open(self) -> Self:
        """The rows that nobody has answered."""
        return self.filter(state="open")


class FoundQuerySet(QuestionQuerySet[_Row]):
    """Questions about rows that an import finds. A row that it no longer finds is kept if a person has answered it."""

    def found(self) -> Self:
        """The rows that the last import found."""
        return self.filter(is_found=True)


class FoundInWitnessQuerySet(FoundQuerySet[_Row]):
    """Questions about rows that an import finds at a line of a witness."""

    def in_witness_order(self) -> Self:
        """The rows in the order of the lines of the witnesses; rows without a witness come last."""
        return self.order_by(*WITNESS_ORDER)
