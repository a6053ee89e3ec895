from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def static_root(settings: Settings, tmp_path: Path) -> None:
    """A folder for whitenoise, which warns if `collectstatic` has not made one."""
    settings.STATIC_ROOT = str(tmp_path)
