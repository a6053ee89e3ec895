"""Search in a volume."""
