"""What depends on the language of the interface: words by their names, values kept for each language, numbers, pages.

The words of the archive's own records are English; what is shown of a fixed set of them is translated here and by the
callers, at the time when it is shown.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, Self, TypeVar, overload

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext

_Value = TypeVar("_Value")


class Words(Mapping[str, str]):
    """Words of the interface by their names; each is given in the language of the moment when it is asked for."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._words = words

    def __getitem__(self, name: str) -> str:
        return str(self._words[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def said(self, name: str) -> str:
        """The words for a name; the name itself if there are none."""
        return self.get(name, name)


class per_language(Generic[_Value]):  # a decorator, as `cached_property` is
    """A property whose value holds words of the interface: made once for each language, and kept by the object."""

    def __init__(self, make: Callable[[Any], _Value]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}_by_language"

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type | None = None) -> _Value: ...

    def __get__(self, instance: object, owner: type | None = None) -> Self | _Value:
        if instance is None:
            return self
        kept: dict[str | None, _Value] = instance.__dict__.setdefault(self._name, {})
        language = get_language()
        if language not in kept:
            kept[language] = self._make(instance)
        return kept[language]


def grouped(number: int) -> str:
    """A whole number with a mark between its thousands: `1,200` in English."""
    return number_format(number, force_grouping=True)


def in_pages(first: str, last: str = "") -> str:
    """A page of the book, or the pages from a first to a last one: `p. 18`, `pp. 18–[20]`."""
    if last in ("", first):
        return gettext("p. %(page)s") % {"page": first}
    return gettext("pp. %(first)s–%(last)s") % {"first": first, "last": last}
