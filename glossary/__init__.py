"""The glossary: terms, their forms, and their places in a text."""
