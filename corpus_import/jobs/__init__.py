"""Imports that persons start in the admin: each runs in a process of its own, outside of every request."""
