"""The archive's addresses: the admin under its own path, if there is one; everything else is the reader's."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("reader.urls"))]
if not settings.PUBLIC_ONLY:
    from django.contrib import admin  # imported only with the admin: its models need the accounts' app

    urlpatterns.insert(0, path(settings.ADMIN_PATH, admin.site.urls))

handler404 = "reader.views.not_found"
handler500 = "reader.views.failed"
