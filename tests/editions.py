"""Makes plausible editions of any shape from a seed, which the importer must read back."""

import random

from tests.typesetter import Block, Division, Edition, KeyRow, Note

WORDS = tuple(
    """
    the of and to in a that was by for on with as it which had at from were be this their not or an have
    been has  they but all who its one more other these no than into only between after made such under
    when new during  office offices clerk clerks paper winter river railway harvest grain iron coal
    council commission inspector  register account accounts figures table tables ledger province
    district village town market price prices  train wagon bridge factory factories workers peasants
    letter letters report reports meeting decision question  answer year month morning evening window
    door lamp ink pencil copper timber flour salt cattle horse horses road  slowly quietly seldom often
    twice again early late without within against toward beyond near far together alone  counted written
    carried measured weighed promised delivered forgotten repaired closed opened printed signed lost
    large small narrow broad heavy light cold warm former present future common special general usual
    strange
    """.split()  # noqa: SIM905  # a paragraph is easier to read than a list
)
NAMES = (
    "Tver",
    "Tula",
    "Ryazan",
    "Kazan",
    "Samara",
    "Perm",
    "Omsk",
    "Kursk",
    "November",
    "Narva",
    "Nina",
    "North",
)
HEADWORDS = (
    *(
        "Artel",
        "CLD",
        "Glavk",
        "Gosbank",
        "Gosplan",
        "GPU",
        "Kolkhoz",
        "Kulak",
        "Mir",
        "Narkomfin",
        "NEP",
        "NKVD",
    ),
    *(
        "OGPU",
        "Politburo",
        "RCP(B)",
        "RKI",
        "RSFSR",
        "Skhod",
        "Sovkhoz",
        "Sovnarkom",
        "STO",
        "Uyezd",
        "Volost",
    ),
    *("VSNKh", "VTsIK", "Zemstvo"),
)
ROMAN = ("I", "II", "III", "IV", "V")


class _Writer:
    """Writes sentences that call notes in order."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.called = 0

    def words(self, least: int, most: int) -> list[str]:
        chosen = self.chance.choices(WORDS, k=self.chance.randint(least, most))
        return [self.chance.choice(NAMES) if self.chance.random() < 0.04 else word for word in chosen]

    def sentence(self, *, calls: float = 0.0, end: str = ".") -> str:
        words = self.words(6, 32)
        words[0] = words[0][0].upper() + words[0][1:]
        for k in range(3, len(words) - 2):
            if self.chance.random() < 0.08:
                words[k] += ","
        text = " ".join(words) + end
        if self.chance.random() < calls:
            self.called += 1
            text += f"[^{self.called}]"
        return text

    def paragraph(self, *, calls: float = 0.0, end: str = ".") -> str:
        sentences = [self.sentence(calls=calls) for _ in range(self.chance.randint(0, 6))]
        return " ".join([*sentences, self.sentence(calls=0 if end == ":" else calls, end=end)])

    def title(self) -> str:
        words = self.words(2, 9)
        return " ".join([words[0][0].upper() + words[0][1:], *words[1:]])


def plausible_edition(seed: int) -> Edition:
    """An edition of front matter, parts, chapters and sections, with notes, quotations and a key."""
    writer = _Writer(seed)
    chance = writer.chance
    divisions: list[Division] = []
    page = 9
    for title in ("Preface", "Introduction"):
        divisions.append(_chapter(writer, "front", "", title, page))
        page += chance.choice((4, 6, 8))
    chapter = 0
    for part in range(1, chance.randint(1, 2) + 1):
        divisions.append(_chapter(writer, "part", str(part), writer.title(), None, size=2))
        for _ in range(chance.randint(1, 3)):
            chapter += 1
            divisions.append(_chapter(writer, "chapter", str(chapter), writer.title(), None))
            for k in range(chance.randint(0, 3)):
                divisions.append(
                    Division("section", ROMAN[k], writer.title(), _blocks(writer, chance.randint(1, 4)))
                )
                for letter in "abc"[: chance.randint(0, 2)]:
                    divisions.append(Division("subsection", letter, writer.title(), _blocks(writer, 2)))
            divisions = _with_notes(writer, divisions)
    rows = sorted(chance.sample(HEADWORDS, chance.randint(6, 20)), key=str.casefold)
    key = tuple(
        KeyRow(head, see=rows[0])
        if k and chance.random() < 0.1
        else KeyRow(head, " ".join(writer.words(2, 14)))
        for k, head in enumerate(rows)
    )
    return Edition("A Book of Offices", key, tuple(divisions))


def _chapter(writer: _Writer, kind: str, n: str, head: str, page: int | None, size: int = 6) -> Division:
    writer.called = 0
    division = Division(
        kind,  # type: ignore[arg-type]  # one of the kinds
        n,
        head,
        _blocks(writer, writer.chance.randint(2, size)),
        page=page,
    )
    return _with_notes(writer, [division])[0] if kind != "chapter" else division


def _blocks(writer: _Writer, count: int) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for _ in range(count):
        if writer.chance.random() < 0.15:
            blocks += [
                Block("prose", writer.paragraph(calls=0.2, end=":")),
                Block("quotation", writer.paragraph(calls=0.2)),
            ]
            if writer.chance.random() < 0.5:
                rest = writer.sentence()
                blocks.append(Block("continuation", f"and {rest[0].lower()}{rest[1:]}"))
        else:
            blocks.append(Block("prose", writer.paragraph(calls=0.25)))
    return tuple(blocks)


def _with_notes(writer: _Writer, divisions: list[Division]) -> list[Division]:
    """Give the last chapter-like division the notes that it and its sections call."""
    at = max(k for k, d in enumerate(divisions) if d.kind in ("front", "part", "chapter"))
    notes = []
    for n in range(1, writer.called + 1):
        paragraphs = [Block("prose", writer.paragraph())]
        if writer.chance.random() < 0.15:
            paragraphs.append(Block("prose", writer.paragraph()))
        notes.append(Note(n, tuple(paragraphs), missing=writer.chance.random() < 0.1))
    owner = divisions[at]
    divisions[at] = Division(owner.kind, owner.n, owner.head, owner.blocks, tuple(notes), owner.page)
    writer.called = 0
    return divisions
