"""References to works: what is read of a note, and what is left as the text has it."""

import pytest

from reader.text.citations import CITE_NOTHING, references_in
from reader.text.works import CitedText, Decision, Settled, collect, imprints_of, surnames


def read(plain: str, *known: str, emphasised: str = "") -> list[tuple[str, ...]]:
    spans = [(plain.index(emphasised), plain.index(emphasised) + len(emphasised))] if emphasised else []
    return [
        (each.author, each.title, each.volume, each.pages)
        for each in references_in(plain, known, spans)
        if each.kind not in CITE_NOTHING
    ]


@pytest.mark.parametrize(
    ("note", "read_as"),
    [
        ("A. B. Orlov, The Price of Peat (Riga, 1931), p. 4.", ("A. B. Orlov", "The Price of Peat", "", "4")),
        ("See Orlov, Peat, vol. II, pp. 4-6, 9.", ("Orlov", "Peat", "II", "4-6, 9")),
        ("Orlov and Tamm, Lamps, 1918-1920, p.7", ("Orlov and Tamm", "Lamps, 1918-1920", "", "7")),
        ("It is told in Orlov, Peat, pp. 4 ff., at length.", ("Orlov", "Peat", "", "4 ff.")),
        ("(Orlov, CW, vol. 3, p. 5)", ("Orlov", "CW", "3", "5")),
        (
            "Konrad Tamm, ed., Lamps: Papers (Riga, 1931), p. 1.",
            ("Konrad Tamm, ed.", "Lamps: Papers", "", "1"),
        ),
        ("Vestnik Torfa, no. 3 [1925], p. 8.", ("", "Vestnik Torfa", "", "8")),
        ("The lists are in Torf i pechi (Riga, 1930), p. 8.", ("", "Torf i pechi", "", "8")),
        ("Orlov, The Peat, in Orlov and Tamm, Works, vol. 6, p. 1.", ("Orlov and Tamm", "Works", "6", "1")),
        (
            "It came out in Russian in 1925, and in the same year in German, in Vestnik Torfa, no. 3 [1925], p. 8.",
            ("", "Vestnik Torfa", "", "8"),
        ),
        ('A. Orlov, "On Wicks," Works (Riga, 1931), vol. 2, p. 4.', ("A. Orlov", "Works", "2", "4")),
        ('A. Orlov, "On Wicks", in Works, vol. 2, p. 4.', ("A. Orlov", "Works", "2", "4")),
        ("A. Orlov, Peat (Riga: Torf and Sons, 1931), p. 4.", ("A. Orlov", "Peat", "", "4")),
        ("Decree of May 3, 1923.", ("", "Decree of May 3, 1923", "", "")),
        ("See volume I of the present work, p. 12.", ("", "", "I", "12")),
        (
            "In A. Orlov's book, Peat and oil (second edition), it is told.",
            ("A. Orlov", "Peat and oil", "", ""),
        ),
        ("Ibid., vol. 2, p. 3.", ("", "", "2", "3")),
    ],
)
def test_a_reference_is_read(note: str, read_as: tuple[str, ...]) -> None:
    assert read(note) == [read_as]


@pytest.mark.parametrize(
    ("note", "title", "imprint"),
    [
        ("A. Orlov, *The Price of Peat*, Riga 1931, p. 4.", "The Price of Peat", ("Riga", "1931")),
        ("A. Orlov, The Price of Peat, Riga, 1931, p. 4.", "The Price of Peat", ("Riga", "1931")),
        ("A. Orlov, Peat, New York, 1931, vol. 2, p. 4.", "Peat", ("New York", "1931")),
        ("A. Orlov, Peat, Riga and Tartu 1931, p. 4.", "Peat", ("Riga and Tartu", "1931")),
        ("A. Orlov, Peat, Cambridge, Mass., 1931, p. 4.", "Peat", ("Cambridge, Mass.", "1931")),
        ("*The Price of Peat*, Riga 1931, p. 4.", "The Price of Peat", ("Riga", "1931")),
        ("A. Orlov, Peat, Oil, Coal, Riga, 1931, p. 4.", "Peat, Oil, Coal", ("Riga", "1931")),
        # A day, a range of years, a congress and its year are parts of a title.
        ("A. Orlov, Speeches, March 1931, p. 4.", "Speeches, March 1931", ("", "")),
        ("A. Orlov, Lamps, 1918-1920, p. 7.", "Lamps, 1918-1920", ("", "")),
        ("A. Orlov, Report, Third Congress 1924, p. 7.", "Report, Third Congress 1924", ("", "")),
    ],
)
def test_a_place_and_a_year_without_brackets_are_no_part_of_the_title(
    note: str, title: str, imprint: tuple[str, str]
) -> None:
    plain = note.replace("*", "")
    emphasised = [(0, len(title))] if note.startswith("*") else []
    [reference] = references_in(plain, (), emphasised)

    assert (reference.title, (reference.place, reference.year)) == (title, imprint)


