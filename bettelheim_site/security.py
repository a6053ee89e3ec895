"""Restrictions on browsers, in every answer, and on the size of requests; notice of an undeclared proxy."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language_from_request, gettext, override

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
logger = logging.getLogger(__name__)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED)

UNDECLARED_PROXY = (
    "A request came through a proxy (it has X-Forwarded-For) and BEHIND_PROXY is off: all readers seem to have the"
    " proxy's address. If the proxy is yours, set BEHIND_PROXY=1; otherwise somebody made the header up."
)


class Restrictions:
    """A Permissions-Policy on every answer, and 413 for a body that is too large to be read at all.

    Django limits the fields of a form (DATA_UPLOAD_MAX_MEMORY_SIZE) but not uploaded files, and reads a form
    before it knows the sender. Django ignores a body without a Content-Length. It gives a 304 the length 0, where
    that of the whole page or none is allowed (RFC 9110, 8.6): it gets none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.has_warned = settings.BEHIND_PROXY

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to a request."""
        if not self.has_warned and "HTTP_X_FORWARDED_FOR" in request.META:
            self.has_warned = True
            logger.warning(UNDECLARED_PROXY)
        response = self._too_large(request) or self.get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            del response.headers["Content-Length"]
        return response

    @staticmethod
    def _too_large(request: HttpRequest) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) <= settings.LARGEST_BODY:
            return None
        # No middleware has looked for the language yet.
        with override(get_language_from_request(request)):
            said = gettext("A request may have %(number)s bytes at most.") % {"number": settings.LARGEST_BODY}
        return HttpResponse(
            f"{said}\n",
            status=413,
            content_type="text/plain; charset=utf-8",
        )
