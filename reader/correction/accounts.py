"""Who is at work in the admin."""

from collections.abc import Iterable, Mapping

from django.contrib.auth import get_user_model
from django.db import models
from django.http import HttpRequest

from reader.models import Corrector

# Who chose no name for the apparatus.
UNNAMED = "an editor"


def account_of(request: HttpRequest) -> models.Model:
    """The account of who is logged in: the admin has asked before."""
    assert isinstance(request.user, models.Model)
    return request.user


def names_of(accounts: Iterable[int]) -> dict[int, str]:
    """The names that persons chose for the apparatus, by the keys of their accounts; those without one are left out."""
    chosen = Corrector.objects.filter(account__in=set(accounts)).exclude(name="")
    return dict(chosen.values_list("account", "name"))


def credit(accounts: Iterable[int], names: Mapping[int, str]) -> str:
    """Persons in words, in their order and none twice: `A. Reader and an editor`."""
    said = list(dict.fromkeys(names.get(account, UNNAMED) for account in accounts)) or [UNNAMED]
    *others, last = said
    return f"{', '.join(others)} and {last}" if others else last


def user_names_of(accounts: Iterable[int | None]) -> dict[int, str]:
    """What correctors know each other by, never for readers: the user names, `account 12` for one that is deleted."""
    wanted = {account for account in accounts if account is not None}
    accounts_there = get_user_model()._default_manager.filter(pk__in=wanted)
    names = {account.pk: account.get_username() for account in accounts_there}
    return {account: names.get(account, f"account {account}") for account in wanted}
