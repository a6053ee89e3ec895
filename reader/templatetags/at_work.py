"""A tag for the first page of the admin: the ways to work that are open to a person."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def ways_of(user: Any) -> Any:
    """The ways to work that are open to a person."""
    # Imported here, since Django reads this file without the admin, too.
    from reader.admin.at_work import ways_of

    return ways_of(user)
