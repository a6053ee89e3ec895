"""Tags for the first page of the admin: the ways to work that are open to a person, and what waits there."""

from collections.abc import Callable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

register = template.Library()
# A number of open questions in words, by their kind.
QUESTIONS: dict[str, Callable[[int], str]] = {
    "suspect": lambda n: ngettext("%(number)s suspect", "%(number)s suspects", n),
    "variant": lambda n: ngettext("%(number)s variant", "%(number)s variants", n),
    "conflict": lambda n: ngettext("%(number)s conflict", "%(number)s conflicts", n),
}


@register.simple_tag
def ways_of(user: Any) -> Any:
    """The ways to work that are open to a person."""
    # Imported here, since Django reads this file without the admin, too.
    from reader.admin.at_work import ways_of

    return ways_of(user)


@register.simple_tag
def to_settle(way: Any) -> SafeString:
    """The open questions of a way, in numbers, each with a link to its kind."""
    links: list[str] = [
        format_html(
            '<a href="{}?kind={}">{}</a>', way.url, kind, QUESTIONS[kind](number) % {"number": number}
        )
        for kind, number in way.numbers.items()
    ]
    listed = links[-1]
    if len(links) > 1:
        listed = gettext("%(first)s and %(last)s") % {"first": ", ".join(links[:-1]), "last": links[-1]}
    said = gettext("%(questions)s to settle") % {"questions": listed}
    return mark_safe(said)  # noqa: S308  # made of safe strings
