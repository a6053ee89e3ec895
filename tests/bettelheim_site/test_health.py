"""What programs that watch the archive are told."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db(transaction=True)
PATHS = ("/healthz", "/readyz")


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: str) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    settings.SECURE_SSL_REDIRECT = True


@pytest.fixture
def away() -> Iterator[None]:
    """No server at the database's address."""
    before = {name: connection.settings_dict[name] for name in ("HOST", "PORT")}
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT="1")
    yield
    connection.close()
    connection.settings_dict.update(before)


def ask() -> list[int]:
    """The statuses, as who watches asks: without TLS, by the machine's address."""
    client = Client(headers={"host": "10.0.0.7"})
    return [client.get(path).status_code for path in PATHS]


def test_who_watches_is_answered_without_tls_and_by_any_name() -> None:
    assert ask() == [200, 200]


def test_a_process_without_its_database_is_well_but_not_ready(away: None) -> None:
    assert ask() == [200, 503]


def test_a_database_without_tables_is_not_ready() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reader_volume RENAME TO elsewhere")
        try:
            assert ask() == [200, 503]
        finally:
            cursor.execute("ALTER TABLE elsewhere RENAME TO reader_volume")


def test_no_answer_to_who_watches_is_kept() -> None:
    assert {Client().get(path)["Cache-Control"] for path in PATHS} == {"no-store"}
