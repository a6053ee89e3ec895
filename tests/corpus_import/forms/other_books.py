"""Short books of other kinds and shapes: verse, plays, letters, lists, theses, tables, notes, front and back matter."""

from collections.abc import Callable, Sequence

from tests.corpus_import.forms.hands import Book, Hand, Piece

SENTENCES = (
    "The harbour master kept two clocks, and neither of them was trusted by the pilots.",
    "In the spring the nets were mended on the long wall behind the chapel.",
    "Nobody could say afterwards who had first proposed that the light be moved.",
    "The widow of the old keeper refused to give up the key, and she had reasons for it.",
    "Every ship that passed the bar paid a penny for the lamp and a penny for the oil.",
    "The council met on the first Monday, and on the second it forgot what had been resolved.",
    "It was a hard winter; the oil froze in its casks, and the wicks were trimmed with an axe.",
    "Two of the pilots took the matter before the magistrate, who asked to see the lamp.",
    "When the fog came in, bells were rung from the chapel, the school and the brewery.",
    "The account books show a steady fall in the price of tallow until the year of the flood.",
    "He had been a cooper in his youth, and still judged every man by his hoops.",
    "The boats lay on the shingle with their keels turned to the north.",
    "What the town spent on the mole it saved, or thought it saved, on the school.",
    "Salt was dear, and the herring would not wait for it to become cheaper.",
    "There were those who held that the reef had moved, and others that the chart was wrong.",
    "No vessel of more than eighty tons could lie at the quay when the wind was in the east.",
    "The schoolmaster taught the tides to children who knew them better than he did.",
    "Rope was made in the lane that is now called after the bank.",
    "Three surveys were ordered, and three surveyors were paid, but only one went out to sea.",
)
PLACES = (
    "Marrow",
    "Selby",
    "Tarn",
    "Hollin",
    "Crake",
    "Dunmere",
    "Ashby",
    "Orlow",
    "Penn",
    "Wick",
    "Lorn",
    "Garth",
)
TITLES = (
    "The tower and its keepers",
    "Oil, wicks and tallow",
    "A court is held",
    "The new light",
    "What the fishermen said",
    "The last winter",
)
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
STANZAS = (
    (
        "The lamp that stood on Marrow head",
        "Was lit by men who now are dead,",
        "And all the ships that saw it burn",
        "Went out to sea, and none return.",
    ),
    (
        "The bell that rang in Marrow bay",
        "Was cast to call the boats away,",
        "And those who heard it said a prayer",
        "To find the harbour always there.",
    ),
)
BODIES = (
    "The minutes of the council for that year give another figure.",
    "Harbour accounts, vol. 3, p. 41.",
    "So the register; the bell itself says otherwise, and the founder's bill is lost.",
    "Letter to his brother, 4 May.",
)
Heading = Callable[[int, str], Sequence[str]]


def prose(n: int, sentences: int = 3) -> str:
    """The `n`th paragraph; no two are equal."""
    chosen = [SENTENCES[(n * 7 + k * 5) % len(SENTENCES)] for k in range(sentences)]
    return " ".join([*chosen, f"That was so in {PLACES[n % 12]} in the year {1700 + n}."])


def chapters(
    within: Callable[[int], Sequence[Piece]] = lambda c: (),
    *,
    heading: Heading = lambda c, title: [f"{c}. {title}"],
    read_as: Callable[[int, str], str] = lambda c, title: title,
    count: int = 3,
    before: int = 2,
    after: int = 2,
) -> Book:
    """Chapters with paragraphs before and after the pieces that each chapter has."""
    book: list[Piece] = []
    for c in range(1, count + 1):
        title = TITLES[c - 1]
        book.append(Piece("head", read_as(c, title), tuple(heading(c, title))))
        book += [Piece("prose", prose(c * 20 + k)) for k in range(before)]
        book += within(c)
        book += [Piece("prose", prose(c * 20 + 10 + k)) for k in range(after)]
    return tuple(book)


def _titled(*titles: str) -> Book:
    """Divisions with two paragraphs each."""
    return tuple(
        piece
        for k, title in enumerate(titles)
        for piece in (
            Piece("head", title, (title,)),
            Piece("prose", prose(200 + 2 * k)),
            Piece("prose", prose(201 + 2 * k)),
        )
    )


def _verse(c: int) -> list[Piece]:
    return [Piece("verse", " ".join(lines), lines) for lines in STANZAS[: 1 + c % 2]]


def _line(text: str) -> Piece:
    return Piece("prose", text)


def _play(c: int) -> list[Piece]:
    names = ("THE KEEPER", "THE WIDOW")
    return [p for k in range(6) for p in (_line(names[k % 2]), Piece("prose", prose(c * 20 + k + 4, 1)))]


