"""A second witness fills gaps and emends by the rule; all else is left to a person."""

from dataclasses import replace

import pytest

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import BreakInText, Draft, PageStart, Second, Variant, VariantKind
from corpus_import.parsing.findings import Finding
from corpus_import.parsing.manifest import Collate
from corpus_import.parsing.pipeline import parse_contents
from corpus_import.parsing.report import report
from corpus_import.parsing.stages.collate_witnesses import collate_witnesses
from tests.corpus_import.parsing.case_files import MANIFEST, parse_text
from tests.corpus_import.parsing.collation.collated import BOOK, NAME, collated, without

HARBOURS = """\
   1. Of harbours

    Ships that come in with the tide go out with it again, unless somebody has paid for them to remain, and
whoever pays for that has reasons which the customs house would like to hear about before the evening.
"""
WORDS = [
    "red",
    "green",
    "blue",
    "white",
    "black",
    "brown",
    "grey",
    "pink",
    "yellow",
    "orange",
    "purple",
    "golden",
    "silver",
]
SECOND_NOTE = without(BOOK, " 2. \n", " 3. \n")


def text_of(draft: Draft) -> str:
    return "\n".join(paragraph.text.string for paragraph in draft.paragraphs)


def readings(draft: Draft) -> list[tuple[VariantKind, str, str]]:
    return [(each.kind, each.reading, each.other) for each in draft.variants]


def emended(draft: Draft) -> list[tuple[str, str, str]]:
    return [
        (each.before, each.after, each.rule) for each in draft.emendations if each.rule.startswith("second")
    ]


# Nothing to do


def test_an_equal_copy_brings_nothing() -> None:
    draft = collated(BOOK)

    [collation] = draft.collations
    assert collation.aligned == collation.words > 200
    assert (collation.filled, collation.numbered, collation.emended, collation.kept) == (0, 0, 0, 0)
    assert draft.variants == ()
    assert emended(draft) == []


def test_a_witness_of_another_text_is_refused() -> None:
    with pytest.raises(ImportFault, match=r"scan\.txt: these are not one text: .* 0% stand in both; take"):
        collated(BOOK, HARBOURS)
    with pytest.raises(ImportFault, match=r"scan\.txt: these are not one text: .* 0% stand in both; take"):
        collated(HARBOURS, BOOK)


def test_another_chapter_of_the_book_is_refused_as_such() -> None:
    names = "Kortner, Melvany, Ostrik, Durnaby, Pelkwa, Hovrin, Zemtsal and Brannoy"
    ours = BOOK.replace("when the council asked", f"when {names} asked")
    other = HARBOURS.replace("unless somebody has paid", f"unless {names} have paid")

    with pytest.raises(ImportFault, match=r"these are not one text: .* it may be another chapter; take"):
        collated(ours, other)


@pytest.mark.parametrize("is_other", [True, False])
def test_a_witness_of_a_part_of_the_text_is_read(is_other: bool) -> None:
    part = BOOK[BOOK.index("   2. The winter") :].replace("mended nets", "mended cats")

    draft = collated(BOOK, part) if is_other else collated(part, BOOK)

    assert draft.collations[0].aligned > 80
    assert [each for each in draft.variants if each.reading] == [
        each for each in draft.variants if {each.reading, each.other} == {"nets", "cats"}
    ]
    assert draft.collations[0].lacking == (6 if is_other else 0)


def test_a_long_row_of_paragraphs_of_the_other_alone_is_said_at_once() -> None:
    more = "".join(
        f"    The {word} ferry was sold in that year, and whoever bought the {word} one was never seen.\n\n"
        for word in WORDS
    )
    draft = collated(BOOK, BOOK + "\n" + more)

    [remark] = [each for each in draft.diagnostics if each.code == "second-witness-longer"]
    assert remark.message.startswith(f"“{NAME}” has 13 paragraphs more here (")
    assert draft.variants == ()


