"""How long somebody who guessed a password wrongly waits: a delay that grows, for one account from one address.

Nobody else waits. A delay for an account alone would let a stranger shut its owner out, and a delay for an address
alone everybody behind one proxy.
"""

import ipaddress
import logging
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import ngettext

NO_DELAY = timedelta(0)
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
logger = logging.getLogger("archive.logins")


class GrowingDelay(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """django-axes with a delay that doubles with each failure after the fifth, instead of one of a fixed length."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether this account waits for this address."""
        return wait_of(request, credentials) > NO_DELAY


def delay_after(failures: int) -> timedelta:
    """The delay after so many failures in a row: none, then a minute, two, four, at most an hour."""
    too_many: int = failures - settings.AXES_FAILURE_LIMIT
    if too_many < 0:
        return NO_DELAY
    return min(LONGEST_DELAY, FIRST_DELAY * (1 << min(too_many, 10)))


def wait_of(request: HttpRequest, credentials: dict[str, Any] | None) -> timedelta:
    """How long this account still waits for this address. One statement."""
    now: datetime = getattr(request, "axes_attempt_time", None) or timezone.now()
    found = AccessAttempt.objects.filter(
        username=get_client_username(request, credentials),
        ip_address=address_of(request),
        attempt_time__gt=now - settings.AXES_COOLOFF_TIME,
    ).aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    if not found["failures"]:
        return NO_DELAY
    until: datetime = found["last"] + delay_after(found["failures"])
    return max(NO_DELAY, until - now)


def locked_out(
    request: HttpRequest, original: HttpResponseBase | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """429 after too many failed attempts to log in, whether the account exists or not."""
    seconds = max(1, round(wait_of(request, credentials).total_seconds()))
    minutes = -(-seconds // 60)
    said = ngettext(
        "Too many failed attempts to log in: try again in %(minutes)s minute.",
        "Too many failed attempts to log in: try again in %(minutes)s minutes.",
        minutes,
    )
    return HttpResponse(
        f"{said % {'minutes': minutes}}\n",
        status=429,
        headers={"Retry-After": str(seconds)},
        content_type="text/plain; charset=utf-8",
    )


def address_of(request: HttpRequest) -> str | None:
    """The address from which a request came, as far as it is known; None if there is none.

    It is the connection's other end, or, behind a proxy, the proxy's entry: the last one of X-Forwarded-For (the
    sender may have made up the others). Of IPv6 it is the network of 64 bits, which one household or server has whole.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found.packed[:8] + bytes(8), 64)).network_address)


# Lines of the log


def note_logins() -> None:
    """Have a line of the log for each login, logout, failure and lock from now on."""
    user_logged_in.connect(_logged_in, dispatch_uid="note a login")
    user_logged_out.connect(_logged_out, dispatch_uid="note a logout")
    user_login_failed.connect(_failed, dispatch_uid="note a failure")
    user_locked_out.connect(_locked, dispatch_uid="note a lock")


def _logged_in(sender: Any, request: HttpRequest | None, user: Any, **rest: Any) -> None:
    _note(logging.INFO, "login", "logged in", user.get_username(), request)


def _logged_out(sender: Any, request: HttpRequest | None, user: Any, **rest: Any) -> None:
    if user is not None:
        _note(logging.INFO, "logout", "logged out", user.get_username(), request)


def _failed(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **rest: Any
) -> None:
    if request is not None and not getattr(request, "axes_locked_out", False):
        _note(
            logging.WARNING, "failed login", "failed to log in", _known(credentials.get("username")), request
        )


def _locked(sender: Any, request: HttpRequest, username: str | None, **rest: Any) -> None:
    _note(logging.WARNING, "lock", "has to wait before the next login", _known(username), request)


def _known(name: object) -> str:
    """The name of an account; of no account, nothing is repeated: it may be a password in the wrong field."""
    model: Any = get_user_model()
    is_known = isinstance(name, str) and "\0" not in name and model.objects.filter(username=name).exists()
    return str(name) if is_known else ""


def _note(level: int, event: str, what: str, account: str, request: HttpRequest | None) -> None:
    address = address_of(request) if request is not None else None
    noted = {"event": event, "account": account, "address": address}
    said = f"The account {account}" if account else "Somebody without an account"
    logger.log(level, "%s %s, from %s.", said, what, address or "this machine", extra={"noted": noted})
