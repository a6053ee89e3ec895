"""An archive of many volumes: its list is paged, and no page costs more statements than with two volumes."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from glossary.models import Glossary
from reader.admin.reading import VOLUMES_ON_A_PAGE
from reader.models import Candidate, Division, Note, Paragraph, PublishedPage, Volume
from reader.pages.home import ROWS
from reader.pages.sitemap import Paragraphs
from reader.publishing.publish import publish_chapters, publish_home, publish_volume
from tests.bettelheim_site.test_admin_queries import admin_addresses
from tests.factories import make_division, make_note, make_page_break, make_paragraph, make_term, make_volume
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

MANY = 2 * ROWS + 10
# What is asked of a volume, or of the archive, without a published page.
ASKED = (
    *("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-paragraphs.xml", "/robots.txt", "/nothing-here/"),
    *("/api/dts/", "/api/dts/collection/", "/api/dts/navigation/?resource=/plans/"),
    *("/plans/search/?q=words", "/plans/search/?q=zyzzyva", "/plans/opensearch.xml", "/plans/errata/"),
    *("/plans/paragraph/1/", "/plans/one/cite/", "/plans/downloads/", "/plans/glossary/nep/concordance/"),
)


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path)  # whitenoise warns where there is no folder


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans", title="Plans")
    chapter = make_division(volume, slug="one")
    make_paragraph(chapter, "Some words of the NEP.[^1]")
    make_note(chapter, 1)
    make_page_break(volume, "1", division=chapter)
    make_term(volume.glossary)
    add_volumes(1, first=0)
    publish_volume(volume)
    return volume


def add_volumes(count: int, *, first: int) -> None:
    """Add volumes, each with a chapter, a paragraph, a note, a glossary and its title page."""
    numbers = range(first, first + count)
    glossaries = Glossary.objects.bulk_create(Glossary(name=f"Of volume {n}") for n in numbers)
    described = {
        "author": "An Author",
        "publisher": "A Press",
        "year": 1970,
        "rights": "Free.",
        "language": "en",
    }
    volumes = Volume.objects.bulk_create(
        Volume(
            slug=f"volume-{n}",
            title=f"Volume {n:03}",
            glossary=glossary,
            revision=1,
            last_number=1,
            **described,
        )
        for n, glossary in zip(numbers, glossaries, strict=True)
    )
    chapters = Division.objects.bulk_create(
        Division(volume=each, kind="chapter", n="1", head="The plan", slug="one", position=0)
        for each in volumes
    )
    Paragraph.objects.bulk_create(
        Paragraph(
            volume=each.volume, division=each, number=1, position=0, text="Words.", imported_text="Words."
        )
        for each in chapters
    )
    Note.objects.bulk_create(
        Note(division=each, n=1, position=0, text="A note.", imported_text="A note.", state="complete")
        for each in chapters
    )
    Candidate.objects.bulk_create(
        Candidate(volume=each, headword="NEP", definition="Plan", pattern="x", score=1) for each in volumes
    )
    PublishedPage.objects.bulk_create(
        PublishedPage(
            volume=each, path=f"{each.slug}/", html=b"", gzip=b"", brotli=b"", etag="1", made_with="1"
        )
        for each in volumes
    )


@pytest.fixture
def many(volume: Volume) -> Volume:
    add_volumes(MANY - 2, first=1)
    publish_home()
    return volume


def statements(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        answer = client.get(path)
        if answer.streaming:
            b"".join(answer)
    assert answer.status_code < 500, path
    return len(counted)


def volumes_on(html: str) -> list[str]:
    return re.findall(r'<h2><a href="/([\w-]+)/">', html)


def test_the_list_of_volumes_has_pages_each_of_one_statement(
    client: Client, many: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shown: list[str] = []
    for address in ("/", "/?page=2", "/?page=3"):
        with django_assert_num_queries(1):
            shown += volumes_on(client.get(address).content.decode())
        assert len(shown) in (ROWS, 2 * ROWS, MANY)

    assert shown == list(Volume.objects.values_list("slug", flat=True))


@pytest.mark.parametrize(
    ("address", "links"),
    [
        ("/", [("next", "/?page=2")]),
        ("/?page=2", [("prev", "/"), ("next", "/?page=3")]),
        ("/?page=3", [("prev", "/?page=2")]),
    ],
)
def test_a_page_of_the_list_leads_to_its_neighbours(
    client: Client, many: Volume, address: str, links: list[tuple[str, str]]
) -> None:
    html = client.get(address).content.decode()

    assert re.findall(r'<a rel="(\w+)" href="([^"]+)">', html) == links
    assert f'<link rel="canonical" href="{address}">' in html


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("?page=4", "?page=3"),
        ("?page=9999999", "?page=3"),
        *((each, "") for each in ("?page=1", "?page=0", "?page=-1", "?page=x", "?page=²", "?page=", "?a=b")),
        ("?page=99999999", ""),
    ],
)
def test_a_page_of_the_list_that_is_not_there_is_the_nearest(
    client: Client, many: Volume, asked: str, meant: str
) -> None:
    assert client.get(f"/{asked}").content == client.get(f"/{meant}").content


def test_the_page_of_an_only_volume_has_no_second(client: Client) -> None:
    publish_volume(make_volume(slug="plans"))

    assert client.get("/?page=2").content == client.get("/plans/").content


def test_a_list_that_grew_shorter_leaves_no_page_behind(client: Client, many: Volume) -> None:
    Volume.objects.filter(slug__gt="volume-50").exclude(slug="plans").delete()
    publish_home()

    assert set(PublishedPage.objects.filter(volume=None).values_list("path", flat=True)) == {"", "?page=2"}


def test_what_the_browser_has_of_the_list_is_not_sent_again(client: Client, many: Volume) -> None:
    etag = client.get("/?page=2")["ETag"]

    assert client.get("/?page=2", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 200


def test_publishing_a_chapter_costs_the_same_among_many(volume: Volume) -> None:
    chapters = list(volume.divisions.all())
    counts = []
    for more in (0, MANY):
        add_volumes(more, first=1)
        publish_volume(volume)
        with CaptureQueriesContext(connection) as counted:
            publish_chapters(volume, chapters)
        counts.append(len(counted))

    assert counts[0] == counts[1]


def test_no_public_page_costs_more_among_many(client: Client, volume: Volume) -> None:
    for path in ASKED:
        client.get(path)  # some are made once, and kept
    few = {path: statements(client, path) for path in ASKED}
    add_volumes(MANY, first=1)

    assert {path: statements(client, path) for path in ASKED} == few


def test_a_sitemap_of_many_volumes_comes_in_short_files(
    client: Client, volume: Volume, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Paragraphs.limit <= 5_000
    add_volumes(MANY, first=1)
    monkeypatch.setattr(Paragraphs, "limit", ROWS)

    index = client.get("/sitemap.xml").content.decode()
    files = re.findall(r"<loc>https?://[^/]+(/sitemap-paragraphs[^<]+)</loc>", index)
    listed = [re.findall(r"<loc>([^<]+)</loc>", client.get(file).content.decode()) for file in files]

    assert [len(each) for each in listed] == [ROWS, ROWS, 12]
    assert len({url for each in listed for url in each}) == MANY + 2


def test_no_page_of_the_admin_costs_more_among_many(client: Client, volume: Volume) -> None:
    client.force_login(
        User.objects.create_superuser("boss"), backend="django.contrib.auth.backends.ModelBackend"
    )
    addresses = admin_addresses()
    for path in addresses:
        client.get(path)  # a session and content types are read once
    few = {path: statements(client, path) for path in addresses}
    add_volumes(MANY, first=1)

    many = {path: statements(client, path) for path in addresses}
    more = {path: many[path] - few[path] for path in addresses if many[path] > few[path]}
    # What was read of each volume: of ten on a page.
    assert more.pop("/admin/reader/division/reading/") <= 3 * (VOLUMES_ON_A_PAGE - 2)
    assert more == {}
