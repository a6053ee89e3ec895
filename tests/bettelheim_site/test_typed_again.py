"""What was typed survives the end of a login, and a login in another tab: nothing is saved, nothing is lost."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from glossary.models import Term
from reader.models import Paragraph, Suspect
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_division,
    make_paragraph,
    make_suspect,
    make_term,
    make_volume,
    make_witness,
)

pytestmark = pytest.mark.django_db

PASSWORD = "a long pass phrase"
HERE = {"Origin": "http://testserver"}
TYPED = "Of “steel”,\r\nand < rye."


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: Path) -> None:
    """A folder for whitenoise, which warns if the folder is missing."""
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture
def boss() -> User:
    return User.objects.create_superuser("boss", password=PASSWORD)


@pytest.fixture
def paragraph() -> Paragraph:
    volume = make_volume(slug="plans")
    paragraph = make_paragraph(make_division(volume), "Of steel.")
    make_suspect(make_witness(volume, b"Of steel.\n"), paragraph=paragraph, reading="steel")
    make_term(volume.glossary, "Gosplan")
    publish_volume(volume)
    return paragraph


def url_of(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def correction(paragraph: Paragraph, **values: Any) -> dict[str, Any]:
    return {"typed": TYPED, "seen": paragraph.text, "reason": "the scan", "_save": "", **values}


def log_in_with(client: Client, page: Any) -> Any:
    """Send the login's form with what its page carries."""
    carried = page.context["typed"].as_json
    return client.post(
        "/admin/login/", {"username": "boss", "password": PASSWORD, "next": "/admin/", "typed_again": carried}
    )


def test_a_correction_comes_back_on_its_own_screen_after_the_login(
    client: Client, boss: User, paragraph: Paragraph
) -> None:
    ended = client.post(url_of(paragraph), correction(paragraph))
    back = log_in_with(client, ended)
    page = client.get(back["Location"])

    assert ended.status_code == 403
    assert "nothing was saved" in ended.content.decode()
    assert back["Location"] == url_of(paragraph)
    assert page.context["typed"] == TYPED.replace("\r\n", "\n")
    assert (page.context["seen"], page.context["reason"]) == ("Of steel.", "the scan")
    assert "what you sent was <b>not saved</b>" in page.content.decode()
    paragraph.refresh_from_db()
    assert paragraph.text == "Of steel."

    client.post(url_of(paragraph), correction(paragraph))
    paragraph.refresh_from_db()
    assert paragraph.text == TYPED.replace("\r\n", "\n")
    assert "<b>not saved</b>" not in client.get(url_of(paragraph)).content.decode()


def test_what_comes_back_is_shown_again_until_it_is_sent_or_thrown_away(
    client: Client, boss: User, paragraph: Paragraph
) -> None:
    sent = correction(paragraph, draft="draft /here 1")
    log_in_with(client, client.post(url_of(paragraph), sent))

    shown = [client.get(url_of(paragraph)).context["typed"] for _ in range(2)]
    client.post(url_of(paragraph), {"_throw_away": ""})
    after = client.get(url_of(paragraph))

    assert shown == [TYPED.replace("\r\n", "\n")] * 2
    assert (after.context["typed"], after.context["saved_draft"]) == ("Of steel.", "draft /here 1")
    assert "<b>not saved</b>" not in after.content.decode()


@pytest.mark.parametrize("button", ["_level", "_dismiss", "_accept", "_put_right", "_merge"])
def test_no_button_is_pressed_by_the_login(
    client: Client, boss: User, paragraph: Paragraph, button: str
) -> None:
    suspect = Suspect.objects.get()
    pressed = {button: "proofread" if button == "_level" else suspect.pk}

    log_in_with(client, client.post(url_of(paragraph), {**correction(paragraph), **pressed}))
    client.get(url_of(paragraph))

    paragraph.refresh_from_db()
    suspect.refresh_from_db()
    assert (paragraph.text, paragraph.level, suspect.state) == ("Of steel.", "not-proofread", "open")


