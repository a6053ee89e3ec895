"""The reader: the edition, its pages and its corrections."""
