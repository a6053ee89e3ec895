"""The persons who corrected, as readers know them."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext

from reader.models import Corrector


def names_of(accounts: Iterable[int]) -> dict[int, str]:
    """The names that persons chose for the apparatus, by the keys of their accounts; other persons are left out."""
    chosen = Corrector.objects.filter(account__in=set(accounts)).exclude(name="")
    return dict(chosen.values_list("account", "name"))


def credit(accounts: Iterable[int], names: Mapping[int, str]) -> str:
    """The persons' names in their order, each once: `A. Reader and an editor`."""
    unnamed = gettext("an editor")
    *others, last = list(dict.fromkeys(names.get(account, unnamed) for account in accounts)) or [unnamed]
    return gettext("%(names)s and %(last)s") % {"names": ", ".join(others), "last": last} if others else last
