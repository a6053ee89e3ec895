"""Strings in, strings out: what text, markup and readings are. No Django, no database."""
