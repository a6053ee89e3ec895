"""The persons who corrected, as readers know them."""

from collections.abc import Iterable, Mapping

from reader.models import Corrector

# Who chose no name for the apparatus.
UNNAMED = "an editor"


def names_of(accounts: Iterable[int]) -> dict[int, str]:
    """The names that persons chose for the apparatus, by the keys of their accounts; those without one are left out."""
    chosen = Corrector.objects.filter(account__in=set(accounts)).exclude(name="")
    return dict(chosen.values_list("account", "name"))


def credit(accounts: Iterable[int], names: Mapping[int, str]) -> str:
    """Persons in words, in their order and none twice: `A. Reader and an editor`."""
    said = list(dict.fromkeys(names.get(account, UNNAMED) for account in accounts)) or [UNNAMED]
    *others, last = said
    return f"{', '.join(others)} and {last}" if others else last
