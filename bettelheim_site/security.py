"""What every answer of the archive tells the browser to refuse, and what no request may be."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

# What a page of text has no use for (https://www.w3.org/TR/permissions-policy/).
UNUSED = (
    *("accelerometer", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope"),
    *("magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock"),
    *("usb", "xr-spatial-tracking"),
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
