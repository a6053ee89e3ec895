"""The database of the tests: DATABASE_URL's, or an embedded PostgreSQL that runs as long as the tests.

The settings are read here, after the address is known; so neither ``--ds`` nor pyproject.toml may name the settings,
because pytest-django would then read them earlier.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import django
import pytest
from django.conf import settings
from hypothesis import settings as hypothesis
from pytest_django import DjangoDbBlocker

from bettelheim_site import database

CHECKOUT = Path(__file__).resolve().parent.parent
_session = ExitStack()


# Without deadlines: a busy machine is not a failure.
hypothesis.register_profile("small", max_examples=25, deadline=None)
hypothesis.register_profile("full", max_examples=100, deadline=None)
hypothesis.load_profile("full" if os.environ.get("CI") else "small")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("version", 0) or config.getoption("help", False):
        return
    os.environ["DJANGO_SETTINGS_MODULE"] = "bettelheim_site.settings"
    os.environ["SECRET_KEY"] = "known to everybody, for tests"
    os.environ["DEBUG"] = "1"  # static files without a manifest; pytest-django turns DEBUG itself off again
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's synchronous API runs a loop beside the ORM
    if database.is_embedded():
        home = CHECKOUT / "var" / "test-postgres"
        try:
            _session.enter_context(database.running(home, durable=False))
        except database.DatabaseUnavailable as error:
            raise pytest.UsageError(str(error)) from error
        # Another run of this checkout may share the server, so the name of the database has the number of this process.
        os.environ["DATABASE_URL"] = database.url_of(home).replace("/archive?", f"/archive_{os.getpid()}?")
    django.setup()
    # A quick hasher: many tests make accounts, and nobody guesses their passwords.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure() -> None:
    _session.close()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Make the database of this process: pytest-django makes one only for tests with its own fixtures."""
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)
