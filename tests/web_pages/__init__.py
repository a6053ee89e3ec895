"""Editions set as web pages by many hands, each with the truth about it: `page.py` sets, `hands.py` chooses how."""