@pytest.mark.parametrize(
    "note",
    [
        "On this point, see below, p. 107.",
        "The Party met in Moscow, on May 3, 1924.",
        "In a translation, p. 32, it is left out.",
        "In Orlov's article, Tamm (who had read it) is blamed.",
        "He said it, and the Congress (Moscow) heard it.",
        "The Fourteenth Party Congress, in December 1925, decided it.",
        "A decree of July 7, 1921, allowed it.",
        "He had read Orlov, who was not in the room, p. 4 of the report says.",
    ],
)
def test_what_is_no_reference_for_certain_is_left(note: str) -> None:
    assert read(note) == []


def test_a_title_in_emphasis_needs_no_other_sign() -> None:
    note = "All of it is in the last piece of Peat and oil for all, p. 3."

    assert read(note) == []
    assert read(note, emphasised="Peat and oil for all") == [("", "Peat and oil for all", "", "3")]


def test_a_word_that_is_stressed_or_foreign_is_no_title() -> None:
    assert read("See the ledger, p. 4.", emphasised="ledger") == []


def test_a_title_that_stands_alone_is_known_from_elsewhere() -> None:
    note = "The same is said by CW, vol. 3, p. 5."

    assert read(note) == []
    assert read(note, "CW") == [("", "CW", "3", "5")]


def works(*notes: str, decisions: tuple[Decision, ...] = ()) -> list[str]:
    """The work of each reference of these notes of one chapter; `-` where it is not certain."""
    texts = [CitedText((None, n), 1, n, note) for n, note in enumerate(notes, start=1)]
    _, places = collect(texts, decisions)
    return [place.work.partition("|")[2] or place.work or "-" for place in places]


PEAT, OIL = "A. Orlov, Peat (Riga, 1931), p. 4.", "A. Orlov, Oil (Riga, 1932), p. 5."


@pytest.mark.parametrize(
    ("notes", "meant"),
    [
        ((PEAT, "Ibid., p. 5.", "See ibid., p. 6."), ["peat", "peat", "peat"]),
        ((f"{PEAT[:-1]}; ibid., p. 9.",), ["peat", "peat"]),
        ((PEAT, "Nothing is cited here.", "Ibid., p. 5."), ["peat", "-"]),
        ((f"{PEAT[:-1]}; {OIL}", "Ibid., p. 5."), ["peat", "oil", "-"]),
        ((PEAT, "It is on p. 3 of a list; ibid., p. 5."), ["peat", "-"]),
        ((PEAT[:-1] + "; so does the list, p. 3.", "Ibid."), ["peat", "-"]),
        # A page of the book itself is no work: but what is cited there may be one.
        ((f"{PEAT} See below, p. 107.", "Ibid., p. 5."), ["peat", "peat"]),
        ((f"{PEAT} On this see chapter 3, pp. 12-14 above.", "Ibid., p. 5."), ["peat", "peat"]),
        ((f"{PEAT[:-1]}; see also above, p. 9.", "Ibid."), ["peat", "peat"]),
        ((f"{PEAT[:-1]}; see above, p. 9, and ibid., p. 5.",), ["peat", "-"]),
        ((f"{PEAT} The book quoted below, p. 107, says less.", "Ibid., p. 5."), ["peat", "-"]),
        ((f"{PEAT} On Tamm see p. 107 below.", "Ibid., p. 5."), ["peat", "-"]),
        ((f"{PEAT} See the list, p. 107.", "Ibid., p. 5."), ["peat", "-"]),
        # A figure before ibid. may be of a citation that is not read.
        ((PEAT, "Tamm, Zarya, 1925. Ibid."), ["peat", "-"]),
        ((PEAT, "Tamm says no. Ibid."), ["peat", "peat"]),
        (("See below, p. 107.", "Ibid., p. 5."), ["-"]),
        ((PEAT, "B. Tamm, Lamps, p. 1.", "Orlov, op. cit., p. 6."), ["peat", "lamps", "peat"]),
        ((PEAT, OIL, "Orlov, op. cit., p. 6."), ["peat", "oil", "-"]),
        ((f"{PEAT[:-1]} (German edition, p. 7).", "German edition, p. 8."), ["peat", "peat", "-"]),
        ((PEAT, "Orlov, ibid., p. 5."), ["peat", "peat"]),
        ((PEAT, "Tamm, ibid., p. 5."), ["peat", "-"]),
        ((PEAT, "Loc. cit."), ["peat", "peat"]),
        ((PEAT, "Nothing.", "The work cited in note 1 above, p. 9."), ["peat", "peat"]),
        ((PEAT, OIL, "Orlov (note 1 above), p. 9."), ["peat", "oil", "peat"]),
        ((PEAT, "The work cited in note 9 above."), ["peat", "-"]),
    ],
)
def test_ibid_and_its_kind_mean_a_work_only_where_that_is_certain(
    notes: tuple[str, ...], meant: list[str]
) -> None:
    assert works(*notes) == meant


