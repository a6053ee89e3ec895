"""What waits for a person: a list for each of five kinds of questions, each kind in a file of its own."""
