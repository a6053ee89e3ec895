"""Changes of structure by persons: done at once, kept as deeds, made again by each import, and taken back.

A module for each pair of deeds: the paragraph joined and split, taken out and supplied, and so on. `deeds` records and
takes back; `rows` has the steps that they share. `corpus_import/loading/replaying/` makes the same changes in an
import: after a deed, an import of the same witnesses changes no text.
"""
