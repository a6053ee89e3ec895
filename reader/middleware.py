"""A rule for every public address, even for missing ones."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed

SAFE = ("GET", "HEAD")


class OnlyToRead:
    """Answer 405 to any method but GET and HEAD outside the admin, where nothing can be changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to a request."""
        admin = settings.ADMIN_PATH  # empty without the admin
        if request.method in SAFE or (admin and request.path_info.startswith(f"/{admin}")):
            return self.get_response(request)
        return HttpResponseNotAllowed(
            SAFE, "This archive can only be read: GET and HEAD.\n", content_type="text/plain; charset=utf-8"
        )
