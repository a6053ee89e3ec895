"""What a text says by itself is found once in a process, and kept: each publication asks it of all texts again."""

# The texts whose findings are kept, of each kind. A book of 600 pages has some 2,000 paragraphs, and its notes.
TEXTS = 8192
