"""One short book in many versions, each with one change of form."""
