"""The screens of the correctors, one file a screen. Each of these imports registers its screens."""

from reader.admin import candidates as candidates
from reader.admin import conflicts as conflicts
from reader.admin import correctors as correctors
from reader.admin import cross_references as cross_references
from reader.admin import diagnostics as diagnostics
from reader.admin import divisions as divisions
from reader.admin import emendations as emendations
from reader.admin import gaps as gaps
from reader.admin import good_readings as good_readings
from reader.admin import italics as italics
from reader.admin import notes as notes
from reader.admin import page_breaks as page_breaks
from reader.admin import paragraphs as paragraphs
from reader.admin import persons as persons
from reader.admin import queue as queue
from reader.admin import replacements as replacements
from reader.admin import settlements as settlements
from reader.admin import structure as structure
from reader.admin import terms as terms
from reader.admin import variants as variants
from reader.admin import volumes as volumes
from reader.admin import witnesses as witnesses
from reader.admin import works as works
