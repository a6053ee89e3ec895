"""The edition in the formats in which it leaves the archive."""
