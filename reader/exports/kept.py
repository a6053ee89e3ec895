"""Files that were made for readers, kept in the memory of this process until they are pushed out by others.

A file is made at its first call for a revision, one at a time: a crawler that asks for all of them costs no more than
one core and `LIMIT` bytes. The public side may not write, so that nothing is kept in the database.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

# Bytes of all kept files together.
LIMIT = 64_000_000
_making = Lock()
_kept: OrderedDict[Hashable, bytes] = OrderedDict()


def kept(key: Hashable, make: Callable[[], bytes]) -> bytes:
    """The file with this key, made if it is not kept; the ones that were asked for the longest ago make room."""
    found = _kept.get(key)
    if found is not None:
        return found
    with _making:
        if key not in _kept:
            _kept[key] = make()
        found = _kept[key]
        _kept.move_to_end(key)
        while len(_kept) > 1 and sum(map(len, _kept.values())) > LIMIT:
            _kept.popitem(last=False)
    return found


def forget() -> None:
    """Keep no file."""
    with _making:
        _kept.clear()