def test_a_form_of_django_s_comes_back_with_all_that_was_typed_and_saves_nothing(
    client: Client, boss: User, paragraph: Paragraph
) -> None:
    term = Term.objects.get()
    client.force_login(boss)
    form = client.get(url_of(term)).context["adminform"].form
    client.logout()
    sent = {
        name: field.value() or "" for name, field in ((each.name, each) for each in form) if name != "see"
    }
    sent |= {"definition": "Half a meaning", "source": "key", "forms-TOTAL_FORMS": "1"}
    sent |= {"forms-INITIAL_FORMS": "0", "forms-0-text": "Gosplany", "forms-0-case": "exact"}
    for inline in ("senses", "exceptions"):
        sent |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}
    before = Term.objects.values().get()

    back = log_in_with(client, client.post(url_of(term), sent))
    page = client.get(back["Location"])

    assert page.status_code == 200
    assert page.context["adminform"].form["definition"].value() == "Half a meaning"
    assert 'value="Gosplany"' in page.content.decode()
    assert "what you sent was <b>not saved</b>" in page.content.decode()
    assert Term.objects.values().get() == before
    assert not term.forms.filter(text="Gosplany").exists()


def test_what_another_screen_was_sent_is_listed_and_can_be_sent_again(
    client: Client, boss: User, paragraph: Paragraph
) -> None:
    address = f"{reverse('admin:reader_queue')}?kind=suspect"
    suspect = Suspect.objects.get()

    back = log_in_with(client, client.post(address, {"settle": suspect.pk, "reason": "<b>sound</b>"}))
    page = client.get(back["Location"]).content.decode()

    suspect.refresh_from_db()
    assert (back["Location"], suspect.state) == (address, "open")
    assert "&lt;b&gt;sound&lt;/b&gt;" in page
    assert f'<input type="hidden" name="settle" value="{suspect.pk}">' in page
    client.post(address, {"settle": suspect.pk})
    suspect.refresh_from_db()
    assert suspect.state == "dismissed"
    assert "<b>not saved</b>" not in client.get(address).content.decode()