def _speakers(c: int) -> list[Piece]:
    names = ("THE KEEPER", "THE WIDOW")
    return [_line(f"{names[k % 2]}. {prose(c * 20 + k + 4, 1)}") for k in range(6)]


def _letter(c: int) -> list[Piece]:
    return [
        _line(f"{PLACES[c]}, 3 March {1870 + c}"),
        _line("My dear brother,"),
        Piece("prose", prose(c * 20 + 5)),
        _line("Your affectionate brother,"),
        _line("JOHN CRAKE"),
    ]


def _list(item: Callable[[int], str], *, close: bool = False) -> Callable[[int], list[Piece]]:
    """A list in each chapter; `close`: its items stand directly below each other."""

    def within(c: int) -> list[Piece]:
        begins = f"The council of {PLACES[c]} resolved upon the following measures for the coming winter:"
        items = [f"{item(k)}lamps for {PLACES[c + k]};" for k in range(1, 5)]
        if not close:
            return [_line(begins), *map(_line, items)]
        return [_line(begins), *(Piece("prose", text, (text,)) for text in items)]

    return within


def _articles(c: int) -> list[Piece]:
    return [
        piece
        for k in range(1, 5)
        for piece in (
            Piece("head", f"Article {k}", (f"Article {k}",)),
            Piece("prose", prose(c * 20 + k + 5, 1)),
        )
    ]


def _sections(c: int) -> list[Piece]:
    heads = [f"Of the lamp in {PLACES[c]}", f"Of the boats in {PLACES[c + 3]}"]
    return [
        piece
        for k, head in enumerate(heads)
        for piece in (
            Piece("head", head, (head,)),
            *(Piece("prose", prose(c * 20 + 4 + 2 * k + j)) for j in (0, 1)),
        )
    ]


def _quotation(c: int) -> list[Piece]:
    source = f"-- Report of the harbour master, {1800 + c}"
    return [Piece("quotation", prose(c * 20 + 6, 2)), Piece("quotation", source, (source,))]


def _table(*rows: str, text: str = "") -> Callable[[int], list[Piece]]:
    def within(c: int) -> list[Piece]:
        lines = tuple(row.replace("#", str(c)) for row in rows)
        return [Piece("table", text.replace("#", str(c)) or " ".join(lines), lines)]

    return within


def _picture(c: int) -> list[Piece]:
    return [_line(f"Fig. {c}. The tower at {PLACES[c]}")]


def _entries(*texts: str) -> Book:
    return tuple(map(_line, texts))


def notes_of(
    call: Callable[[int], str] = lambda n: f"[{n}]",
    *,
    over: str = "Notes",
    through: bool = False,
    count: int = 3,
) -> Book:
    """Chapters with four notes each, at their ends."""
    book: list[Piece] = []
    n = 0
    for c in range(1, count + 1):
        n = n if through else 0
        title = TITLES[c - 1]
        book.append(Piece("head", title, (f"{c}. {title}",)))
        notes = []
        for k in range(4):
            n += 1
            book.append(Piece("prose", f"{prose(c * 20 + 2 * k)}@", calls=(call(n),)))
            book.append(Piece("prose", prose(c * 20 + 2 * k + 1)))
            notes.append(Piece(f"note {n}", BODIES[(c + k) % 4]))
        book += [Piece("aside", "", (f"   {over}",)), *notes] if over else notes
    return tuple(book)


ROWS = (
    "Table #.  Lamps and oil in the ports",
    "Port        1870    1871    187#",
    "Marrow        1#      14      15",
    "Selby          3       4       #",
    "Tarn          2#      20      25",
    "Source: Harbour accounts, vol. #.",
)
BARS = (
    "| Port   | 1870 | 1871 |",
    "|--------|------|------|",
    "| Marrow |   1# |   14 |",
    "| Selby  |    3 |    # |",
)
WORDS = (
    "Port          Keeper            Pilot",
    "Marrow        John Crake        Abel Penn #",
    "Selby         Mary Lorn         Saul Garth",
    "Tarn          Ann Wick          Tom Hollin",
)
WORKS = tuple(
    f"Crake, John. The Lamps of {PLACES[k]}. London: Penn and Wick, {1800 + k * 3}." for k in range(8)
)
YEARS = tuple(f"{1800 + k * 3}. {SENTENCES[k]}" for k in range(10))
INDEX = tuple(
    f"{word}, {k * 3 + 4}, {k * 5 + 9}-{k * 5 + 11}"
    for k, word in enumerate(("Bells", "Chart", "Fog", "Oil", "Salt"))
)