def test_two_second_witnesses_are_collated_one_after_the_other() -> None:
    first = replace(
        MANIFEST, collate=(Collate("scan.txt", NAME, True), Collate("film.txt", "the film", True))
    )
    ours = without(BOOK, " 2. \n", "   2. The winter").replace("proposed to build", "prooposed to build")
    scan = without(BOOK, " 3. \n", "   2. The winter").replace("in 1836", "in 1846")
    film = (
        without(BOOK, " 2. \n", " 3. \n").replace("in 1836", "in 1856").replace("mended nets", "mended cats")
    )

    draft = parse_contents(
        first, {"case.txt": ours.encode(), "scan.txt": scan.encode(), "film.txt": film.encode()}
    )

    assert [(note.n, note.supplied_from) for note in draft.notes] == [(1, ""), (2, NAME), (3, "the film")]
    assert [witness.name for witness in draft.witnesses] == ["case.txt", "scan.txt", "film.txt"]
    assert [(v.name, v.reading, v.other) for v in draft.variants] == [
        (NAME, "1836", "1846"),
        ("the film", "1836", "1856"),
        ("the film", "nets", "cats"),
    ]
    for each in draft.variants:
        assert place(draft, each) == (each.reading, each.other)


def test_what_a_later_witness_emends_is_no_variant_of_an_earlier_one() -> None:
    manifests = replace(
        MANIFEST, collate=(Collate("scan.txt", NAME, False), Collate("film.txt", "the film", True))
    )
    ours = BOOK.replace("proposed to build", "prooposed to build")

    draft = parse_contents(
        manifests, {"case.txt": ours.encode(), "scan.txt": BOOK.encode(), "film.txt": BOOK.encode()}
    )

    assert emended(draft) == [("prooposed", "proposed", "second witness: the film")]
    assert draft.variants == ()


def test_other_cuts_of_paragraphs_are_no_variants() -> None:
    other = BOOK.replace("    Nobody kept", "    Nobody").replace("Nobody a", "Nobody kept a")
    other = other.replace("and \nthe rope", "and  \n\n    the rope")

    assert readings(collated(BOOK, other)) == []


def test_a_moved_chapter_is_no_variant() -> None:
    first, second = BOOK.split("   2. The winter")
    other = "   2. The winter" + second + "\n" + first

    draft = collated(BOOK, other)

    assert draft.collations[0].aligned == draft.collations[0].words
    assert draft.variants == ()


# Gaps


def test_a_note_that_only_the_other_has_fills_the_gap() -> None:
    draft = collated(SECOND_NOTE)

    [note] = [each for each in draft.notes if each.supplied_from]
    assert (note.n, note.supplied_from, note.complete, note.inferred) == (2, NAME, True, False)
    assert note.paragraphs[0].text.string.startswith("He is said to have counted horses twice")
    assert [each.n for each in draft.notes] == [1, 2, 3]
    assert draft.missing == ()
    assert draft.collations[0].filled == 1
    assert "gap" not in {each.code for each in draft.diagnostics}


def test_a_supplied_note_has_its_sources_in_the_second_witness() -> None:
    draft = collated(SECOND_NOTE)

    [note] = [each for each in draft.notes if each.supplied_from]
    assert [witness.name for witness in draft.witnesses] == ["case.txt", "scan.txt"]
    assert [witness.n for witness in draft.witnesses] == [0, 1]
    for piece in note.paragraphs[0].text.pieces:
        assert piece.span.witness == 1
        source = draft.witnesses[1].text[piece.span.start : piece.span.end]
        assert source.split() == piece.text.split()


def test_the_books_balance_for_the_second_witness_too() -> None:
    draft = collated(SECOND_NOTE)

    counted = dict(draft.audit)["scan.txt"]
    body = "He is said to have counted horses twice, since they pay the toll of two persons on this river."
    assert counted["note"] == len(body.replace(" ", ""))
    assert sum(counted.values()) == len("".join(BOOK.split()))
    assert set(counted) == {"note", "second witness"}


def test_a_witness_of_the_same_origin_fills_gaps_too() -> None:
    assert [n.n for n in collated(SECOND_NOTE, independent=False).notes if n.supplied_from] == [2]


def test_a_note_that_ours_have_elsewhere_is_not_supplied() -> None:
    ours = BOOK.replace(" 2. \n", " 7. \n")

    assert [each for each in collated(ours).notes if each.supplied_from] == []


def test_a_note_that_another_witness_calls_elsewhere_is_not_supplied() -> None:
    other = BOOK.replace("bank;[2] when", "bank; when").replace("bridge. The", "bridge.[2] The")

    assert [each for each in collated(SECOND_NOTE, other).notes if each.supplied_from] == []