def test_files_are_asked_for_again(client: Client, boss: User, paragraph: Paragraph, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One")
    address = reverse("admin:corpus_import_upload_add")
    with (tmp_path / "a.txt").open("rb") as file:
        ended = client.post(address, {"sent": file})

    page = client.get(log_in_with(client, ended)["Location"]).content.decode()

    assert "Files are not kept through a login" in page
    assert "Send it again" not in page


def test_a_wrong_password_keeps_what_was_typed(client: Client, boss: User, paragraph: Paragraph) -> None:
    ended = client.post(url_of(paragraph), correction(paragraph))
    carried = ended.context["typed"].as_json

    wrong = client.post("/admin/login/", {"username": "boss", "password": "no", "typed_again": carried})

    assert log_in_with(client, wrong)["Location"] == url_of(paragraph)
    assert client.get(url_of(paragraph)).context["typed"] == TYPED.replace("\r\n", "\n")


def test_what_was_typed_goes_through_the_second_factor(
    client: Client, boss: User, paragraph: Paragraph
) -> None:
    device = TOTPDevice.objects.create(user=boss, name="app", confirmed=True)

    asked = log_in_with(client, client.post(url_of(paragraph), correction(paragraph)))
    assert asked.status_code == 403
    assert "Type the code" in asked.content.decode()
    assert Session.objects.get().get_decoded().get("typed_again") is None
    carried = asked.context["typed"].as_json
    wrong = client.post("/admin/second-factor/", {"code": "12", "typed_again": carried})
    carried = wrong.context["typed"].as_json
    code = f"{totp(device.bin_key):06}"
    back = client.post("/admin/second-factor/", {"code": code, "typed_again": carried})

    assert back["Location"] == url_of(paragraph)
    assert client.get(url_of(paragraph)).context["typed"] == TYPED.replace("\r\n", "\n")


def test_a_page_without_its_code_is_led_back_through_the_code(
    client: Client, boss: User, paragraph: Paragraph
) -> None:
    TOTPDevice.objects.create(user=boss, name="app", confirmed=True)
    client.post("/admin/login/", {"username": "boss", "password": PASSWORD})

    asked = client.post(url_of(paragraph), correction(paragraph))

    assert asked.templates[0].name == "admin/second_factor.html"
    assert asked.context["typed"].fields["typed"] == [TYPED]


def test_nothing_is_stored_for_a_stranger(client: Client, paragraph: Paragraph) -> None:
    client.post(url_of(paragraph), correction(paragraph))

    assert not Session.objects.exists()


def test_no_password_is_carried(client: Client, boss: User) -> None:
    address = reverse("admin:auth_user_password_change", args=[boss.pk])

    ended = client.post(address, {"password1": "known to nobody", "usable_password": "true", "old": "x"})

    assert ended.context["typed"].fields == {"old": ["x"]}
    assert "known to nobody" not in ended.content.decode()


# A login in another tab


@pytest.fixture
def strict(boss: User) -> Client:
    """A client that checks tokens as a browser's requests are checked, with a login."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(boss)
    return client


def test_a_void_token_leads_back_to_what_was_typed(strict: Client, paragraph: Paragraph) -> None:
    back = strict.post(url_of(paragraph), correction(paragraph, csrfmiddlewaretoken="void"), headers=HERE)
    page = strict.get(back["Location"])

    assert back["Location"] == url_of(paragraph)
    assert page.context["typed"] == TYPED.replace("\r\n", "\n")
    assert Paragraph.objects.get().text == "Of steel."


def test_a_void_token_of_an_ended_login_leads_through_the_login(paragraph: Paragraph) -> None:
    ended = Client(enforce_csrf_checks=True).post(url_of(paragraph), correction(paragraph), headers=HERE)

    assert (ended.status_code, ended.templates[0].name) == (403, "admin/login.html")
    assert ended.context["typed"].fields["typed"] == [TYPED]


def test_a_login_page_whose_token_is_void_keeps_what_it_carries(strict: Client, paragraph: Paragraph) -> None:
    carried = json.dumps({"address": url_of(paragraph), "fields": {"typed": [TYPED]}, "had_files": False})

    back = strict.post("/admin/login/", {"username": "boss", "typed_again": carried}, headers=HERE)

    assert back["Location"] == url_of(paragraph)


@pytest.mark.parametrize(
    "sender",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "http://testserver.evil/"},
    ],
)
def test_what_another_site_sends_is_refused_and_not_shown(
    strict: Client, paragraph: Paragraph, sender: dict[str, str]
) -> None:
    refused = strict.post(url_of(paragraph), correction(paragraph), headers=sender)

    assert refused.status_code == 403
    assert "typed" not in (refused.context or {})
    assert strict.get(url_of(paragraph)).context["typed"] == "Of steel."


@pytest.mark.parametrize(
    "carried",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"address": "/admin/"}',
        '{"address": "//evil.example/admin/", "fields": {}, "had_files": false}',
        '{"address": "https://evil.example/admin/", "fields": {}, "had_files": false}',
        '{"address": "/plans/", "fields": {}, "had_files": false}',
        '{"address": "/admin/", "fields": {"a": 1}, "had_files": false}',
        '{"address": "/admin/", "fields": [], "had_files": false}',
    ],
)
def test_a_login_that_carries_nonsense_is_a_login(client: Client, boss: User, carried: str) -> None:
    answer = client.post(
        "/admin/login/",
        {"username": "boss", "password": PASSWORD, "next": "/admin/reader/note/", "typed_again": carried},
    )

    assert answer["Location"] == "/admin/reader/note/"


def test_no_more_than_ten_pages_are_kept(client: Client, boss: User, paragraph: Paragraph) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(boss)
    for n in range(12):
        strict.post(f"/admin/reader/paragraph/{n}/change/", {"typed": "x"}, headers=HERE)

    kept = Session.objects.get(pk=strict.session.session_key).get_decoded()["typed_again"]

    assert list(kept) == [f"/admin/reader/paragraph/{n}/change/" for n in range(2, 12)]


def test_the_preview_of_an_ended_login_carries_nothing(client: Client, paragraph: Paragraph) -> None:
    answer = client.post(reverse("admin:reader_paragraph_shown", args=[paragraph.pk]), {"typed": "x"})

    assert answer.status_code == 302