@pytest.mark.parametrize(
    ("before", "ibid", "stands_for"),
    [
        # Alone it is the place before; with a page, that page of the same volume or number.
        ("A. Orlov, Peat (Riga, 1931), vol. 2, p. 4.", "Ibid.", ("2", "", "", "4")),
        ("A. Orlov, Peat (Riga, 1931), vol. 2, p. 4.", "Loc. cit.", ("2", "", "", "4")),
        ("A. Orlov, Peat (Riga, 1931), vol. 2, p. 4.", "Ibid., p. 5.", ("2", "", "", "5")),
        ("Vestnik Torfa, no. 3 [1925], p. 9.", "Ibid.", ("", "3", "1925", "9")),
        ("Vestnik Torfa, no. 3 [1925], p. 9.", "Ibid., p. 11.", ("", "3", "1925", "11")),
        # Another volume or number has other pages, and a number another year.
        ("A. Orlov, Peat (Riga, 1931), vol. 2, p. 4.", "Ibid., vol. 3.", ("3", "", "", "")),
        ("Vestnik Torfa, no. 3 [1925], p. 9.", "Ibid., no. 4.", ("", "4", "", "")),
        ("A. Orlov, Peat (Riga, 1931), vol. 2, p. 4.", "Ibid., vols. 1-3.", ("1-3", "", "", "")),
        ("A. Orlov, Peat (Riga, 1931), vol. 2, p. 4.", "Ibid., vols. I and III.", ("I and III", "", "", "")),
        ("A. Orlov, Peat (Riga, 1931), vol. 2, p. 4.", "Ibid., vol. 3 and 44 others.", ("3", "", "", "")),
    ],
)
def test_ibid_stands_for_volume_number_and_pages(
    before: str, ibid: str, stands_for: tuple[str, str, str, str]
) -> None:
    _, places = collect([CitedText((None, n), 1, n, note) for n, note in enumerate((before, ibid), start=1)])

    found = places[-1]
    assert (found.volume, found.number, found.date, found.pages) == stands_for


@pytest.mark.parametrize(
    "ibid",
    [
        "Ibid. p. 44.",
        "Ibid., 44.",
        "Ibid.: 44.",
        "Ibid. (p. 44).",
        "Ibid., May 5, 1926.",
        "Ibid., chapter three.",
        "Ibid., ch. 3.",
        "Ibid., Book II.",
        "Ibid. Part II.",
        "Ibid. passim.",
        "Loc. cit., p. 44.",
    ],
)
def test_ibid_before_a_place_that_is_not_read_stands_for_the_work_alone(ibid: str) -> None:
    notes = ("A. Orlov, Peat (Riga, 1931), vol. 2, p. 4.", ibid)
    _, places = collect([CitedText((None, n), 1, n, note) for n, note in enumerate(notes, start=1)])

    found = places[-1]
    assert (found.work, found.volume, found.pages) == ("orlov|peat", "", "")


