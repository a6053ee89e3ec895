"""A reader's report of a fault: a link that begins a letter."""

import html
import re
import runpy
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

import bettelheim_site.settings
from reader.models import Paragraph, Volume
from reader.pages.reporting import report_link
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_page_break, make_paragraph, make_volume
from tests.made_once import made_once

ADDRESS = "editors+faults@archive.example"
HOSTILE = "Plans\r\nBcc: all@example.org, &body=x?to=y \"<b>\u202e'%0d%0a"


@pytest.fixture
@made_once
def volume(db: None) -> Volume:
    volume = make_volume(slug="plans", title=HOSTILE)
    chapter = make_division(volume, slug="one", page="41")
    make_paragraph(chapter, "Of *steel* & {p. 42}iron, 100%.")
    make_page_break(volume, "41", division=chapter)
    make_page_break(volume, "42")
    publish_volume(volume)
    return volume


def link_of(client: Client) -> str:
    page = client.get("/plans/paragraph/1/").content.decode()
    found = re.findall(r'<a href="(mailto:[^"]*)">Report a fault in this paragraph</a>', page)
    return html.unescape(found[0]) if found else ""


def test_a_report_begins_with_the_place_and_its_words(
    client: Client, volume: Volume, settings: Settings
) -> None:
    settings.REPORT_ADDRESS = ADDRESS

    link = urlsplit(link_of(client))
    fields = parse_qs(link.query, strict_parsing=True)

    assert (link.scheme, unquote(link.path)) == ("mailto", ADDRESS)
    assert fields["subject"][0].endswith(", paragraph 1, pp. 41–42, revision 1")
    assert fields["body"][0].startswith(
        "http://testserver/plans/paragraph/1/\r\n\r\n“Of steel & iron, 100%.”\r\n\r\nWhat is wrong"
    )


def test_without_an_address_there_is_no_link(client: Client, volume: Volume) -> None:
    assert link_of(client) == ""
    assert "Report a fault" not in client.get("/plans/paragraph/1/").content.decode()


def test_a_title_adds_nothing_to_the_letter(client: Client, volume: Volume, settings: Settings) -> None:
    settings.REPORT_ADDRESS = ADDRESS

    fields = parse_qs(urlsplit(link_of(client)).query, strict_parsing=True)

    assert set(fields) == {"subject", "body"}
    assert fields["subject"][0].startswith(
        "Plans Bcc: all@example.org, &body=x?to=y \"<b> '%0d%0a, paragraph 1"
    )


def test_a_page_with_another_address_is_another_page(
    client: Client, volume: Volume, settings: Settings
) -> None:
    etag = client.get("/plans/paragraph/1/")["ETag"]

    settings.REPORT_ADDRESS = ADDRESS

    assert client.get("/plans/paragraph/1/", headers={"if-none-match": etag}).status_code == 200


@given(st.text(), st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 10**6))
def test_every_link_is_of_the_characters_that_rfc_6068_allows_and_not_too_long(
    title: str, text: str, number: int
) -> None:
    link = report_link(
        ADDRESS,
        Paragraph(number=number, text=text),
        title=title,
        revision=3,
        pages=("xiv", "xiv"),
        url="https://archive.example/plans/paragraph/7/",
    )

    assert re.fullmatch(r"mailto:[\w.%@-]+\?subject=[\w.~%-]+&body=[\w.~%-]+", link, re.ASCII)
    assert "%0D" not in link.partition("&body")[0]
    assert "%0A" not in link.partition("&body")[0]
    assert "\N{REPLACEMENT CHARACTER}" in title + text or "%EF%BF%BD" not in link
    assert len(link) < 4_000


@pytest.mark.parametrize(
    "address",
    [
        *("editors", "a@b.example,c@d.example", "a@b.example?cc=c@d.example", "Editors <a@b.example>"),
        *("a@b.example\nBcc: c@d.example", "mailto:a@b.example", "a b@c.example", "a@b", "ä@b.example"),
    ],
)
def test_what_is_not_one_plain_address_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("REPORT_ADDRESS", address)

    with pytest.raises(ImproperlyConfigured, match="REPORT_ADDRESS must be a single mail address"):
        runpy.run_path(bettelheim_site.settings.__file__)
