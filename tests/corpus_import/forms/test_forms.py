"""Each version of the book is read whole, or refused with the reason; the versions that are not yet are named here."""

import pytest

from tests.corpus_import.forms.note_versions import NOTE_VERSIONS
from tests.corpus_import.forms.reading import read_version
from tests.corpus_import.forms.versions import VERSIONS

# Known faults: read with something lost or misfiled. A version that is mended leaves this list.
NOT_YET: frozenset[str] = frozenset()


ALL = {**VERSIONS, **NOTE_VERSIONS}


@pytest.mark.parametrize("name", ALL)
def test_a_version_of_the_book_is_read_whole_or_refused_by_name(name: str) -> None:
    reading = read_version(ALL[name])

    assert reading.is_sound == (name not in NOT_YET), reading.lacks
