"""What every answer of the archive tells the browser to refuse, what no request may be, and who may try to log in."""

import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

# What a page of text has no use for (https://www.w3.org/TR/permissions-policy/).
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

    Django bounds the fields of a form (DATA_UPLOAD_MAX_MEMORY_SIZE) but no uploaded file, and reads a form
    before it knows who sent it. A body without a Content-Length is no body to Django.
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
    """The address that a request came from, as far as it can be known; None where there is none.

    The connection's other end, or, behind a proxy, what that proxy wrote down: the last entry of X-Forwarded-For
    (the ones before it are the sender's own words).
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def locked_out(request: HttpRequest, original: HttpResponseBase | None = None, *rest: Any) -> HttpResponse:
    """429 for who has failed to log in too often, whether the account exists or not."""
    wait = settings.AXES_COOLOFF_TIME
    minutes = int(wait.total_seconds() // 60)
    return HttpResponse(
        f"Too many failed attempts to log in: try again in {minutes} minutes.\n",
        status=429,
        headers={"Retry-After": str(int(wait.total_seconds()))},
        content_type="text/plain; charset=utf-8",
    )
