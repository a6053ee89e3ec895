"""For the first page of the admin: the ways to work that are open to the person who sees it."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def ways_of(user: Any) -> Any:
    """The ways to work that are open to a person."""
    # Imported here: Django reads this file where there is no admin too.
    from reader.admin.at_work import ways_of

    return ways_of(user)
