"""The collation of two witnesses of one text: words, their alignment, and the rule that says what may be changed."""
