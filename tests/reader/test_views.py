import gzip

import brotli
import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from reader.models import PublishedPage, Volume
from reader.publishing import publish_volume
from tests.factories import make_division, make_note, make_paragraph, make_term, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one")
    make_paragraph(chapter, "The NEP[^1] came.")
    make_note(chapter, 1)
    make_term(volume.glossary)
    publish_volume(volume)
    return volume


@pytest.mark.parametrize("path", ["/", "/plans/", "/plans/one/", "/plans/glossary/", "/plans/glossary/nep/"])
def test_a_page_costs_one_query_and_no_cookie(
    client: Client, volume: Volume, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        response = client.get(path)

    assert response.status_code == 200
    assert not response.cookies
    assert response["Vary"] == "Accept-Encoding"


def test_a_chapter_costs_one_query_however_long_it_is(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one")
    for n in range(1, 101):
        make_paragraph(chapter, f"The NEP[^{n}].")
    publish_volume(volume)

    with django_assert_num_queries(1):
        response = client.get("/plans/one/")

    assert b'id="p100"' in response.content


def test_a_page_comes_compressed_as_the_browser_likes(client: Client, volume: Volume) -> None:
    plain = client.get("/plans/one/")
    br = client.get("/plans/one/", headers={"accept-encoding": "gzip, br"})
    gz = client.get("/plans/one/", headers={"accept-encoding": "gzip"})

    assert not plain.has_header("Content-Encoding")
    assert (br["Content-Encoding"], gz["Content-Encoding"]) == ("br", "gzip")
    assert brotli.decompress(br.content) == gzip.decompress(gz.content) == plain.content
    assert len({plain["ETag"], br["ETag"], gz["ETag"]}) == 3
    assert int(br["Content-Length"]) == len(br.content)


def test_what_the_browser_has_already_is_not_sent_again(client: Client, volume: Volume) -> None:
    etag = client.get("/plans/one/")["ETag"]

    response = client.get("/plans/one/", headers={"if-none-match": f'"other", W/{etag}'})

    assert (response.status_code, response.content) == (304, b"")
    assert (response["ETag"], response["Vary"]) == (etag, "Accept-Encoding")
    assert "must-revalidate" in response["Cache-Control"]


def test_a_changed_page_is_sent_again(client: Client, volume: Volume) -> None:
    etag = client.get("/plans/one/")["ETag"]
    volume.paragraphs.update(text="The NEP[^1] went.")
    publish_volume(volume)

    assert client.get("/plans/one/", headers={"if-none-match": etag}).status_code == 200


def test_head_tells_the_length_and_sends_nothing(client: Client, volume: Volume) -> None:
    response = client.head("/plans/one/")

    assert response.content == b""
    assert int(response["Content-Length"]) == len(bytes(PublishedPage.objects.get(path="plans/one/").html))


@pytest.mark.parametrize("path", ["/", "/plans/one/", "/plans/search/"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_any_method_but_get_and_head_is_405(volume: Volume, path: str, method: str) -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.generic(method, path).status_code == 405


@pytest.mark.parametrize(
    "path", ["/plans/two/", "/nowhere/", "/plans/glossary/x/", "/a/b/c/d/", "/%00/", "/é/"]
)
def test_an_unknown_address_is_404_with_help(client: Client, volume: Volume, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert b"There is no such page" in response.content
    assert not response.cookies


def test_an_unknown_address_is_shown_as_text(client: Client) -> None:
    response = client.get("/<script>alert(1)</script>/")

    assert response.status_code == 404
    assert b"<script>alert" not in response.content


def test_a_missing_slash_at_the_end_is_put_there(client: Client, volume: Volume) -> None:
    response = client.get("/plans/one")

    assert (response.status_code, response["Location"]) == (301, "/plans/one/")


def test_an_empty_archive_says_so(client: Client) -> None:
    response = client.get("/")

    assert response.status_code == 200
    assert b"No volume has been imported yet" in response.content
