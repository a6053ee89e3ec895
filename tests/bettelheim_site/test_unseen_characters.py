"""Characters that nobody sees are taken out of all that is typed in the admin, and the person is told."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from glossary.models import Term
from reader.models import Corrector, Paragraph, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_paragraph, make_term, make_volume
from tests.reader.admin.test_terms import posted

pytestmark = pytest.mark.django_db

TOLD = "Characters that nobody sees were taken out of what was typed"


@pytest.fixture
def volume(settings: Settings, tmp_path: Path) -> Volume:
    settings.STATIC_ROOT = str(tmp_path)  # whitenoise warns where there is no folder
    volume = make_volume(slug="plans", title="Plans")
    make_paragraph(make_division(volume), "The office bought rye.")
    make_term(volume.glossary)
    publish_volume(volume)
    return volume


def post(client: Client, url: str, values: dict[str, Any]) -> str:
    """What the page that follows says."""
    return client.post(url, values, follow=True).content.decode()


def fields_of(client: Client, url: str) -> dict[str, Any]:
    """The fields of a form without rows below it, as they are shown."""
    form = client.get(url).context["adminform"].form
    return {name: form[name].value() for name in form.fields if form[name].value() is not None}


def test_in_a_text(admin_client: Client, volume: Volume) -> None:
    text = volume.paragraphs.get()
    url = reverse("admin:reader_paragraph_change", args=[text.pk])
    typed = "The \u202eoffice bo\u200bught oa\u200bts."

    said = post(admin_client, url, {"typed": typed, "seen": text.text, "reason": "the scan", "_save": ""})

    assert Paragraph.objects.get().text == "The office bought oats."
    assert TOLD in said
    assert "U+202E right-to-left override (1), U+200B zero width space (2)" in said


def test_in_a_text_that_came_with_such_a_character(admin_client: Client, volume: Volume) -> None:
    Paragraph.objects.update(
        text="The of\u00adfice bought rye.", imported_text="The of\u00adfice bought rye."
    )
    text = Paragraph.objects.get()
    url = reverse("admin:reader_paragraph_change", args=[text.pk])

    said = post(admin_client, url, {"typed": text.text, "seen": text.text, "reason": "the scan", "_save": ""})

    assert Paragraph.objects.get().text == "The office bought rye."
    assert "U+00AD soft hyphen (1)" in said


def test_in_a_term(admin_client: Client, volume: Volume) -> None:
    term = Term.objects.get()
    url = reverse("admin:glossary_term_change", args=[term.pk])
    values = posted(term, definition="New\u200b Economic Policy")

    said = post(admin_client, url, values)

    assert Term.objects.get().definition == "New Economic Policy"
    assert TOLD in said


def test_in_the_description_of_a_volume(admin_client: Client, volume: Volume) -> None:
    url = reverse("admin:reader_volume_change", args=[volume.pk])
    values = {**fields_of(admin_client, url), "title": "The\u2060 Plans"}

    said = post(admin_client, url, values)

    assert Volume.objects.get().title == "The Plans"
    assert TOLD in said


def test_in_a_name(admin_client: Client, volume: Volume) -> None:
    said = post(admin_client, reverse("admin:reader_corrector_name"), {"name": "A.\u200b Reader"})

    assert Corrector.objects.get().name == "A. Reader"
    assert TOLD in said


def test_a_password_stays_as_it_is(admin_client: Client, volume: Volume) -> None:
    password = "long\u200b and known to one"
    values = {"username": "ada", "password1": password, "password2": password, "usable_password": "true"}

    post(admin_client, reverse("admin:auth_user_add"), values)

    assert User.objects.get(username="ada").check_password(password)


def test_while_one_types_nothing_is_told(admin_client: Client, volume: Volume) -> None:
    text = volume.paragraphs.get()
    shown = reverse("admin:reader_paragraph_shown", args=[text.pk])

    admin_client.post(shown, {"typed": "The\u200b office"})

    assert TOLD not in admin_client.get(reverse("admin:index")).content.decode()
