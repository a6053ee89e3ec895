"""The reader's addresses. All but search are pages that were published (reader/publishing.py)."""

from django.urls import path

from reader import views

urlpatterns = [
    path("", views.published, name="home"),
    path("<slug:volume>/", views.published, name="volume"),
    path("<slug:volume>/glossary/", views.published, name="glossary"),
    path("<slug:volume>/glossary/<slug:term>/", views.published, name="term"),
    path("<slug:volume>/search/", views.search, name="search"),
    path("<slug:volume>/<slug:chapter>/", views.published, name="chapter"),
]