BOOKS: dict[str, Book] = {
    # Headings
    "CHAPTER I. and title below": chapters(
        heading=lambda c, t: [f"CHAPTER {ROMAN[c - 1]}.", "", f"{t.upper()}."]
    ),
    "CHAPTER I.—Title.": chapters(heading=lambda c, t: [f"CHAPTER {ROMAN[c - 1]}.—{t}."]),
    "BOOK THE FIRST": chapters(
        heading=lambda c, t: [f"BOOK THE {('FIRST', 'SECOND', 'THIRD')[c - 1]}", "", t]
    ),
    "two chapters": chapters(heading=lambda c, t: [f"CHAPTER {ROMAN[c - 1]}", "", t], count=2, before=5),
    "titles in capitals": chapters(heading=lambda c, t: [t.upper()]),
    "sections without number": chapters(
        _sections, heading=lambda c, t: [f"CHAPTER {ROMAN[c - 1]}", "", t], after=0
    ),
    "articles": chapters(_articles, after=0),
    "Letter 1": chapters(
        _letter, heading=lambda c, t: [f"Letter {c}"], read_as=lambda c, t: f"Letter {c}", before=0, count=6
    ),
    "preface and appendices": (*_titled("Preface"), *chapters(), *_titled("Appendix A", "Appendix B")),
    "to the reader": (*_titled("To the Reader"), *chapters(), *_titled("Postscript")),
    "advertisement, supplement": (*_titled("Advertisement"), *chapters(), *_titled("Supplement")),
    "prefaces to editions": (
        *_titled("Preface to the First Edition", "Preface to the Second Edition"),
        *chapters(),
        *_titled("Notes on Sources"),
    ),
    "about the author": (*_titled("Publisher's Note"), *chapters(), *_titled("About the Author")),
    # Verse, plays, letters, lists
    "verse": chapters(_verse),
    "verse over the text": chapters(_verse, before=0),
    "speakers above": chapters(_play),
    "speakers before": chapters(_speakers),
    "letters": chapters(_letter),
    "list of numbers": chapters(_list(lambda k: f"{k}. ")),
    "list of letters": chapters(_list(lambda k: f"({'abcd'[k - 1]}) ")),
    "list of signs": chapters(_list(lambda k: "• ")),
    "theses": chapters(lambda c: [_line(f"{k}. {prose(c * 20 + k + 4)}") for k in range(1, 6)]),
    # Quotations, tables, pictures
    "quotation with its source": chapters(_quotation),
    "table with caption and source": chapters(_table(*ROWS)),
    "table between bars": chapters(_table(*BARS)),
    "table of words": chapters(_table(*WORDS)),
    "captions of pictures": chapters(_picture),
    # Lists at the end, and before the text
    "works quoted": (*chapters(), Piece("head", "Works Quoted", ("Works Quoted",)), *_entries(*WORKS)),
    "chronology": (*chapters(), Piece("head", "Chronology", ("Chronology",)), *_entries(*YEARS)),
    "index of places": (
        *chapters(),
        Piece("head", "Index of Places", ("Index of Places",)),
        *_entries(*INDEX),
    ),
    "list of illustrations": (
        Piece("aside", "", ("List of Illustrations",)),
        *(Piece("aside", "", (f"The tower at {PLACES[k]}  {k * 9 + 3}",)) for k in range(6)),
        *chapters(),
    ),
    # Notes
    "notes": notes_of(),
    "notes without heading": notes_of(over=""),
    "notes under “Remarks”": notes_of(over="Remarks"),
    "notes under a rule": notes_of(over="__________"),
    "notes through": notes_of(through=True),
}
# The number of a page below its notes.
FOLIOS = ("{page}", "- {page} -", "[Pg {page}]", "THE LIGHT AT THE BAR    {page}")
# Items that stand directly below each other, and other things that depend on the hand.
OF_HANDS: dict[str, tuple[Book, Hand]] = {
    "close list of signs": (
        chapters(_list(lambda k: "- ", close=True), before=1),
        Hand(blank=False, indent="  "),
    ),
    "chapters without blank lines": (
        chapters(heading=lambda c, t: [f"CHAPTER {ROMAN[c - 1]}", t], before=6),
        Hand(width=0, indent="", blank=False, heading_at=""),
    ),
    "numbers without blank lines": (chapters(before=6), Hand(width=0, indent="", blank=False, heading_at="")),
    "notes [*1]": (notes_of(lambda n: f"[*{n}]"), Hand(number=lambda n: f"[*{n}] ")),
    "notes [1.]": (notes_of(lambda n: f"[{n}.]"), Hand(number=lambda n: f"[{n}.] ")),
    "notes <1>": (notes_of(lambda n: f"<{n}>"), Hand(number=lambda n: f"<{n}> ")),
    "notes 1/": (notes_of(lambda n: f" {n}/"), Hand(number=lambda n: f"{n}/ ")),
    "notes [Footnote 1:": (
        notes_of(over=""),
        Hand(number=lambda n: f"[Footnote {n}: ", after_note="]", indent="", heading_at=""),
    ),
}
