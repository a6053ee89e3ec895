"""Commands of `manage.py`, in a package as Django asks."""
