"""Bytes to a draft of the edition. Pure: no Django, no database."""