def test_pages_of_a_supplied_note_are_not_taken_over() -> None:
    other = BOOK.replace("since they pay \n", "since they pay").replace(
        "since they pay the toll", "since\npage 44\nthey pay the toll"
    )

    draft = collated(SECOND_NOTE, other)

    assert [part.breaks for note in draft.notes if note.supplied_from for part in note.paragraphs] == [()]


def test_a_fragment_gets_its_number_on_a_clear_lead() -> None:
    ours = SECOND_NOTE.replace(" 1. \n  \n The oldest", " The oldest")

    draft = collated(ours)

    assert (draft.collations[0].numbered, draft.collations[0].filled) == (1, 1)
    assert [(each.n, each.supplied_from) for each in draft.notes] == [(1, ""), (2, NAME), (3, "")]
    assert draft.notes[0].inferred
    assert "note-numbered" in {each.code for each in draft.diagnostics}


TRADES = ["miller", "smith", "baker", "weaver", "cooper", "tanner"]
# Chapter 2 with six notes: a share of the notes is counted from eight on.
MANY_NOTES = (
    "\n    The rules of the ferry were written by "
    + " and \n".join(f"the {trade} of the village,[{n}]" for n, trade in enumerate(TRADES, 1))
    + " and by nobody else in it.  \n\nNotes  \n\n"
    + "".join(
        f" {n}. \n  \n The {trade} could write, and had learned it of the priest at the ferry.  \n\n"
        for n, trade in enumerate(TRADES, 1)
    )
)


def test_a_note_that_was_numbered_is_no_longer_counted_as_one_without() -> None:
    book = BOOK + MANY_NOTES
    ours = book.replace(" 1. \n  \n The oldest", " The oldest")

    def counted(draft: Draft) -> list[tuple[int, int]]:
        return [(each.count, each.of) for each in draft.findings if each.code == "note-without-number"]

    assert counted(parse_contents(MANIFEST, {"case.txt": ours.encode()})) == [(1, 9)]
    assert counted(collated(ours, book)) == []
    without_one = book.replace(" 1. \n  \n The oldest", " \n").replace("remember,[1]", "remember,")
    assert counted(collated(ours, without_one)) == [(1, 9)]


def test_a_fragment_gets_no_number_that_the_other_calls_elsewhere() -> None:
    ours = SECOND_NOTE.replace(" 1. \n  \n The oldest", " The oldest")
    other = BOOK.replace("remember,[1] and", "remember, and").replace("a bridge. The", "a bridge.[1] The")

    draft = collated(ours, other)

    assert draft.collations[0].numbered == 0
    assert [each.n for each in draft.notes if not each.supplied_from] == [None, 3]


# Readings


def test_a_word_that_is_none_is_emended_where_the_other_has_one() -> None:
    draft = collated(BOOK.replace("proposed to build", "prooposed to build"))

    assert emended(draft) == [("prooposed", "proposed", f"second witness: {NAME}")]
    assert "It was proposed to build" in text_of(draft)
    assert draft.variants == ()


def test_calls_behind_an_emended_word_stay_where_they_were() -> None:
    draft = collated(BOOK.replace("The ferryman counted", "The ferryyman counted"))

    paragraph = next(p for p in draft.paragraphs if "other bank;" in p.text.string)
    before = [paragraph.text.string[: reference.offset].split()[-1] for reference in paragraph.references]
    assert "The ferryman counted" in paragraph.text.string
    assert before == ["bank;", "columns."]


def test_a_witness_of_the_same_origin_emends_no_word() -> None:
    draft = collated(BOOK.replace("proposed to build", "prooposed to build"), independent=False)

    assert emended(draft) == []
    assert readings(draft) == [(VariantKind.WORDS, "prooposed", "proposed")]


def test_our_word_is_kept_and_counted_where_the_other_has_none() -> None:
    draft = collated(BOOK, BOOK.replace("proposed to build", "prooposed to build"))

    assert draft.collations[0].kept == 1
    assert draft.variants == ()
    assert "It was proposed" in text_of(draft)


