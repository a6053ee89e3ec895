"""The interface speaks the reader's language, at one address; the text keeps its own."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from reader.models import PublishedPage, TranslatedPage, Volume
from reader.publishing.publish import publish_again, publish_chapters, publish_volume
from tests.factories import make_division, make_note, make_paragraph, make_term, make_volume
from tests.made_once import made_once
from tests.sample import MANIFEST

pytestmark = pytest.mark.django_db

SKIP = {"en": "Skip to the text", "fr": "Aller au texte"}


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one")
    make_paragraph(chapter, "The NEP[^1] came.")
    make_note(chapter, 1)
    make_term(volume.glossary)
    publish_volume(volume)
    return volume


def asked(client: Client, path: str = "/plans/one/", **headers: str) -> str:
    return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()}).text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("en-GB,fr;q=0.5", "en"),
        ("de,fr;q=0.5,en;q=0.3", "fr"),
        ("ru, de", "en"),
        ("*", "en"),
        ("fr;q=x, \x00,;;", "en"),
    ],
)
def test_a_page_is_in_the_language_that_the_browser_prefers(
    client: Client, volume: Volume, accepted: str, language: str
) -> None:
    page = asked(client, accept_language=accepted)

    assert f'<html lang="{language}"' in page
    assert SKIP[language] in page


@pytest.mark.parametrize("path", ["/", "/plans/", "/plans/one/", "/plans/glossary/", "/plans/paragraph/1/"])
def test_every_kind_of_page_says_on_what_it_depends(client: Client, volume: Volume, path: str) -> None:
    vary = client.get(path, headers={"accept-language": "fr"})["Vary"].split(", ")

    assert {"Accept-Language", "Cookie"} <= set(vary)


def test_the_setting_counts_more_than_the_browser_until_it_is_taken_back(
    client: Client, volume: Volume
) -> None:
    came_from = "http://testserver/plans/one/?q=1"
    said = client.get("/language/fr/", headers={"referer": came_from})
    chosen = asked(client, accept_language="en")
    client.get("/language/browser/")

    assert (said.status_code, said["Location"], said["Cache-Control"]) == (302, "/plans/one/?q=1", "no-store")
    assert SKIP["fr"] in chosen
    assert SKIP["en"] in asked(client, accept_language="en")


@pytest.mark.parametrize(
    "came_from",
    ["", "https://elsewhere.example/plans/", "http://testserver.elsewhere.example/", "javascript:alert(1)"],
)
def test_the_setting_leads_nowhere_else(client: Client, came_from: str) -> None:
    assert client.get("/language/fr/", headers={"referer": came_from})["Location"] == "/"


def test_a_language_that_the_archive_does_not_know_is_not_there(client: Client, db: None) -> None:
    response = client.get("/language/xx/")

    assert (response.status_code, response.cookies) == (404, {})


def test_the_text_says_its_language_where_the_interface_has_another(client: Client, volume: Volume) -> None:
    assert '<article class="text" lang="en">' in asked(client, accept_language="fr")
    assert '<article class="text">' in asked(client)


def test_a_page_in_another_language_has_an_etag_of_its_own_and_costs_one_statement(
    client: Client, volume: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    english = client.get("/plans/one/")["ETag"]
    with django_assert_num_queries(1):
        french = client.get("/plans/one/", headers={"accept-language": "fr", "if-none-match": english})
    again = client.get("/plans/one/", headers={"accept-language": "fr", "if-none-match": french["ETag"]})

    assert (french.status_code, again.status_code) == (200, 304)


def test_a_page_that_is_not_there_in_a_language_yet_comes_in_the_first(
    client: Client, volume: Volume
) -> None:
    TranslatedPage.objects.all().delete()

    assert SKIP["en"] in asked(client, accept_language="fr")


def test_a_correction_is_seen_in_every_language(client: Client, volume: Volume) -> None:
    [paragraph] = volume.divisions.get(slug="one").paragraphs.all()
    paragraph.text = paragraph.text.replace("came", "ended")
    paragraph.save()
    publish_chapters(volume, [paragraph.division])

    for language in SKIP:
        assert "ended." in asked(client, accept_language=language)


def test_pages_are_alike_whatever_the_language_of_who_publishes() -> None:
    call_command("import_volume", str(MANIFEST), verbosity=0)
    volume = Volume.objects.get()

    def published() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
        PublishedPage.objects.all().delete()
        publish_again(volume)
        translated = TranslatedPage.objects.values_list("page__path", "language", "etag")
        return (
            dict(PublishedPage.objects.values_list("path", "etag")),
            {(path, language): etag for path, language, etag in translated},
        )

    english = published()
    with override("fr"):
        french = published()

    assert french == english
    assert len(english[0]) == len(english[1]) > 40


def test_a_page_that_is_withdrawn_is_withdrawn_in_every_language(volume: Volume) -> None:
    pages = PublishedPage.objects.count()
    translated = TranslatedPage.objects.count()
    PublishedPage.objects.filter(path="plans/glossary/nep/").delete()

    assert (pages, translated - 1) == (translated, TranslatedPage.objects.count())


@pytest.mark.parametrize(
    "path",
    [
        "/plans/one/cite.bib",
        "/plans/edition.json",
        "/plans/errata.atom",
        "/plans/opensearch.xml",
        "/robots.txt",
    ],
)
def test_files_are_equal_in_every_language(
    client: Client, volume: Volume, path: str, settings: Settings, tmp_path: str
) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    first = client.get(path)
    french = client.get(path, headers={"accept-language": "fr"})

    assert (french.status_code, french.content) == (200, first.content)
    assert "Accept-Language" not in french.get("Vary", "")
