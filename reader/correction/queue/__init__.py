"""The questions that wait for a person: six kinds, each in a file of its own."""
