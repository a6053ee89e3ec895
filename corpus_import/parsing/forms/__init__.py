"""Forms in which other hands set headings, keys, bibliographies: found from the volume, or declared in the manifest."""
