"""Who is at work in the admin."""

from collections.abc import Iterable

from django.db import models
from django.http import HttpRequest

from reader.models import Corrector


def account_of(request: HttpRequest) -> models.Model:
    """The account of who is logged in: the admin has asked before."""
    assert isinstance(request.user, models.Model)
    return request.user


def names_of(accounts: Iterable[int]) -> dict[int, str]:
    """The names that persons chose for the apparatus, by the keys of their accounts; those without one are left out."""
    chosen = Corrector.objects.filter(account__in=set(accounts)).exclude(name="")
    return dict(chosen.values_list("account", "name"))
