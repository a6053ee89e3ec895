"""Says what a long work is doing, step by step, to whoever waits for it."""

from collections.abc import Callable

# Takes a step in words. It may raise, if nobody wants the work any more.
Tell = Callable[[str], object]


def say_nothing(step: str) -> None:
    """Tell nobody."""
