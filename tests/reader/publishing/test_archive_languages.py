"""The languages that an archive offers: a setting, whose first is for readers who ask for none of them."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from django.core import checks
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from bettelheim_site.checks import pages_are_of_these_settings
from reader.models import PublishedPage, TranslatedPage, Volume
from reader.publishing.made_with import is_stale, made_with
from reader.publishing.publish import publish_home, publish_volume
from tests.factories import make_division, make_note, make_paragraph, make_volume
from tests.processes import CHECKOUT, environment

pytestmark = pytest.mark.django_db

PAGE = "/plans/one/"
Offer = Callable[..., None]


@pytest.fixture
def offer(settings: Settings) -> Iterator[Offer]:
    """Let the archive offer these languages, as a process would that begins with them."""

    def offer(*languages: str) -> None:
        settings.ARCHIVE_LANGUAGES = languages
        made_with.cache_clear()

    yield offer
    made_with.cache_clear()


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one")
    make_paragraph(chapter, "The NEP[^1] came.")
    make_note(chapter, 1)
    return volume


def language_of(client: Client, path: str = PAGE, **headers: str) -> str:
    found = re.search(r'<html lang="(\w+)"', client.get(path, headers=headers).text)
    return found[1] if found else ""


def published_languages() -> set[str]:
    return {
        *re.findall(r'<html lang="(\w+)"', bytes(PublishedPage.objects.get(path="plans/one/").html).decode())
    } | {*TranslatedPage.objects.values_list("language", flat=True)}


@pytest.mark.parametrize(
    ("offered", "accepted", "language"),
    [
        (("fr", "en"), "", "fr"),
        (("fr", "en"), "de", "fr"),
        (("fr", "en"), "en-GB,fr;q=0.5", "en"),
        (("en", "fr"), "de", "en"),
        (("en", "fr"), "de,fr;q=0", "en"),
        (("en",), "fr", "en"),
        (("fr",), "en", "fr"),
        (("fr",), "*", "fr"),
    ],
)
def test_who_asks_for_no_language_of_the_archive_gets_its_first(
    client: Client, offer: Offer, volume: Volume, offered: tuple[str, ...], accepted: str, language: str
) -> None:
    offer(*offered)
    publish_volume(volume)

    for path in (PAGE, "/", "/plans/paragraph/1/", "/plans/search/", "/nothing/"):
        assert language_of(client, path, **{"accept-language": accepted}) == language, path


def test_a_setting_for_a_language_that_is_left_out_no_longer_counts(
    client: Client, offer: Offer, volume: Volume
) -> None:
    client.get("/language/fr/")
    offer("en")
    publish_volume(volume)

    assert language_of(client) == "en"
    assert client.get("/language/fr/").status_code == 404


@pytest.mark.parametrize("offered", [("en",), ("fr",)])
def test_an_archive_of_one_language_asks_nobody_to_choose(
    client: Client, offer: Offer, volume: Volume, offered: tuple[str, ...]
) -> None:
    offer(*offered)
    publish_volume(volume)

    for path in (PAGE, "/plans/search/"):
        page = client.get(path)
        assert "/language/" not in page.text
        assert not {"Accept-Language", "Cookie"} & set(page.get("Vary", "").split(", "))


def test_the_languages_to_choose_from_stand_in_their_order(
    client: Client, offer: Offer, volume: Volume
) -> None:
    offer("fr", "en")
    publish_volume(volume)

    assert re.findall(r'"/language/(\w+)/" lang', client.get(PAGE).text)[:2] == ["fr", "en"]


@pytest.mark.parametrize("offered", [("en",), ("fr",), ("en", "fr"), ("fr", "en")])
def test_pages_are_published_in_the_languages_of_the_archive_alone(
    offer: Offer, volume: Volume, offered: tuple[str, ...]
) -> None:
    offer(*offered)
    publish_volume(volume)

    assert published_languages() == set(offered)
    assert TranslatedPage.objects.count() == PublishedPage.objects.count() * (len(offered) - 1)


@pytest.mark.parametrize("now", [("en",), ("fr",), ("fr", "en")])
def test_a_change_of_the_languages_publishes_what_is_stale(
    client: Client, offer: Offer, volume: Volume, now: tuple[str, ...]
) -> None:
    publish_volume(volume)
    offer(*now)
    stale = is_stale(volume)
    call_command("publish_volumes", if_stale=True, stdout=StringIO())

    assert stale
    assert not is_stale(volume)
    for path in (PAGE, "/"):
        for language in now:
            assert language_of(client, path, **{"accept-language": language}) == language
    assert published_languages() == set(now)
    assert not TranslatedPage.objects.exclude(language__in=now[1:]).exists()


def test_the_first_page_of_one_volume_is_in_the_languages_of_the_archive(
    client: Client, offer: Offer, volume: Volume
) -> None:
    publish_volume(volume)
    offer("en")
    publish_home()

    assert not TranslatedPage.objects.filter(page__path="").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("now", "is_said"), [("en,fr", False), ("fr,en", True), ("fr", True)])
def test_a_server_that_begins_with_other_languages_says_so(volume: Volume, now: str, is_said: bool) -> None:
    publish_volume(volume)
    done = subprocess.run(
        [sys.executable, "-m", "bettelheim_site.refusals"],
        cwd=CHECKOUT,
        env=environment(ARCHIVE_LANGUAGES=now),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, "publish_volumes --if-stale" in done.stderr) == (0, is_said)


@pytest.mark.parametrize(
    "path", ["/plans/cite.bib", "/plans/edition.json", "/plans/errata.atom", "/plans/download.xml"]
)
def test_data_are_alike_whatever_the_languages_of_the_archive(
    client: Client, offer: Offer, volume: Volume, path: str
) -> None:
    publish_volume(volume)
    english = client.get(path).content
    offer("fr")

    assert client.get(path).content == english


def checked() -> list[str]:
    return [f"{said.id}: {said.hint}" for said in checks.run_checks(databases=["default"])]


def test_a_check_says_that_pages_are_of_other_languages_and_what_to_do(
    offer: Offer, volume: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    said = "archive.W002: Run manage.py publish_volumes --if-stale."
    publish_volume(volume)
    before = checked()
    offer("fr", "en")
    with django_assert_num_queries(1):
        changed = pages_are_of_these_settings(None, databases=["default"])
    call_command("publish_volumes", if_stale=True, stdout=StringIO())

    assert said not in before + checked()
    assert [f"{each.id}: {each.hint}" for each in changed] == [said]
