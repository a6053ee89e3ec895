"""The volume of the browser tests: small, with every kind of element that a page can show."""

from glossary.models import Glossary, Term, TermForm
from reader.models import Division, Note, PageBreak, Paragraph, Volume
from reader.publishing.publish import publish_volume

# Long enough to keep the notes out of view at their calls.
FILLER = (
    "The clerks of the province counted the carts on the bridge every morning, and every evening they counted"
    " them again, because in between some had been counted twice and others had gone round by the ford. "
) * 4


def publish_furrow() -> Volume:
    """Publish two chapters in a part: notes called once, twice, in a note, in a heading; a missing note; terms."""
    glossary = Glossary.objects.create(name="Furrow")
    council = term(glossary, "STO", "Council of Labour and Defence")
    term(glossary, "CLD", "", see=council)
    term(glossary, "Gosplan", "State Planning Commission")
    volume = Volume.objects.create(
        slug="furrow",
        title="The Ledger and the Furrow",
        subtitle="Planning and the Village",
        author="Irina Halloran",
        translator="Tom Averill",
        publisher="Saltmarsh Press",
        year=1931,
        rights="Written for a test.",
        language="en",
        glossary=glossary,
    )
    part = division(volume, 1, "part", "1", "The village and the office", "part-1")
    first = division(
        volume, 2, "chapter", "1", "The offices that *counted*[^5]", "chapter-1", part, page="43"
    )
    section = division(volume, 3, "section", "I", "Who signed", "chapter-1-i", first)
    second = division(volume, 4, "chapter", "2", "The long road", "chapter-2", part, page="71")
    write(volume, first, f"A first sentence calls a note.[^1] Then Gosplan counts. {FILLER}")
    write(
        volume, first, "The second paragraph calls it again,[^1] and one that is lost.[^2] trans{p. 44}formed"
    )
    write(volume, first, "What nobody weighed, nobody ate.[^3]", kind="quotation")
    write(volume, first, "said the miller, and went on.", continues=True)
    for _ in range(8):
        write(volume, first, FILLER)
    write(volume, section, f"The CLD signed.[^4] {FILLER}")
    write(volume, section, "Year   Rye\n1922   100\n1923    87", kind="table")
    for _ in range(8):
        write(volume, section, FILLER)
    write(volume, second, FILLER)
    annotate(first, 1, "Halloran, *Columns*, p. 12.")
    annotate(first, 3, "The proverb is older; see the note that follows.[^4]")
    annotate(first, 4, f"Signed by Gosplan as well. {FILLER * 8}")
    annotate(first, 5, "Counted, that is, by hand.")
    PageBreak.objects.create(
        volume=volume, n="44", position=1, certainty="attested", paragraph=volume.paragraphs.all()[1]
    )
    publish_volume(volume)
    return volume


def term(glossary: Glossary, headword: str, definition: str, see: Term | None = None) -> Term:
    made = Term.objects.create(
        glossary=glossary,
        headword=headword,
        slug=headword.lower(),
        definition=definition,
        see=see,
        source="key",
    )
    TermForm.objects.create(term=made, text=headword)
    return made


def division(
    volume: Volume,
    position: int,
    kind: str,
    n: str,
    head: str,
    slug: str,
    parent: Division | None = None,
    page: str = "",
) -> Division:
    return Division.objects.create(
        volume=volume, position=position, kind=kind, n=n, head=head, slug=slug, parent=parent, page=page
    )


def write(
    volume: Volume, division: Division, text: str, kind: str = "prose", *, continues: bool = False
) -> Paragraph:
    number = volume.paragraphs.count() + 1
    return Paragraph.objects.create(
        volume=volume,
        division=division,
        number=number,
        position=number,
        kind=kind,
        continues=continues,
        text=text,
        imported_text=text,
    )


def annotate(division: Division, n: int, text: str) -> Note:
    return Note.objects.create(division=division, n=n, position=n, text=text, imported_text=text)
