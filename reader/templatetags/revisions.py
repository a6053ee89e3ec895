"""Revisions of a text in words, each with its day as far as the archive knows it."""

from collections.abc import Sequence
from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext

register = template.Library()


@register.simple_tag
def revision_in_words(n: int, day: datetime | None) -> str:
    """A revision: `revision 3 of 5 May 2026`, or `revision 3` if its day is not known."""
    if day is None:
        return gettext("revision %(n)s") % {"n": n}
    return gettext("revision %(n)s of %(day)s") % {"n": n, "day": date_format(day, "j F Y")}


@register.simple_tag
def revisions_in_words(revisions: Sequence[tuple[int, datetime | None]]) -> str:
    """Several revisions: `revision 4 of 5 May 2026, revision 5 and revision 6`."""
    *most, last = [revision_in_words(n, day) for n, day in revisions]
    return gettext("%(most)s and %(last)s") % {"most": ", ".join(most), "last": last} if most else last
