"""Restrictions on browsers, in every answer of the archive; on the size of requests; on attempts to log in."""

import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

# Features that a page of text does not need (https://www.w3.org/TR/permissions-policy/).
UNUSED = (
    "accelerometer",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED)


class Restrictions:
    """A Permissions-Policy on every answer, and 413 for a body that is too large to be read at all.

    Django limits the fields of a form (DATA_UPLOAD_MAX_MEMORY_SIZE) but not uploaded files, and reads a form
    before it knows the sender. Django ignores a body without a Content-Length.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to a request."""
        response = self._too_large(request) or self.get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        return response

    @staticmethod
    def _too_large(request: HttpRequest) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) <= settings.LARGEST_BODY:
            return None
        return HttpResponse(
            f"A request may have {settings.LARGEST_BODY} bytes at most.\n",
            status=413,
            content_type="text/plain; charset=utf-8",
        )


def address_of(request: HttpRequest) -> str | None:
    """The address from which a request came, as far as it is known; None if there is none.

    It is the connection's other end, or, behind a proxy, the proxy's entry: the last one of X-Forwarded-For (the
    sender may have made up the others).
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def locked_out(request: HttpRequest, original: HttpResponseBase | None = None, *rest: Any) -> HttpResponse:
    """429 after too many failed attempts to log in, whether the account exists or not."""
    wait = settings.AXES_COOLOFF_TIME
    minutes = int(wait.total_seconds() // 60)
    return HttpResponse(
        f"Too many failed attempts to log in: try again in {minutes} minutes.\n",
        status=429,
        headers={"Retry-After": str(int(wait.total_seconds()))},
        content_type="text/plain; charset=utf-8",
    )
