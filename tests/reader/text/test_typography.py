"""What a page shows for the characters of a typewriter. `|` is the sign that keeps a dash with its word, `~` a space
that ends no line."""

import html
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.rendering import Block, NoteBlock, Section, TermSpan, heading, render_chapter
from reader.text.sentences import snippet
from reader.text.typography import JOINER, NO_BREAK, folded_back, typeset


def shown(text: str, language: str = "en") -> str:
    return typeset(text, language).shown().replace(JOINER, "|").replace(NO_BREAK, "~")


@pytest.mark.parametrize(
    ("source", "book"),
    [
        # Quotation marks in pairs.
        ('He called it "a plan".', "He called it “a plan”."),
        ('"The plan," he wrote, "is ours alone."', "“The plan,” he wrote, “is ours alone.”"),
        ("The so-called 'Left' and 'Right' deviations.", "The so-called ‘Left’ and ‘Right’ deviations."),
        # One within the other, side by side, doubled.
        ("He said: \"She wrote: 'No.'\"", "He said: “She wrote: ‘No.’”"),
        ("\"'Land,' they cried, and 'bread'.\"", "“‘Land,’ they cried, and ‘bread’.”"),
        ('He quoted "the "new" men" often.', "He quoted “the “new” men” often."),
        ('"Grain" "rye" ("oats")', "“Grain” “rye” (“oats”)"),
        # After dashes, brackets and hyphens, before a note's call.
        ('It came--"too late."', "It came|—“too late.”"),
        ('[ "Quoted" ] and ["quoted"]', "[ “Quoted” ] and [“quoted”]"),
        ('The pseudo-"Marxist" line.', "The pseudo-“Marxist” line."),
        ('"What?"--"Nothing."', "“What?”|—“Nothing.”"),
        # A mark without a partner stays, and takes no other mark's partner.
        ('He said "nothing.', 'He said "nothing.'),
        ('nothing," he said.', 'nothing," he said.'),
        ('"Open only. He said "nothing".', '"Open only. He said “nothing”.'),
        ('A mark " between spaces', 'A mark " between spaces'),
        ("He said 'nothing.", "He said 'nothing."),
        # Apostrophes: in a word, of a plural, of a year, of a lost beginning.
        ("The Party's line; he didn't; Rabsel'kor.", "The Party’s line; he didn’t; Rabsel’kor."),
        ("The workers' and peasants' state.", "The workers’ and peasants’ state."),
        ("The '20s, the 1920's, and October '17.", "The ’20s, the 1920’s, and October ’17."),
        ("'Tis so, and 'twas.", "’Tis so, and ’twas."),
        ("'The peasants' land' was a slogan.", "‘The peasants’ land’ was a slogan."),
        ('"The workers\' state," he said.', "“The workers’ state,” he said."),
        # Feet and inches are no quotation.
        ("It was 5'10\" high.", "It was 5'10\" high."),
        # Marks that are a book's already.
        ("He called it “a plan” – ‘ours’.", "He called it “a plan” – ‘ours’."),
        # Dashes stay with the word before.
        ("The plan -- and the land.", "The plan|—and the land."),
        ("The plan--and the land---so.", "The plan|—and the land|—so."),
        ("The plan — and the land.", "The plan|—and the land."),
        ("(-- so they say)", "(—so they say)"),
        ("-- A list's line.", "— A list’s line."),
        ("a rule ---- here, war-communism", "a rule ---- here, war-communism"),
        # Ranges of years and pages; nothing else with a hyphen.
        ("In 1923-1930 and 1927-28.", "In 1923–1930 and 1927–28."),
        ("See pp. 112-15 and pp. xii-xv.", "See pp.~112–15 and pp.~xii–xv."),
        ("1923--1930", "1923–1930"),
        ("On 1927-10-05, T-34, a 5-year plan, ISBN 0-85345-396-1.",) * 2,
        # An ellipsis in one piece; of four points one ends the sentence.
        ("He went . . . and came.", "He went~… and came."),
        ("He went. . . . Then he came.", "He went.… Then he came."),
        ("wait... [. . .] so", "wait… […] so"),
        (". . . and so on", "… and so on"),
        ("Contents . . . . . . . . 12",) * 2,
        # What no line may part.
        ("p. 42, Vol. 1, no. 7, ch. iv, § 5", "p.~42, Vol.~1, no.~7, ch.~iv, §~5"),
        ("V. I. Lenin and E. H. Carr", "V.~I. Lenin and E.~H. Carr"),
        ("He didn't. No. The end.", "He didn’t. No. The end."),
    ],
)
def test_a_text_is_shown_as_an_english_book_sets_it(source: str, book: str) -> None:
    assert shown(source) == book


