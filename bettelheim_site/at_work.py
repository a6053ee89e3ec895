"""A cookie that tells the script of the reader's pages that somebody is logged in to the admin.

The pages are the same bytes for everybody, so static/js/correct.js has to know without asking. The flag is a cookie and
not an entry in the browser's storage, because the server's answer to a logout takes it away without any script, and it
ends when the session does. It holds no secret: the admin's path, and the kinds of text that the person may open there.
The server decides nothing by it, so no answer varies with it.
"""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

FLAG = "at-work"
# The kinds of text on the reader's pages.
KINDS = {"paragraph": "reader", "note": "reader", "division": "reader", "term": "glossary"}


def show_at_work(
    request: HttpRequest, answer: HttpResponseBase, *, is_at_work: bool, is_new: bool = False
) -> None:
    """Set the cookie in an answer of the admin if it is missing or the login is new; delete it without a login."""
    is_set = FLAG in request.COOKIES
    if is_at_work and is_set and not is_new:
        return
    if kinds := _kinds_of(request.user) if is_at_work else []:
        answer.set_cookie(
            FLAG,
            quote(" ".join([settings.ADMIN_PATH, *kinds]), safe=""),
            max_age=request.session.get_expiry_age(),
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    elif is_set:
        answer.delete_cookie(FLAG, samesite="Lax")


def _kinds_of(user: Any) -> list[str]:
    """The kinds of text that a person may view or change."""
    return [
        kind
        for kind, app in KINDS.items()
        if user.has_perm(f"{app}.view_{kind}") or user.has_perm(f"{app}.change_{kind}")
    ]
