"""Says what a long work is doing, step by step, to whoever waits for it."""

from collections.abc import Callable

# Takes a step in words. It may raise Ended, if nobody wants the work any more.
Tell = Callable[[str], object]


class Ended(Exception):
    """The work is to end: nobody wants it any more, or it has taken as long as it may. No fault of what it read."""


def say_nothing(step: str) -> None:
    """Tell nobody."""
