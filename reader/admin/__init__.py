"""The screens of the correctors, one file a screen. Each of these imports registers its screens."""

from reader.admin import candidates as candidates
from reader.admin import conflicts as conflicts
from reader.admin import correctors as correctors
from reader.admin import found as found
from reader.admin import queue as queue
from reader.admin import replacements as replacements
from reader.admin import settlements as settlements
from reader.admin import terms as terms
from reader.admin import texts as texts
from reader.admin import volumes as volumes
