"""Who is at work in the admin."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db import models
from django.http import HttpRequest

from reader.models import Corrector


def account_of(request: HttpRequest) -> models.Model:
    """The account of who is logged in: the admin has asked before."""
    assert isinstance(request.user, models.Model)
    return request.user


def user_names_of(accounts: Iterable[int]) -> dict[int, str]:
    """What persons log in with, by the keys of their accounts: for the admin alone. An account can be gone."""
    # Imported here: where there is no admin there are no accounts either.
    from django.contrib.auth import get_user_model

    users = get_user_model()._default_manager.filter(pk__in=set(accounts))
    known = {user.pk: user.get_username() for user in users}
    return {account: known.get(account, f"account {account}") for account in accounts}


def names_of(accounts: Iterable[int]) -> dict[int, str]:
    """The names that persons chose for the apparatus, by the keys of their accounts; those without one are left out."""
    chosen = Corrector.objects.filter(account__in=set(accounts)).exclude(name="")
    return dict(chosen.values_list("account", "name"))


def user_names_of(accounts: Iterable[int | None]) -> dict[int, str]:
    """What correctors know each other by, never for readers: the user names, `account 12` for one that is deleted."""
    wanted = {account for account in accounts if account is not None}
    accounts_there = get_user_model()._default_manager.filter(pk__in=wanted)
    names = {account.pk: account.get_username() for account in accounts_there}
    return {account: names.get(account, f"account {account}") for account in wanted}
