"""How many examples Hypothesis tries: a quarter at a desk, all of them in CI (the profiles are in conftest.py)."""

from typing import Any

from hypothesis import settings


def examples(number: int, **values: Any) -> settings:
    """Settings for a test that needs another number of examples than a hundred in CI."""
    assert settings.default
    return settings(max_examples=max(2, number * settings.default.max_examples // 100), **values)