@pytest.mark.parametrize(
    ("reading", "other", "kind"),
    [
        ("in 1824 and", "in 1834 and", VariantKind.FIGURES),
        ("mended nets", "mended cats", VariantKind.WORDS),
        ("on the fourth", "on fourth", VariantKind.WORDS),
        ("nobody on either", "no body on either", VariantKind.DIVISION),
        ("heads, and", "heads; and", VariantKind.PUNCTUATION),
        ("a bridge. The", "a bridge, The", VariantKind.PUNCTUATION),
    ],
)
def test_what_the_rule_does_not_name_is_left_to_a_person(reading: str, other: str, kind: VariantKind) -> None:
    draft = collated(BOOK, BOOK.replace(reading, other))

    [variant] = draft.variants
    assert variant.kind is kind
    assert emended(draft) == []
    assert text_of(draft) == text_of(collated(BOOK))


def test_a_word_with_a_figure_is_never_emended() -> None:
    draft = collated(BOOK.replace("in 1836", "in 18b6"))

    assert emended(draft) == []
    assert readings(draft) == [(VariantKind.FIGURES, "18b6", "1836")]


def test_a_passage_that_only_the_other_has_is_a_variant_at_its_place() -> None:
    ours = without(BOOK, "    It was proposed", "Notes")

    draft = collated(ours)

    [variant] = draft.variants
    assert (variant.kind, variant.reading) == (VariantKind.PASSAGES, "")
    assert variant.other.startswith("It was proposed to build a bridge")
    assert variant.other.endswith("no more was heard of it in the villages.")
    assert draft.witnesses[0].text[: variant.span.start].endswith("between the two columns")
    assert variant.context == "between the two columns …"


def test_words_that_one_witness_lacks_have_the_words_beside_them() -> None:
    [more] = collated(BOOK, BOOK.replace("on the fourth", "on the very fourth")).variants
    [less] = collated(BOOK, BOOK.replace("on the fourth", "on fourth")).variants

    assert (more.reading, more.other) == ("the fourth", "the very fourth")
    assert (less.reading, less.other) == ("on the fourth", "on fourth")
    assert more.context == "three Sundays, and on … the price of timber".replace(",", "")


def test_another_capital_is_a_variant_of_the_last_kind() -> None:
    draft = collated(BOOK, BOOK.replace("barge that came", "Barge that came"))

    assert readings(draft) == [(VariantKind.PUNCTUATION, "barge", "Barge")]


def test_the_capital_of_a_paragraph_that_is_cut_elsewhere_is_no_variant() -> None:
    other = BOOK.replace("in 1836, which was \nthe cause", "in 1836, which was  \n\n    The cause")

    assert readings(collated(BOOK, other)) == []


def test_paragraphs_that_the_other_lacks_are_said_at_once_and_no_variants() -> None:
    other = without(BOOK, "    Nobody kept", "Notes")

    draft = collated(BOOK, other)

    [remark] = [each for each in draft.diagnostics if each.code == "second-witness-lacks"]
    assert (remark.witness, remark.line) == (0, 7)
    assert remark.message.startswith(f"“{NAME}” lacks 2 paragraphs (")
    assert "from “Nobody kept a list of those” on" in remark.message
    assert draft.collations[0].lacking == 2
    assert draft.variants == ()


def test_a_variant_has_its_places_in_both_witnesses() -> None:
    draft = collated(BOOK, BOOK.replace("mended nets", "mended cats"))

    [variant] = draft.variants
    assert place(draft, variant) == ("nets", "cats")
    lines = draft.witnesses[0].text.splitlines(), draft.witnesses[1].text.splitlines()
    assert "nets" in lines[0][variant.line - 1]
    assert "cats" in lines[1][variant.other_line - 1]


def place(draft: Draft, variant: Variant) -> tuple[str, ...]:
    spans = variant.span, variant.other_span
    return tuple(draft.witnesses[span.witness].text[span.start : span.end] for span in spans)


def test_variants_come_in_the_order_of_what_they_could_change() -> None:
    other = BOOK.replace("heads, and", "heads; and").replace("mended nets", "mended cats")
    other = other.replace("in 1836", "in 1846")

    kinds = [each.kind for each in collated(BOOK, other).variants]

    assert kinds == [VariantKind.FIGURES, VariantKind.WORDS, VariantKind.PUNCTUATION]


def test_quotation_marks_and_dashes_of_another_typist_are_no_variants() -> None:
    ours = BOOK.replace("mended nets", 'mended "nets"').replace("a bridge. The", "a bridge -- the")
    other = ours.replace('"nets"', "“nets”").replace(" -- ", " — ")

    assert readings(collated(ours, other)) == []


# Lost letters


