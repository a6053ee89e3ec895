"""The questions that wait for a person: five kinds, each in a file of its own."""
