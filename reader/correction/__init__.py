"""What persons do to the archive: each deed takes who does it and why, and publishes what it changes."""
