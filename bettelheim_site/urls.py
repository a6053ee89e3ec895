"""The archive's addresses: the admin under its own path, everything else is the reader's."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path(settings.ADMIN_PATH, admin.site.urls),
    path("", include("reader.urls")),
]

handler404 = "reader.views.not_found"
