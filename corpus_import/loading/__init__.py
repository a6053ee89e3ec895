"""Compares a draft or a document with the archive: makes a plan first, then writes."""
