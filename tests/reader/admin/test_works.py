"""The screens of cited works: an editor reads their names, not their keys."""

import pytest
from django.test import Client

from reader.models import CitedWork, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_account, make_division, make_note, make_paragraph, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="mills")
    chapter = make_division(volume, slug="one")
    make_paragraph(chapter, "The mills[^1] were few[^2].")
    make_note(chapter, 1, "A. Orlov, *The Price of Peat*, Riga 1931, p. 4.")
    make_note(chapter, 2, "B. Tamm, *Oil and Wicks*, Tartu 1930, p. 9.")
    publish_volume(volume)
    return volume


@pytest.fixture
def editor(db: None) -> Client:
    client = Client()
    client.force_login(make_account("editor"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_list_names_works_as_the_text_or_an_editor_does(editor: Client, volume: Volume) -> None:
    CitedWork.objects.filter(key="tamm|oil-and-wicks").update(title="Oil", into="orlov|the-price-of-peat")

    page = editor.get("/admin/reader/citedwork/").content.decode()

    assert "A. Orlov, The Price of Peat</a>" in page
    assert "B. Tamm, Oil</a>" in page
    assert '<td class="field-joined">The Price of Peat</td>' in page
    assert "orlov|" not in page


def test_a_work_is_found_by_its_title_and_joined_by_name(editor: Client, volume: Volume) -> None:
    found = editor.get("/admin/reader/citedwork/?q=Wicks").content.decode()
    work = CitedWork.objects.get(key="orlov|the-price-of-peat")
    form = editor.get(f"/admin/reader/citedwork/{work.pk}/change/").content.decode()

    assert "Oil and Wicks" in found
    assert "The Price of Peat" not in found
    assert '<option value="tamm|oil-and-wicks">B. Tamm, Oil and Wicks</option>' in form


def test_a_form_that_was_open_meanwhile_changes_only_what_was_typed(editor: Client, volume: Volume) -> None:
    work = CitedWork.objects.get(key="orlov|the-price-of-peat")
    url = f"/admin/reader/citedwork/{work.pk}/change/"
    form = editor.get(url).context["adminform"].form
    opened = {field.html_initial_name: field.initial for field in form if field.initial is not None}
    opened |= {field.html_name: field.initial for field in form if field.initial not in (None, False)}
    CitedWork.objects.filter(pk=work.pk).update(title="Peat and Its Price")

    assert editor.post(url, {**opened, "year": "1932"}).status_code == 302

    work.refresh_from_db()
    assert (work.title, work.year) == ("Peat and Its Price", "1932")
