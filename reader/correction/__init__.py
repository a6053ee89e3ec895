"""The deeds of persons in the archive: each takes the account and the reason, and publishes its changes."""
