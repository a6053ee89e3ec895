"""Turns bytes into a draft of the edition. Pure: no Django, no database."""
