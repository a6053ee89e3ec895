"""The archive on the web: the metadata of pages, sitemap and robots, and answers to unknown addresses."""

import json
import re
import runpy
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.test import Client
from django.urls import reverse
from lxml import etree
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.fixtures import DjangoAssertNumQueries

import bettelheim_site.settings
from reader.models import Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_page_break, make_paragraph, make_term, make_volume
from tests.made_once import made_once

HOSTILE = 'Plan </script><script>alert(1)</script> & "quotes" <!-- \u2028'


class Head(HTMLParser):
    """Reads the head of a page: its title, meta elements by name or property, links by rel, JSON-LD."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta: dict[str, list[str]] = {}
        self.links: dict[str, str] = {}
        self.scripts: list[str] = []
        self._is_data = False
        self.feed(html.partition("</head>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and "content" in given:
            name = given.get("name") or given.get("property", "")
            self.meta.setdefault(name, []).append(given["content"])
        elif tag == "link":
            self.links[given["rel"]] = given["href"]
        self._is_data = tag == "script" and given.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.scripts.append(data)
            self._is_data = False

    @property
    def about(self) -> Any:
        [data] = self.scripts
        return json.loads(data)


def head(client: Client, path: str) -> Head:
    return Head(client.get(path).content.decode())


def make_book(**values: Any) -> Volume:
    volume = make_volume(
        slug="plans", subtitle="A History", author="Anna Author", translator="Tom Translator", **values
    )
    part = make_division(volume, slug="part-1", kind="part", n="1", head="Years", page="1")
    one = make_division(volume, slug="one", n="1", head=HOSTILE, parent=part, page="1")
    make_paragraph(one, "The NEP came {p. 2}and went.")
    make_page_break(volume, "2")
    make_term(volume.glossary, definition=HOSTILE)
    publish_volume(volume)
    return volume


@pytest.fixture
@made_once
def volume(db: None) -> Volume:
    return make_book()


@pytest.fixture
def with_origin(settings: Settings) -> str:
    origin = "https://archive.example"
    settings.ARCHIVE_URL = origin
    return origin


def sent(path: str) -> str:
    """A path as a server passes it to Django. (The test client itself would read `//plans` as a host.)"""
    return path.encode("utf-8", "surrogateescape").decode("latin-1")


PUBLISHED = [
    *("/plans/", "/plans/one/", "/plans/part-1/", "/plans/glossary/", "/plans/glossary/nep/"),
    *("/plans/apparatus/", "/plans/one/apparatus/"),
]
PAGES = [*PUBLISHED, "/plans/paragraph/1/", "/plans/cite/", "/plans/one/cite/"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_names_itself(client: Client, volume: Volume, path: str) -> None:
    said = head(client, path)

    assert said.links["canonical"] == path
    assert said.meta["og:site_name"] == ["The Planning Organs"]
    assert said.meta["og:locale"] == ["en"]
    assert all(len(said.meta[name]) == 1 for name in ("og:title", "og:type"))
    assert said.meta.get("description") == said.meta.get("og:description")
    assert "og:url" not in said.meta


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_with_an_origin_addresses_are_whole(client: Client, with_origin: str, path: str) -> None:
    make_book()

    said = head(client, path)

    assert said.links["canonical"] == with_origin + path
    assert said.meta["og:url"] == [with_origin + path]


def test_the_first_page_of_an_archive_with_one_volume_is_the_title_page(
    client: Client, volume: Volume
) -> None:
    assert head(client, "/").links["canonical"] == "/plans/"


def test_a_title_page_is_a_book(client: Client, volume: Volume) -> None:
    said = head(client, "/plans/")

    assert said.meta["og:type"] == ["book"]
    assert said.about == {
        "@context": "https://schema.org",
        "@type": "Book",
        "name": "The Planning Organs: A History",
        "url": "/plans/",
        "author": [{"@type": "Person", "name": "Anna Author"}],
        "translator": [{"@type": "Person", "name": "Tom Translator"}],
        "publisher": {"@type": "Organization", "name": "A Press"},
        "datePublished": "1978",
        "inLanguage": "en",
    }
    assert said.meta["citation_title"] == ["The Planning Organs: A History"]


def test_a_chapter_is_part_of_its_book(client: Client, volume: Volume) -> None:
    said = head(client, "/plans/one/")

    about = said.about
    assert (about["@type"], about["name"], about["position"]) == ("Chapter", " ".join(HOSTILE.split()), 2)
    assert (about["pageStart"], about["pageEnd"]) == ("1", "2")
    assert about["isPartOf"]["url"] == "/plans/"


@pytest.mark.parametrize("path", ["/plans/one/", "/plans/paragraph/1/"])
def test_reference_managers_find_the_chapter_and_the_pages(client: Client, volume: Volume, path: str) -> None:
    said = {name: value for name, value in head(client, path).meta.items() if "citation" in name}

    assert said == {
        "citation_title": [" ".join(HOSTILE.split())],
        "citation_author": ["Author, Anna"],
        "citation_publication_date": ["1978"],
        "citation_publisher": ["A Press"],
        "citation_language": ["en"],
        "citation_inbook_title": ["The Planning Organs: A History"],
        "citation_firstpage": ["1"],
        "citation_lastpage": ["2"],
    }


@pytest.mark.django_db
def test_reference_managers_find_the_address_where_it_is_known(client: Client, with_origin: str) -> None:
    make_book()

    assert head(client, "/plans/one/").meta["citation_public_url"] == [f"{with_origin}/plans/one/"]


@pytest.mark.parametrize("path", ["/plans/one/", "/plans/glossary/nep/"])
def test_no_title_can_end_the_script_that_it_stands_in(client: Client, volume: Volume, path: str) -> None:
    html = client.get(path).content.decode()

    assert "<script>alert" not in html
    assert head(client, path).about["@context"] == "https://schema.org"


def test_a_term_is_defined_in_the_glossary(client: Client, volume: Volume) -> None:
    about = head(client, "/plans/glossary/nep/").about

    assert (about["@type"], about["name"], about["description"]) == ("DefinedTerm", "NEP", HOSTILE)


@pytest.mark.parametrize("url", ["archive.example", "https://archive.example/path", "https://a b"])
def test_an_origin_with_a_path_or_without_a_scheme_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("ARCHIVE_URL", url)

    with pytest.raises(ImproperlyConfigured, match="ARCHIVE_URL"):
        runpy.run_path(bettelheim_site.settings.__file__)


# Sitemap, robots, icon


def listed_in(client: Client, path: str) -> list[bytes]:
    return re.findall(rb"<loc>(.*?)</loc>", client.get(path).content)


def test_the_sitemap_lists_every_published_page(
    client: Client, volume: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        pages = listed_in(client, "/sitemap-pages.xml")

    assert set(pages) >= {f"http://testserver{path}".encode() for path in PUBLISHED}
    assert b"http://testserver/" not in pages


def test_the_sitemap_lists_every_paragraph(
    client: Client, volume: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        listed = listed_in(client, "/sitemap-paragraphs.xml")

    assert len(listed) == volume.paragraphs.count()
    assert b"http://testserver/plans/paragraph/1/" in listed


def test_the_sitemap_says_when_a_volume_was_last_revised(client: Client, volume: Volume) -> None:
    revised = volume.revisions.get(n=volume.revision).made_at.date().isoformat()

    for path in ("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-paragraphs.xml"):
        days = re.findall(r"<lastmod>([\d-]{10})", client.get(path).content.decode())
        assert days
        assert set(days) == {revised}


def test_the_sitemap_names_the_archives_own_origin(client: Client, volume: Volume, with_origin: str) -> None:
    assert b"https://archive.example/plans/one/" in listed_in(client, "/sitemap-pages.xml")
    assert b"https://archive.example/sitemap-pages.xml" in listed_in(client, "/sitemap.xml")


def test_a_browser_is_told_how_to_search_in_a_volume(
    client: Client, volume: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = client.get("/plans/one/").content.decode()
    [link] = re.findall(
        r'<link rel="search" type="application/opensearchdescription\+xml" [^>]*href="([^"]+)"', page
    )
    with django_assert_num_queries(1):
        response = client.get(link)

    description = etree.fromstring(response.content)
    names = {"os": "http://a9.com/-/spec/opensearch/1.1/"}
    [template] = description.xpath("os:Url[@type='text/html']/@template", namespaces=names)
    assert template == "http://testserver/plans/search/?q={searchTerms}&page={startPage?}"
    asked = (
        template.removeprefix("http://testserver").replace("{searchTerms}", "NEP").replace("{startPage?}", "")
    )
    assert client.get(asked).status_code == 200
    assert len(description.findtext("os:ShortName", namespaces=names)) <= 16


def test_robots_may_read_all_but_files_and_are_not_told_of_the_admin(
    client: Client, settings: Settings
) -> None:
    response = client.get("/robots.txt")

    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode() == (
        "User-agent: *\nAllow: /\nDisallow: /language/\nDisallow: /*/download.\nDisallow: /*/downloads/\n"
        "Disallow: /*/edition.json\nDisallow: /api/\n\n"
        "Sitemap: http://testserver/sitemap.xml\n"
    )


def test_the_icon_is_found_by_its_old_name(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"] == "/static/icon.svg"


# Unknown addresses


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/plans/on/", b'href="/plans/one/">'),
        ("/plans/part-2/", b'href="/plans/part-1/">Part 1: Years</a>'),
        ("/plan/one/", b'href="/plans/'),
        ("/plans/part-1/one/two/", b'href="/plans/part-1/">'),
    ],
)
def test_an_unknown_address_leads_to_the_nearest(
    client: Client, volume: Volume, path: str, nearest: bytes
) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert b"Nearest to it is <a " + nearest in response.content


def test_an_unknown_address_is_searched_for(
    client: Client, volume: Volume, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(3):
        html = client.get("/plans/the-winter_plan/").content.decode()

    assert 'value="the winter plan"' in html
    assert 'action="/plans/search/"' in html


def test_an_unknown_volume_leads_to_the_list_of_volumes(client: Client, volume: Volume) -> None:
    make_volume(slug="other", title="Another")

    html = client.get("/nothing-like-it/").content.decode()

    assert 'href="/other/">Another</a>' in html
    assert "Nearest" not in html


@pytest.mark.parametrize(
    "path",
    [
        "/Plans/One/",
        "/PLANS/one",
        "/plans/one/.",
        "/plans/one.",
        "/plans/one/).",
        "/plans/one/”",
        "/plans//one/",
        "//plans/one/",
        "/plans/one/ ",
    ],
)
def test_an_address_that_a_mail_broke_is_put_right(client: Client, volume: Volume, path: str) -> None:
    response = client.get("/", PATH_INFO=sent(path))

    assert (response.status_code, response["Location"]) == (301, "/plans/one/")


@pytest.mark.parametrize("path", ["/plans/paragraph/1.", "/Plans/Paragraph/1/"])
def test_a_paragraphs_address_that_a_mail_broke_is_put_right(
    client: Client, volume: Volume, path: str
) -> None:
    assert client.get(path)["Location"] == "/plans/paragraph/1/"


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "//evil.example/plans/one",
        "/\\evil.example/",
        "/plans/one/\r\nSet-Cookie: a=b",
        "/plans/../../etc/passwd",
        "/plans/%2e%2e/",
        "/plans%2Fone/",
        "/\0",
        "/plans/\0/",
        "/plans/\ufffd/",
        "/plans/\udcff\udcfe/",
        "/" + "a" * 10_000 + "/",
        "/plans/" + "b/" * 5_000,
        "/plans/" + "é" * 5_000 + "/",
        "/" + "..." * 3_000,
        "/plans/paragraph/" + "9" * 5_000 + "/",
        "/plans/paragraph/-1/",
        "/plans/paragraph/1/cite.exe",
        "/plans/cite.bib/",
        "/plans/p/",
        "/plans/p//",
        "/plans/p/" + "i" * 5_000,
        "/static/../settings.py",
    ],
)
def test_an_address_that_no_page_has_is_404_and_never_leads_away(
    client: Client, volume: Volume, path: str
) -> None:
    response = client.get("/", PATH_INFO=sent(path))

    assert response.status_code == 404
    assert len(response.content) < 20_000
    assert not response.has_header("Set-Cookie")


def test_what_is_asked_for_is_shown_as_text(client: Client, volume: Volume) -> None:
    response = client.get('/plans/<script>alert(1)</script>"onload="x/')

    assert b"<script>alert" not in response.content
    assert b'"onload' not in response.content


@pytest.fixture
def refused(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database that refuses every connection, because no server runs in that folder."""
    ours = connections["default"]
    refusing = connections["default"] = ours.copy()
    refusing.settings_dict.update(HOST="/nowhere", OPTIONS={})
    with django_db_blocker.unblock():
        yield
    connections["default"] = ours


