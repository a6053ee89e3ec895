import pytest

from reader.text.english_spellings import other_spellings, with_prefix_apart

# PostgreSQL's english.stop: words that are not searched for. A spelling of one of them would be.
STOP_WORDS = """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it
    its itself they them their theirs themselves what which who whom this that these those am is are was were be been
    being have has had having do does did doing a an the and but if or because as until while of at by for with about
    against between into through during before after above below to from up down in out on off over under again further
    then once here there when where why how all any both each few more most other some such no nor not only own same so
    than too very s t can will just don should now
"""


PAIRS = """
    labour labor, labourers laborers, favourable favorable, organise organize, industrialisation industrialization,
    centre center, theatres theaters, kilometre kilometer, defence defense, licences licenses, travelled traveled,
    modelling modeling, catalogue catalog, programmes programs, grey gray, ploughs plows, skilful skillful,
    fulfilment fulfillment, practise practice, sceptical skeptical, analysed analyzed, judgements judgments
"""
COMMON = "four hour filled called rise size worker hence peasant were letter"


@pytest.mark.parametrize("pair", PAIRS.split(","))
def test_a_british_and_an_american_spelling_give_each_other(pair: str) -> None:
    british, american = pair.split()

    assert american in other_spellings(british)
    assert british in other_spellings(american.title())


@pytest.mark.parametrize("word", COMMON.split())
def test_no_rule_makes_another_common_word_of_a_word(word: str) -> None:
    assert not {"for", "hor", "filed", "caled", "wourker", "where", "wer"} & set(other_spellings(word))


@pytest.mark.parametrize("word", STOP_WORDS.split())
def test_a_word_that_is_not_searched_for_has_no_other_spelling(word: str) -> None:
    assert other_spellings(word) == []
    assert with_prefix_apart(word) == ""


def test_a_prefix_is_written_with_a_hyphen_or_without() -> None:
    assert with_prefix_apart("Cooperation") == "co operation"
    assert with_prefix_apart("coop") == ""
