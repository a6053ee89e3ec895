"""What a text says by itself is found once in a process, and kept: each publication asks it of all texts again."""

# The texts whose findings are kept, of each kind: what was asked for longest ago goes first. A book of 600 pages has
# some 2,000 paragraphs, and its notes; of a book with more texts than this, nothing is found again. All kinds together
# take up 55 MB of a process that has read so many texts of 530 characters, and more if the texts are longer.
TEXTS = 8192
