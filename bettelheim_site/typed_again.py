"""What was typed on a page of the admin and not taken, because the login had ended or another one had begun.

The page that asks for the login carries what was typed in a hidden field, so that nothing is stored for strangers. A
complete login keeps it in its session and leads back to the page, which shows it again. Nothing of it is saved before
the person presses the button again: the page may have been sent by somebody else.
"""

import json
from copy import copy
from dataclasses import asdict, dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

# The hidden field of the login's pages.
CARRIED = "typed_again"
# The button that forgets what was typed.
THROW_AWAY = "_throw_away"
# In a session: what was typed, by the paths of its pages; the oldest goes first.
KEPT = "typed_again"
MOST_KEPT = 10
# Addresses that are asked while a person types, and show no messages.
PREVIEWS = "/shown/"
# Django's own pages with a form for one row.
FORMS = {ModelAdmin.add_view, ModelAdmin.change_view}


@dataclass(frozen=True, slots=True)
class Typed:
    """The address and the fields that were sent; files are not kept."""

    address: str
    fields: dict[str, list[str]]
    had_files: bool = False

    @classmethod
    def sent(cls, request: HttpRequest) -> Self:
        """What a request sends, without its token and without passwords."""
        fields = {
            name: [str(value) for value in values]
            for name, values in request.POST.lists()
            if name not in ("csrfmiddlewaretoken", THROW_AWAY) and "password" not in name
        }
        return cls(request.get_full_path(), fields, bool(request.FILES))

    @classmethod
    def carried(cls, request: HttpRequest) -> Self | None:
        """What a page of the login carries; None if it carries nothing of a page of the admin."""
        try:
            made = json.loads(request.POST.get(CARRIED, ""))
            fields = {str(name): [str(value) for value in values] for name, values in made["fields"].items()}
            typed = cls(str(made["address"]), fields, bool(made["had_files"]))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None
        is_here = url_has_allowed_host_and_scheme(typed.address, allowed_hosts=None)
        return typed if is_here and typed.path.startswith(reverse("admin:index")) else None

    @property
    def path(self) -> str:
        """The address without its query."""
        return self.address.partition("?")[0]

    @property
    def as_json(self) -> str:
        """The value of the hidden field."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def shown(self) -> list[tuple[str, list[str]]]:
        """The fields that a person typed or chose, with their names in words."""
        return [
            (name.strip("_").replace("_", " ").replace("-", " "), values)
            for name, values in self.fields.items()
            if not name.startswith(("_", "key-", "other-key-")) and not name.endswith("_FORMS")
            if name not in ("draft", "seen")
            if any(value.strip() for value in values)
        ]

    def posted(self, button: str = "") -> QueryDict:
        """The fields as a form sends them, without their buttons, but with this one."""
        posted = QueryDict(mutable=True)
        for name, values in self.fields.items():
            if not name.startswith("_"):
                posted.setlist(name, values)
        if button:
            posted[button] = ""
        return posted


def is_typed(request: HttpRequest) -> bool:
    """Whether a person sent this from a page that is typed into; the login's own pages are none."""
    names = ("login", "logout", "second_factor")
    is_own = request.path in [reverse(f"admin:{name}") for name in names]
    return request.method == "POST" and not is_own and not request.path.endswith(PREVIEWS)


def is_from_here(request: HttpRequest) -> bool:
    """Whether a page of this archive sent the request, as the browser says."""
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(sender).netloc == request.get_host()


def keep(request: HttpRequest, typed: Typed) -> None:
    """Keep what was typed in the session of a complete login."""
    kept = {path: each for path, each in request.session.get(KEPT, {}).items() if path != typed.path}
    kept[typed.path] = asdict(typed)
    request.session[KEPT] = dict(list(kept.items())[-MOST_KEPT:])


def kept_for(request: HttpRequest) -> Typed | None:
    """What was typed on this page before the login, and neither sent again nor thrown away."""
    kept = request.session.get(KEPT, {}).get(request.path)
    return Typed(**kept) if kept else None


def forget(request: HttpRequest) -> str:
    """Forget what was typed on this page; return the name of its draft in the browser, if it has one."""
    kept = request.session.get(KEPT, {})
    if request.path not in kept:
        return ""
    draft: str = kept[request.path]["fields"].get("draft", [""])[0]
    request.session[KEPT] = {path: each for path, each in kept.items() if path != request.path}
    return draft


def page_to_show(view: Any) -> tuple[Any, str] | None:
    """The page that shows what was typed and saves nothing, with the button it needs; None if it cannot be shown so.

    A screen of the archive's own has a button for that, which its class names in `SHOWS`. In Django's forms for one row
    no form is valid: they come back as after a mistake.
    """
    screen = getattr(view, "__self__", None)
    if not isinstance(screen, ModelAdmin):
        return None
    if button := getattr(screen, "SHOWS", ""):
        return (view, button) if view.__func__ is ModelAdmin.change_view else None
    if view.__func__ not in FORMS:
        return None
    shown = copy(screen)
    setattr(shown, "get_form", _never_valid(screen.get_form))  # noqa: B010  # of this copy alone
    return getattr(shown, view.__name__), ""


def _never_valid(get_form: Any) -> Any:
    def get(*arguments: Any, **named: Any) -> Any:
        class ShownAgain(get_form(*arguments, **named)):  # type: ignore[misc]  # made by Django
            def is_valid(self) -> bool:
                return False

        return ShownAgain

    return get