@pytest.mark.parametrize(
    "ibid",
    [
        "Ibid.",
        "Ibid",
        "(Ibid.)",
        "Ibid.; see also the list.",
        "Ibid. The list says less.",
        "“Peat” (ibid.), of 1926.",
    ],
)
def test_ibid_before_other_words_stands_for_the_whole_place(ibid: str) -> None:
    notes = ("A. Orlov, Peat (Riga, 1931), vol. 2, p. 4.", ibid)
    _, places = collect([CitedText((None, n), 1, n, note) for n, note in enumerate(notes, start=1)])

    found = places[-1]
    assert (found.work, found.volume, found.pages) == ("orlov|peat", "2", "4")


@pytest.mark.parametrize(
    ("ibid", "stands_for"),
    [("Ibid.", ("2", "")), ("Ibid., p. 5.", ("2", "5")), ("Ibid., vol. 3.", ("3", ""))],
)
def test_ibid_after_two_pages_of_a_volume_stands_for_neither_page(
    ibid: str, stands_for: tuple[str, str]
) -> None:
    notes = ("A. Orlov, Peat (Riga, 1931), vol. 2, p. 4; A. Orlov, Peat, vol. 2, p. 9.", ibid)
    _, places = collect([CitedText((None, n), 1, n, note) for n, note in enumerate(notes, start=1)])

    assert (places[-1].work, places[-1].volume, places[-1].pages) == ("orlov|peat", *stands_for)


def test_ibid_after_a_note_without_a_number_means_no_work_for_certain() -> None:
    notes = ((1, "A. Orlov, Peat (Riga, 1931), p. 4."), (0, "B. Tamm, Oil (Riga, 1929), p. 7."), (2, "Ibid."))
    _, places = collect([CitedText((None, k), 1, n, note) for k, (n, note) in enumerate(notes)])

    assert places[-1].work == ""


def test_ibid_after_two_volumes_of_a_work_stands_for_the_work_alone() -> None:
    notes = ("A. Orlov, Peat (Riga, 1931), vol. 1, p. 4; A. Orlov, Peat, vol. 2, p. 4.", "Ibid., p. 5.")
    _, places = collect([CitedText((None, n), 1, n, note) for n, note in enumerate(notes, start=1)])

    assert (places[-1].work, places[-1].volume, places[-1].pages) == ("orlov|peat", "", "5")


def test_ibid_that_an_editor_gave_to_a_work_stands_for_the_place_of_that_work() -> None:
    peat = "A. Orlov, Peat (Riga, 1931), vol. 2, p. 4"
    oil = "B. Tamm, Oil (Riga, 1929), vol. 7, p. 8"
    settled = [Settled((None, 2), 0, 5, "tamm|oil")]

    def place_of_ibid(first: str) -> tuple[str, str]:
        texts = [CitedText((None, n), 1, n, note) for n, note in enumerate((first, "Ibid."), start=1)]
        found = collect(texts, settled=settled)[1][-1]
        return found.volume, found.pages

    assert place_of_ibid(f"{oil}; {peat}.") == ("7", "8")
    assert place_of_ibid(f"{peat}.") == ("", "")
    assert place_of_ibid(f"{oil}; {peat}; {oil[:-1]}9.") == ("7", "")


@pytest.mark.parametrize(
    ("note", "imprint"),
    [
        ("A. Orlov, Peat in 1924 (Riga, 1931), p. 4.", " (Riga, 1931), p. 4"),
        ("Vestnik Torfa, no. 3 [1925], p. 9, of 1924.", ", no. 3 [1925], p. 9"),
        ("Vestnik Torfa, May 3, 1925.", ", May 3, 1925"),
        ("A. Orlov, Peat and Oil, Riga 1931, p. 4.", ", Riga 1931, p. 4"),
        # A decree is what happened on its day, and what cites no work for certain is words of the text.
        ("Decree of May 3, 1925.", ""),
        ("In 1924 the congress (Riga, 1925) met.", ""),
    ],
)
def test_an_imprint_is_what_says_where_and_when_a_work_appeared(note: str, imprint: str) -> None:
    text = CitedText((None, 1), 1, 1, note)
    _, places = collect([text])

    assert "".join(note[start:end] for start, end in imprints_of(places).get(text.key, ())) == imprint


