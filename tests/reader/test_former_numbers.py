"""The number of a paragraph that is gone leads readers on."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from corpus_import.loading.write import load_edition
from reader.correction.structure.joining import join
from reader.correction.structure.supplying import take_out
from reader.models import Paragraph
from tests.corpus_import.parsing.case_files import parse_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root")]

FIRST = "The mill was built by the river in the spring of the first year."
SECOND = "Nobody could say who had paid for two of its wheels, and nobody asked."
THIRD = "In the yard stood carts that were never used again by anybody."


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


def address(number: int) -> str:
    return reverse("paragraph", args=["case", number])


def import_book(*paragraphs: str) -> Any:
    text = "   1. The mill\n\n" + "".join(f"    {text}\n\n" for text in paragraphs)
    return load_edition(parse_text(text)).volume


def test_the_address_of_a_joined_paragraph_leads_to_the_one_that_has_its_words(
    vera: User, client: Client
) -> None:
    volume = import_book(FIRST, SECOND, THIRD)
    join(Paragraph.objects.get(number=2), by=vera, reason="seen in print")

    response = client.get(address(2))

    assert (response.status_code, response["Location"]) == (302, address(1))


def test_the_address_of_a_paragraph_that_was_taken_out_names_the_one_beside_it(
    vera: User, client: Client
) -> None:
    volume = import_book(FIRST, SECOND, THIRD)
    take_out(Paragraph.objects.get(number=3), by=vera, reason="a running head")

    response = client.get(address(3))

    assert response.status_code == 404
    assert address(2) in response.content.decode()


def test_the_apparatus_lists_a_change_of_structure(vera: User, client: Client) -> None:
    volume = import_book(FIRST, SECOND, THIRD)
    join(Paragraph.objects.get(number=2), by=vera, reason="seen in print")

    page = client.get(f"/{volume.slug}/chapter-1/apparatus/").content.decode()

    assert "Paragraph 2 was joined with paragraph 1" in page
    assert "by an editor" in page


def test_the_number_of_a_paragraph_that_an_import_joined_leads_on(client: Client) -> None:
    volume = import_book(FIRST, SECOND, THIRD)
    import_book(f"{FIRST} {SECOND}", THIRD)

    response = client.get(address(2))

    assert response["Location"] == address(1)


def test_the_number_of_a_paragraph_that_an_import_lacks_names_the_one_before(client: Client) -> None:
    volume = import_book(FIRST, SECOND, THIRD)
    import_book(FIRST, THIRD)

    response = client.get(address(2))

    assert response.status_code == 404
    assert address(1) in response.content.decode()