@pytest.mark.parametrize("path", ["/nothing.here", "/a/b/c/d"])
def test_without_a_database_no_address_is_called_unknown(client: Client, refused: None, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0


def test_a_page_that_needs_the_database_says_when_to_ask_again(client: Client, refused: None) -> None:
    response = client.get("/plans/one/")

    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "ANY"])
@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/plans/one/",
            "/plans/one",
            "/plans/search/",
            "/plans/p/42",
            "/plans/paragraph/1/",
            "/plans/cite.bib",
        ),
        *("/nowhere/at/all", "/sitemap.xml", "/robots.txt", "/favicon.ico", "/static/nothing.css", "/\0"),
    ],
)
def test_any_method_but_get_and_head_is_405_everywhere(refused: None, method: str, path: str) -> None:
    response = Client(enforce_csrf_checks=True).generic(method, "/", PATH_INFO=path)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert b"can only be read" in response.content


@pytest.mark.django_db
def test_the_admin_may_be_written_to(client: Client) -> None:
    assert client.post(reverse("admin:login")).status_code == 200
    assert Path(reverse("admin:login")).parts[1] == "admin"


def test_all_searches_are_known_by_one_address(client: Client, volume: Volume) -> None:
    said = head(client, f"/{volume.slug}/search/?q=plan")

    assert said.links["canonical"] == f"/{volume.slug}/search/"
    assert "robots" not in said.meta