def test_a_lost_letter_is_restored_by_any_witness() -> None:
    ours = BOOK.replace("The ferryman counted", "The ferry\ufffdan counted").replace("guilty", "guil\ufffdy")

    draft = collated(ours, independent=False)

    assert "The ferryman counted" in text_of(draft)
    assert "\ufffd" not in text_of(draft)
    assert "lost-letter-unread" not in {each.code for each in draft.diagnostics}


def test_what_is_known_of_our_lost_letter_is_applied_to_the_other_first() -> None:
    ours = (
        BOOK.replace("Nobody", "\ufffdobody").replace("Notes", "\ufffdotes").replace("nets", "NEP, the nets")
    )
    ours = ours.replace("When the", "NEP or not, when the")
    other = ours.replace("\ufffdobody", "\ufffdobody")

    assert readings(collated(ours, other)) == []


# Suspects


def test_a_suspect_that_the_other_reads_alike_is_settled() -> None:
    ours = BOOK.replace("mended nets", "mended nets nets")

    draft = collated(ours, ours)

    assert [(each.suspect.code, each.name, each.emended) for each in draft.settled] == [
        ("doubled-word", NAME, False)
    ]
    assert draft.suspects == ()


def test_a_suspect_that_the_other_reads_as_suggested_is_emended() -> None:
    ours = BOOK.replace("for his figures in", "for his figuers in")

    draft = collated(ours)

    assert [(each.suspect.reading, each.emended) for each in draft.settled] == [("figuers", True)]
    assert emended(draft) == [("figuers", "figures", f"second witness: {NAME}")]
    assert draft.suspects == ()


def test_a_witness_of_the_same_origin_settles_no_suspect() -> None:
    ours = BOOK.replace("mended nets", "mended nets nets")

    draft = collated(ours, ours, independent=False)

    assert draft.settled == ()
    assert "doubled-word" in {each.code for each in draft.suspects}


# Pages, key, headings

KEY = """
VSNKh  Supreme Economic Council of the river
STO  Council of Labour and of the ferry
Rabkrin  Council of the villages

"""


def paged(text: str, *pages: tuple[str, bool, str]) -> Draft:
    """The draft of a text in which these pages begin: each with its number, whether it is attested, and its words."""
    draft = parse_text(text)
    paragraphs = list(draft.paragraphs)
    for page, attested, words in pages:
        k = next(k for k, each in enumerate(paragraphs) if words in each.text.string)
        begin = BreakInText(paragraphs[k].text.string.index(words), page, attested)
        breaks = sorted((*paragraphs[k].breaks, begin), key=lambda each: each.offset)
        paragraphs[k] = replace(paragraphs[k], breaks=tuple(breaks))
    starts = tuple(PageStart(page, attested, None) for page, attested, _ in pages)
    return replace(draft, paragraphs=tuple(paragraphs), pages=starts)


def with_second(draft: Draft, second: Draft) -> Draft:
    return collate_witnesses(replace(draft, seconds=(Second(NAME, True, second),)))


def breaks_of(draft: Draft) -> list[tuple[str, bool, str]]:
    """The pages that begin in paragraphs, each with whether it is attested, and the word with which it begins."""
    return [
        (each.page, each.attested, paragraph.text.string[each.offset :].split()[0])
        for paragraph in draft.paragraphs
        for each in paragraph.breaks
    ]


def test_an_inferred_page_that_the_other_marks_is_attested_where_it_is_marked() -> None:
    ours = BOOK.replace("was read aloud on three", "was reead aloud on three")
    draft = with_second(
        paged(ours, ("5", True, "counted heads"), ("6", False, "of timber"), ("7", True, "mended nets")),
        paged(BOOK, ("6", True, "on three Sundays")),
    )

    assert breaks_of(draft) == [("5", True, "counted"), ("6", True, "on"), ("7", True, "mended")]
    assert [(page.page, page.attested) for page in draft.pages] == [("5", True), ("6", True), ("7", True)]
    [remark] = [each for each in draft.diagnostics if each.code == "page-attested"]
    assert remark.message == f"page 6 begins here: “{NAME}” marks it, and ours let it only be inferred."
    assert draft.collations[0].pages == 1
    assert "was read aloud on three" in text_of(draft)