@pytest.mark.parametrize(
    ("source", "book"),
    [
        ("« l'Union »", "«~l’Union~»"),
        ("«\u202fl'Union\u202f»", "«\u202fl’Union\u202f»"),
        ("Quoi ? Rien ; voila : tout !", "Quoi~? Rien~; voila~: tout~!"),
        ("Il dit -- peut-être...", "Il dit~– peut-être…"),
        ('Il dit "oui".', 'Il dit "oui".'),
    ],
)
def test_a_french_text_keeps_its_guillemets_and_thin_spaces(source: str, book: str) -> None:
    assert shown(source, "fr-FR") == book


@pytest.mark.parametrize("language", ["", "de", "ru", "xx-YY"])
def test_a_language_without_rules_keeps_the_characters_of_the_source(language: str) -> None:
    assert shown("\"Das\" -- 'so' . . .", language) == "\"Das\" -- 'so' . . ."


PROSE = st.lists(
    st.sampled_from(
        ["word", "1923", "s", "Ж", "😀", "V.", "p.", '"', "'", " -- ", "--", "-", ". . .", "...", " ", "\n"]
    )
    | st.sampled_from(
        ["(", ")", "[", "]", "<", "&", "…", "—", "“", "”", ",", ".", "!", "\u00a0", "\\*", "*"]
    ),
    max_size=30,
).map("".join)


@given(PROSE | st.text(), st.sampled_from(["en", "fr", "de"]))
def test_what_is_shown_leads_back_to_the_source(text: str, language: str) -> None:
    done = typeset(text, language)
    code = re.search(r'data-s="([^"]*)"', done.wrapped(done.html()))

    assert folded_back(done.shown(), html.unescape(code[1]) if code else "") == text


@given(PROSE | st.text())
def test_no_letter_and_no_figure_is_touched(text: str) -> None:
    letters = re.compile(r"[\W_]+")

    assert letters.sub("", typeset(text, "en").shown()) == letters.sub("", text)


@given(PROSE, st.lists(st.integers(0, 60), max_size=4).map(sorted))
def test_a_text_in_pieces_is_shown_as_in_one(text: str, cuts: list[int]) -> None:
    done = typeset(text, "en")
    edges = [0, *(min(cut, len(text)) for cut in cuts), len(text)]

    assert "".join(done.shown(a, b) for a, b in pairwise(edges)) == done.shown()


def chapter(*blocks: Block, notes: list[NoteBlock] | None = None) -> tuple[str, str]:
    rendered = render_chapter(Section("one", "", "", blocks=blocks), notes or [], language="en")
    return rendered.body, rendered.notes


def test_marks_find_their_partner_across_calls_terms_emphasis_and_page_breaks() -> None:
    text = 'He said "the *new* NEP[^1] is {p. 42}here," and *"so"*.'
    body, _ = chapter(
        Block(1, "prose", text, links=[TermSpan(17, 20, "nep")]), notes=[NoteBlock(1, 1, "A note.")]
    )
    text_alone = re.sub(r"<a[^>]*noteref.*?</a>|<[^>]*>", "", body)

    assert text_alone == "He said “the new NEP is here,” and “so”."
    assert '<a class="t caps" href="../glossary/nep/">NEP</a>' in body


def test_nothing_is_typeset_within_tags() -> None:
    body, notes = chapter(
        Block(1, "prose", "The 'x' [^1]", links=[TermSpan(4, 7, "a'b--c")]),
        notes=[NoteBlock(1, 1, 'No. 7 -- "so".', supplied='a -- "b"')],
    )

    assert 'href="../glossary/a&#x27;b--c/"' in body
    assert "[a -- &quot;b&quot;]" in notes
    assert "No.\u00a07\u2060—“so”." in notes


def test_figures_of_a_table_keep_their_characters_and_its_words_do_not() -> None:
    body, _ = chapter(
        Block(1, "table", "^ Peasants' share\n! Year | Share\n| The 'kulaks' | 12-15 |\n| 1927 | 5.0 |")
    )

    assert "<td>12-15</td>" in body
    assert "The ‘kulaks’" in body
    assert "Peasants’ share" in body


def test_an_acronym_is_told_apart_from_a_word() -> None:
    forms = {"NEP": True, "RCP(B)": True, "R.C.P.": True, "VSNKh": False, "Gosplan": False, "A": False}
    for form, is_acronym in forms.items():
        body, _ = chapter(Block(1, "prose", form, links=[TermSpan(0, len(form), "x")]))
        assert ("caps" in body) is is_acronym


def test_heads_and_snippets_are_shown_as_the_text_is() -> None:
    assert "‘Left’" in heading("The 'Left'", "en")
    assert "“<mark>plan</mark>”" in snippet('A "plan" came.', 3, 7, language="en")
    assert '"' not in re.sub(r"<[^>]*>", "", snippet('A "plan" came.', 3, 7, language="en"))
