"""The reader's addresses. Most are published pages (reader/publishing/); the others are made at each request."""

from django.contrib.sitemaps.views import sitemap as sitemap_file
from django.urls import path, re_path

from reader import views
from reader.exports.formats import BY_EXTENSION
from reader.exports.parts import FILE as EDITION
from reader.exports.schema import NAME as SCHEMA
from reader.pages.sitemap import SITEMAPS

CITE = r"cite\.(?P<extension>bib|ris|json)"
DOWNLOAD = rf"download\.(?P<extension>{'|'.join(BY_EXTENSION)})"

# Fixed addresses come before slugs of divisions; OF_DIVISIONS (reader/text/reserved_slugs.py) reserves their names.
urlpatterns = [
    path("", views.home, name="home"),
    path("marks/", views.marks, name="marks"),
    path("language/<slug:language>/", views.set_language, name="language"),
    path("favicon.ico", views.favicon),
    path("robots.txt", views.robots),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-<section>.xml", sitemap_file, {"sitemaps": SITEMAPS}, name="sitemap_of"),
    path("api/dts/", views.dts, {"endpoint": ""}, name="dts"),
    path("api/dts/collection/", views.dts, {"endpoint": "collection/"}),
    path("api/dts/navigation/", views.dts, {"endpoint": "navigation/"}),
    path("api/dts/document/", views.dts, {"endpoint": "document/"}),
    path("unapi", views.unapi, name="unapi"),
    path(SCHEMA, views.edition_schema, name="edition_schema"),
    path("<slug:volume>/", views.published, name="volume"),
    path("<slug:volume>/glossary/", views.glossary, name="glossary"),
    path("<slug:volume>/glossary/used/", views.glossary, {"used": True}, name="glossary_used"),
    path("<slug:volume>/glossary/by-chapter/", views.published, name="glossary_by_chapter"),
    path("<slug:volume>/glossary/<slug:term>/", views.term, name="term"),
    path("<slug:volume>/glossary/<slug:term>/concordance/", views.concordance, name="concordance"),
    path("<slug:volume>/years/", views.published, name="years"),
    path("<slug:volume>/years/<int:year>/", views.year, name="year"),
    path("<slug:volume>/persons/", views.persons, name="persons"),
    path("<slug:volume>/persons/<slug:person>/", views.person, name="person"),
    path("<slug:volume>/works/", views.published, name="works"),
    path("<slug:volume>/works/<slug:work>/", views.work, name="work"),
    re_path(
        r"^(?P<volume>[-\w]+)/works/list\.(?P<suffix>json|bib|ris)\Z", views.works_file, name="works_file"
    ),
    path("<slug:volume>/apparatus/", views.published, name="apparatus"),
    path("<slug:volume>/errata/", views.errata, name="errata"),
    path("<slug:volume>/errata.atom", views.errata_feed, name="errata_feed"),
    path("<slug:volume>/search/", views.search, name="search"),
    path("<slug:volume>/opensearch.xml", views.opensearch, name="opensearch"),
    re_path(r"^(?P<volume>[-\w]+)/p/(?P<n>[^/]{1,20})/?\Z", views.printed_page, name="printed_page"),
    path("<slug:volume>/paragraph/<int:number>/", views.paragraph, name="paragraph"),
    path("<slug:volume>/paragraph/<int:number>/r<int:revision>/", views.paragraph_at, name="paragraph_at"),
    path("<slug:volume>/paragraph/<int:number>/quotation.json", views.quotation, name="quotation"),
    path(f"<slug:volume>/paragraph/<int:paragraph>/{EDITION}", views.edition, name="edition_of_paragraph"),
    path("<slug:volume>/cite/", views.cite, name="cite_volume"),
    path(f"<slug:volume>/{EDITION}", views.edition, name="edition"),
    path("<slug:volume>/downloads/", views.downloads, name="downloads_volume"),
    path("<slug:volume>/<slug:chapter>/", views.published, name="chapter"),
    path("<slug:volume>/<slug:chapter>/apparatus/", views.published, name="chapter_apparatus"),
    path("<slug:volume>/<slug:chapter>/apparatus/variants/", views.variants, name="chapter_variants"),
    path("<slug:volume>/<slug:chapter>/note/<int:note>/", views.note, name="note"),
    path(f"<slug:volume>/<slug:chapter>/note/<int:note>/{EDITION}", views.edition, name="edition_of_note"),
    path(f"<slug:volume>/<slug:chapter>/{EDITION}", views.edition, name="edition_of_chapter"),
    path("<slug:volume>/<slug:chapter>/cite/", views.cite, name="cite"),
    path("<slug:volume>/<slug:chapter>/downloads/", views.downloads, name="downloads"),
    re_path(rf"^(?P<volume>[-\w]+)/{CITE}\Z", views.citation_file),
    re_path(rf"^(?P<volume>[-\w]+)/{DOWNLOAD}\Z", views.download),
    re_path(rf"^(?P<volume>[-\w]+)/(?P<chapter>[-\w]+)/{DOWNLOAD}\Z", views.download),
    re_path(rf"^(?P<volume>[-\w]+)/paragraph/(?P<number>[0-9]{{1,9}})/{CITE}\Z", views.citation_file),
    re_path(
        rf"^(?P<volume>[-\w]+)/paragraph/(?P<number>[0-9]{{1,9}})/r(?P<revision>[0-9]{{1,9}})/{CITE}\Z",
        views.citation_file,
    ),
    re_path(
        rf"^(?P<volume>[-\w]+)/(?P<chapter>[-\w]+)/note/(?P<note>[0-9]{{1,9}})/{CITE}\Z", views.citation_file
    ),
    re_path(rf"^(?P<volume>[-\w]+)/(?P<chapter>[-\w]+)/{CITE}\Z", views.citation_file),
]
