"""Text, markup and readings: strings in, strings out. No Django, no database."""
