"""Fronts: each reads one kind of file that is no plain text, and gives its text with what its pages show.

A front is pure (bytes in, `Shown` out) and stands in a file of its own; `recognise` tells the kinds by their bytes.
"""
