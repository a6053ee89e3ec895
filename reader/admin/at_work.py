"""Who is at work in the admin."""

from django.db import models
from django.http import HttpRequest


def account_of(request: HttpRequest) -> models.Model:
    """The account of who is logged in: the admin has asked before."""
    assert isinstance(request.user, models.Model)
    return request.user
