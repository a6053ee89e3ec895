"""The persons who corrected, as readers know them."""

from collections.abc import Iterable, Mapping

from reader.models import Corrector

# The name of a person who chose none for the apparatus.
UNNAMED = "an editor"


def names_of(accounts: Iterable[int]) -> dict[int, str]:
    """The names that persons chose for the apparatus, by the keys of their accounts; other persons are left out."""
    chosen = Corrector.objects.filter(account__in=set(accounts)).exclude(name="")
    return dict(chosen.values_list("account", "name"))


def credit(accounts: Iterable[int], names: Mapping[int, str]) -> str:
    """The persons' names in their order, each once: `A. Reader and an editor`."""
    credited = list(dict.fromkeys(names.get(account, UNNAMED) for account in accounts)) or [UNNAMED]
    *others, last = credited
    return f"{', '.join(others)} and {last}" if others else last