def test_the_year_of_another_number_of_a_periodical_is_its_imprint() -> None:
    note = "Vestnik Torfa, no. 3 [1925], p. 9, and no. 5 [1927], p. 6."
    _, places = collect([CitedText((None, 1), 1, 1, note)])

    assert [note[start:end] for start, end in imprints_of(places)[None, 1]] == [
        ", no. 3 [1925], p. 9",
        "no. 5 [1927], p. 6",
    ]


def test_what_an_editor_took_for_no_work_has_no_imprint() -> None:
    note = "A. Orlov, Peat (Riga, 1931), p. 4."
    _, places = collect([CitedText((None, 1), 1, 1, note)], [Decision("orlov|peat", is_work=False)])

    assert imprints_of(places) == {}


def test_titles_of_one_author_are_one_work_if_one_begins_the_other() -> None:
    assert works("A. Orlov, Peat and Oil, 1918-1920 (Riga, 1931), p. 4.", "Orlov, Peat and Oil, p. 5.") == [
        "peat-and-oil-1918-1920",
        "peat-and-oil-1918-1920",
    ]
    assert works(PEAT, "B. Tamm, Peat (Riga, 1931), p. 4.", "Peat, vol. 1, p. 3.")[2] == "-"
    assert (
        works("A. Orlov, Peat in Riga, p. 1.", "A. Orlov, Peat in Oslo, p. 1.", "Orlov, Peat, p. 2.")[2]
        == "peat"
    )


def test_an_abbreviation_that_the_text_explains_is_its_work() -> None:
    notes = (
        "A. Orlov, Collected Works (Riga, 1931), hereafter CW, vol. 1, p. 4.",
        "It is in CW, vol. 2, p. 5.",
    )
    [work], _ = collect([CitedText((None, n), 1, n, note) for n, note in enumerate(notes, start=1)])

    assert (work.title, work.abbreviations, len(work.places)) == ("Collected Works", ["CW"], 2)


def listed(*notes: str, decisions: tuple[Decision, ...] = ()) -> list[tuple[str, str, str, list[str]]]:
    """Author, title, place and year, and the other titles of the works of these notes, as the list has them."""
    texts = [CitedText((None, n), 1, n, note) for n, note in enumerate(notes, start=1)]
    found, _ = collect(texts, decisions)
    return [
        (work.author, work.title, f"{work.place}, {work.year}", sorted(work.abbreviations)) for work in found
    ]


def test_a_work_with_which_another_was_joined_keeps_its_own_description() -> None:
    notes = ("A. Orlov, Oil (Riga, 1931), p. 4.", "B. B. Tamm, Lamps of the North (Oslo, 1920), p. 5.")

    assert listed(*notes, decisions=(Decision("tamm|lamps-of-the-north", into="orlov|oil"),)) == [
        ("A. Orlov", "Oil", "Riga, 1931", ["Lamps of the North"])
    ]


def test_works_are_in_the_order_of_their_titles_without_articles() -> None:
    notes = (
        "A. Orlov, Oil (Riga, 1931), p. 4.",
        "A. Orlov, The Lamps (Riga, 1932), p. 4.",
        "The Peat Question (Riga, 1932), p. 4.",
        "B. Rebane, Der Torf (Riga, 1932), p. 4.",
    )

    assert [title for _, title, *_ in listed(*notes)] == ["The Lamps", "Oil", "The Peat Question", "Der Torf"]


def test_works_that_an_editor_joined_in_a_circle_end_somewhere() -> None:
    circle = (Decision("orlov|peat", into="orlov|oil"), Decision("orlov|oil", into="orlov|peat"))

    assert works(PEAT, decisions=circle) in (["peat"], ["oil"])


def test_surnames_are_those_of_all_authors() -> None:
    assert surnames("E. H. Carr and R. W. Davies") == "carr+davies"
    assert surnames("Konrad Brandt, ed.") == "brandt"
