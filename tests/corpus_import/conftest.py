from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytest_django import Settings


@pytest.fixture
def static_root(settings: Settings, tmp_path: Path) -> None:
    """A folder for whitenoise, which warns if `collectstatic` has not made one."""
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture
def other_connection(transactional_db: None) -> Iterator["psycopg.Connection[Any]"]:
    """A connection to the tests' database with locks of its own."""
    from tests.processes import connect, kill_all  # which read Django's settings

    with connect() as held:
        yield held
    kill_all()
