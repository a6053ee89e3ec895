"""The correctors' work: every text that a person writes comes into the archive here."""
