"""Forms in which other hands write what every book has: pure descriptions, found in the text or declared."""
