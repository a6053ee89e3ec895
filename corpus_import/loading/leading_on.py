"""Lets the numbers of paragraphs that an import removes lead on to others."""

from dataclasses import dataclass

from corpus_import.loading.plan import Plan
from corpus_import.loading.replaying.finding import has_words_of
from reader.models import FormerNumber, Paragraph, Volume

# How many paragraphs around are looked at for the words of one that is gone.
AROUND = 3


@dataclass(frozen=True, slots=True)
class Gone:
    """A paragraph that an import removes: its number, its text, and the keys of those that stood around, nearest first.

    `led_here` are the numbers that led to it.
    """

    number: int
    text: str
    around: tuple[int, ...]
    led_here: tuple[int, ...] = ()


def paragraphs_gone(plan: Plan) -> list[Gone]:
    """The paragraphs that a plan removes, looked up before they are. Two statements, or none."""
    removed = {row.pk: row for row in plan.removed if isinstance(row, Paragraph)}
    if not removed:
        return []
    order = list(plan.volume.paragraphs.order_by("position").values_list("pk", flat=True))
    led: dict[int, list[int]] = {}
    former = FormerNumber.objects.filter(paragraph__in=removed)
    for key, number in former.values_list("paragraph", "number"):
        led.setdefault(key or 0, []).append(number)
    gone = []
    for at, key in enumerate(order):
        if key in removed:
            stay = sorted(
                (k for k in range(len(order)) if order[k] not in removed), key=lambda k: (abs(k - at), k)
            )
            around = tuple(order[k] for k in stay[: 2 * AROUND])
            gone.append(Gone(removed[key].number, removed[key].text, around, tuple(led.get(key, ()))))
    return gone


def lead_on(volume: Volume, gone: list[Gone]) -> None:
    """Let the numbers of removed paragraphs lead to one that has their words, else to the nearest one."""
    keys = {key for each in gone for key in each.around}
    texts = dict(Paragraph.objects.filter(pk__in=keys).values_list("pk", "text"))
    for each in gone:
        with_words = next((key for key in each.around if has_words_of(texts.get(key, ""), each.text)), None)
        for number in (each.number, *each.led_here):
            FormerNumber.objects.update_or_create(
                volume=volume,
                number=number,
                defaults={
                    "paragraph_id": with_words or next(iter(each.around), None),
                    "is_joined": with_words is not None,
                },
            )
    # A number that a paragraph has again, from a document that was restored, leads nowhere else.
    standing = volume.paragraphs.values("number")
    FormerNumber.objects.filter(volume=volume, number__in=standing).delete()
