"""The admin's own pages in French: the login and its refusals, the first page, the second factor."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as set_up
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils.translation import override
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from bettelheim_site.account_admin import ROLES
from tests.factories import make_division, make_paragraph, make_suspect, make_volume, make_witness

pytestmark = pytest.mark.django_db

PASSWORD = "a long pass phrase"
SECOND_FACTOR = "/admin/second-factor/"


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: Path) -> None:
    """A folder for whitenoise, which warns if the folder is missing."""
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture
def boss() -> User:
    return User.objects.create_superuser("boss", password=PASSWORD)


@pytest.fixture
def french(boss: User) -> Iterator[Client]:
    """A browser that asks for French."""
    with override("fr"):
        yield Client(headers={"accept-language": "fr"})


def log_in(client: Client, password: str = PASSWORD, **fields: str) -> Any:
    return client.post("/admin/login/", {"username": "boss", "password": password, **fields})


def html_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_login_that_has_to_wait_is_refused_in_french(french: Client) -> None:
    answers = [log_in(french, "wrong") for _ in range(5)]

    assert answers[-1].status_code == 429
    said = "Trop de tentatives de connexion ont échoué\u00a0: réessayez dans 1 minute.\n"
    assert html_of(answers[-1]) == said


def test_a_login_that_is_refused_leaves_an_english_line_in_the_log(
    french: Client, caplog: pytest.LogCaptureFixture
) -> None:
    log_in(french, "wrong")

    assert [r.getMessage() for r in caplog.records if r.name == "archive.logins"] == [
        "The account boss failed to log in, from 127.0.0.1."
    ]


def test_the_first_page_is_french(french: Client) -> None:
    volume = make_volume()
    paragraph = make_paragraph(make_division(volume), "Of steel.")
    make_suspect(make_witness(volume, b"Of steel.\n"), paragraph=paragraph, reading="steel")
    log_in(french)

    html = html_of(french.get("/admin/"))

    assert 'aria-label="Façons de travailler"' in html
    assert "1 suspect</a> et <a" in html
    assert "0 conflit</a> à trancher</p>" in html
    assert "<title>Au travail | L’archive</title>" in " ".join(html.split())
    assert "Second facteur</a>" in html


def test_the_second_factor_is_asked_for_in_french(french: Client, boss: User) -> None:
    device = TOTPDevice.objects.create(user=boss, name="app", confirmed=True)
    log_in(french)

    asked = html_of(french.get(SECOND_FACTOR))
    odd = html_of(french.post(SECOND_FACTOR, {"code": "12"}))
    french.post(SECOND_FACTOR, {"code": f"{totp(device.bin_key):06}"})
    own = html_of(french.get(SECOND_FACTOR))

    assert "Saisissez le code que votre application d’authentification affiche." in asked
    assert "Un code a six chiffres." in odd
    assert "<button>Déconnexion</button>" in asked
    assert 'value="Supprimer le second facteur"' in own


def test_a_new_device_is_set_up_in_french(french: Client, settings: Settings) -> None:
    settings.ADMIN_REQUIRES_TOTP = True
    log_in(french)

    html = html_of(french.get(SECOND_FACTOR))

    assert 'alt="Code QR du secret ci-dessous"' in html
    assert "<p>Secret\u00a0: <code>" in html


def test_what_was_typed_before_the_login_comes_back_in_french(french: Client) -> None:
    sent = french.post("/admin/reader/replacement/add/", {"reading": "mirr", "replacement": "mir"})
    carried = sent.context["typed"].as_json
    back = log_in(french, typed_again=carried, next="/admin/")
    html = html_of(french.get(back["Location"]))

    assert "Votre saisie est conservée sur cette page" in html_of(sent)
    assert "Ce que vous avez envoyé avant la connexion" in html
    assert "<b>n’a pas été enregistré</b>" in html
    assert 'value="Envoyer de nouveau"' in html
    assert "<dd>mirr</dd>" in html


def test_characters_that_nobody_sees_are_named_in_french(french: Client) -> None:
    log_in(french)

    page = french.post("/admin/auth/group/add/", {"name": "read\u200bers"}, follow=True)

    said = (
        "Des caractères que personne ne voit ont été retirés de la saisie\u00a0: U+200B zero width space (1)."
    )
    assert said in html_of(page)


def test_roles_are_chosen_in_french_and_kept_by_their_names(french: Client, boss: User) -> None:
    log_in(french)

    html = html_of(french.get(f"/admin/auth/user/{boss.pk}/change/"))

    assert {str(role) for role in ROLES.values()} == {"correcteur", "éditeur", "administrateur"}
    assert all(f">{role}</option>" in html for role in ROLES.values())
    assert ">correcteur</a>" in html_of(french.get("/admin/auth/group/"))
    assert Group.objects.filter(name__in=ROLES).count() == len(ROLES)


def test_an_account_without_a_password_is_warned_of_in_french(french: Client, boss: User) -> None:
    log_in(french)

    html = html_of(french.get(f"/admin/auth/user/{boss.pk}/password/"))

    assert '<li class="warning">Sans mot de passe, personne ne peut se connecter' in html
    assert "If disabled" not in html


def test_a_request_that_is_too_large_is_refused_in_the_reader_s_language(french: Client) -> None:
    refused = french.post("/admin/login/", CONTENT_LENGTH=str(set_up.LARGEST_BODY + 1))

    assert refused.status_code == 413
    assert html_of(refused) == f"Une requête peut avoir {set_up.LARGEST_BODY} octets au plus.\n"