@pytest.mark.parametrize(
    ("ours", "other"),
    [
        (("6", False, "of timber"), ("6", False, "on three Sundays")),  # the other infers it too
        (("6", False, "of timber"), ("6", True, "the guilty person")),  # it would leave its division
        (("6", False, "of timber"), ("6", True, "grey heads")),  # ours lack the place
        (("6", True, "of timber"), ("6", True, "on three Sundays")),  # ours mark it themselves
        (("6", False, "of timber"), ("6", True, "in 1824")),  # it would pass page 5
    ],
)
def test_a_page_stays_where_its_place_is_not_certain(
    ours: tuple[str, bool, str], other: tuple[str, bool, str]
) -> None:
    text = BOOK.replace("counted heads", "counted grey heads")

    draft = with_second(paged(BOOK, ("5", True, "counted heads"), ours), paged(text, other))

    assert breaks_of(draft) == [("5", True, "counted"), ("6", ours[1], "of")]
    assert draft.collations[0].pages == 0


def test_rows_of_the_key_that_only_the_other_has_are_taken_if_the_text_uses_them() -> None:
    text = BOOK.replace("mended nets", "mended the nets of VSNKh")
    ours = KEY.replace("VSNKh  Supreme Economic Council of the river\n", "") + text
    other = KEY.replace("villages\n", "villages\nNEP  A policy that nobody here speaks of\n", 1) + text

    draft = collated(ours, other)

    assert [entry.headword for entry in draft.key] == ["STO", "Rabkrin", "VSNKh"]
    assert draft.key[2].definition == "Supreme Economic Council of the river"
    assert {span.witness for span in draft.key[2].spans} == {1}
    assert dict(draft.audit)["scan.txt"]["key"] == len("VSNKhSupremeEconomicCounciloftheriver")
    said = {each.code: each.message for each in draft.diagnostics}
    assert said["key-row-supplied"] == f"the key of “{NAME}” has a row “VSNKh”; ours lack it."
    assert "“NEP”; it was left out: the text does not use it" in said["second-witness-key"]


def test_a_row_of_ours_that_the_other_misread_is_not_taken() -> None:
    text = BOOK.replace("mended nets", "mended the nets of VSNKh and VSNKb")

    draft = collated(KEY + text, KEY.replace("VSNKh", "VSNKb") + text)

    assert [entry.headword for entry in draft.key] == ["VSNKh", "STO", "Rabkrin"]


def test_a_heading_that_only_the_other_has_is_told_and_not_applied() -> None:
    other = BOOK.replace("    In the end", "   3. The barge in the night  \n\n    In the end")

    draft = collated(BOOK, other)

    [remark] = [each for each in draft.diagnostics if each.code == "second-witness-heading"]
    assert (
        remark.message
        == f"“{NAME}” has a heading before this text that ours lacks: “The barge in the night”."
    )
    assert "In the end" in BOOK.splitlines()[remark.line - 1]
    assert [d.head.string for d in draft.divisions] == [d.head.string for d in parse_text(BOOK).divisions]


def test_a_heading_that_reads_otherwise_is_told_and_not_applied() -> None:
    draft = collated(BOOK, BOOK.replace("2. The winter of the ice", "2. The winters of the ice"))

    [remark] = [each for each in draft.diagnostics if each.code == "second-witness-heading"]
    assert remark.message == f"“{NAME}” has the heading before this text as “The winters of the ice”."
    assert draft.divisions[-1].head.string == "The winter of the ice"


# What is said


def test_the_report_says_what_a_second_witness_brought() -> None:
    other = BOOK.replace("in 1836", "in 1846")
    lines = [*report(collated(SECOND_NOTE.replace("proposed to", "prooposed to"), other))]

    assert any(line.startswith(f"{NAME} (independent): ") for line in lines)
    said = {line.strip() for line in lines}
    assert {"1  missing notes supplied", "1  readings emended", "1  variants", "figures: 1"} <= said


def test_a_second_witness_that_was_misread_is_said() -> None:
    finding = Finding(
        "short-paragraphs", 9, 10, ((0, 3),), "many paragraphs have no more than a line", "", True
    )
    misread = replace(parse_text(BOOK), findings=(finding,))

    draft = collate_witnesses(replace(parse_text(BOOK), seconds=(Second(NAME, True, misread),)))

    [remark] = [each for each in draft.diagnostics if each.code == "second-witness-doubtful"]
    assert (remark.witness, remark.line) == (1, 3)
    assert remark.message == f"“{NAME}”: many paragraphs have no more than a line."
