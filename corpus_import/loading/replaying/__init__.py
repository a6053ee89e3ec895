"""Makes changes of structure again in the draft of an import. Pure: what becomes of a deed is planned elsewhere.

`structure.py` has the divisions, paragraphs and notes of the draft; the other modules have a function for each kind of
deed, which finds the texts by their anchors (`finding.py`). `planning/deeds.py` calls them.
"""
