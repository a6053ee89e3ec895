from collections import Counter
from importlib.resources import files

import pytest

from reader.text.transliteration import key, words_in


@pytest.mark.parametrize(
    "spellings",
    [
        ("Izvestiia", "Izvestiya", "Izvestija", "Izvestia", "Известия"),
        ("Trotskii", "Trotskiy", "Trotsky", "Trockij", "Trotzky", "Троцкий"),
        ("sel'kor", "sel’kor", "selʹkor", "selkor", "sel′kor", "селькор"),
        ("khoziaistvo", "khozyaystvo", "xozjajstvo", "hozjajstvo", "хозяйство"),
        ("Ezhov", "Yezhov", "Ežov", "Ježov", "Ежов"),
        ("Andreev", "Andreyev", "Andrejev"),
        ("Dzerzhinskii", "Dzerzhinsky", "Dzeržinskij", "Dzerzinskij", "Дзержинский"),
        ("Zinov'ev", "Zinovʹev", "Zinovev", "Zinoviev", "Zinovyev", "Zinovjev", "Зиновьев"),
        ("Vasil'eva", "Vasilieva", "Vasilyeva", "Васильева"),
        ("Kiev", "Kiyev", "Kijev", "Киев"),
        ("Iuzhnyi", "Yuzhnyy", "Južnyj", "Южный"),
        ("pomeshchik", "pomeščik", "pomeschtschik", "помещик"),
        ("Chaianov", "Chayanov", "Čajanov", "Tschajanov", "Tchayanov"),
        ("kolkhoz", "kolxoz", "kolhoz", "KOLKHOZ", "колхоз"),
        ("ob''ekt", "ob'ekt", "obʺekt", "obekt", "объект"),
        ("artel'", "artel", "artelʹ", "артель"),
        ("tsentr", "centr", "центр"),
        ("Donets", "Donec", "Донец"),
        ("czar", "tsar", "tzar"),
        ("bol'shevik", "bol'ševik", "bolschevik", "большевик"),
        ("khrushchev", "xruščev", "khrushchëv", "хрущёв"),
        ("Charrière", "charriere"),
        ("soi\u0361uz", "soiuz", "soyuz", "sojuz"),
    ],
)
def test_the_spellings_of_one_word_have_one_key(spellings: tuple[str, ...]) -> None:
    assert {key(spelling) for spelling in spellings} == {key(spellings[0])}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("arts", "arc"),
        ("years", "ears"),
        ("yeast", "east"),
        ("flying", "fling"),
        ("ii", "iii"),
        ("piece", "pece"),
        ("could", "culd"),
        ("west", "vest"),
        ("rights", "righc"),
        ("chat", "hat"),
        ("shut", "hut"),
        ("zhdanov", "danov"),
        ("lien", "len"),
        ("Zinov'ev", "Zinov"),
    ],
)
def test_words_of_english_that_only_look_alike_have_two(a: str, b: str) -> None:
    assert key(a) != key(b)


@pytest.mark.parametrize("nothing", ["", "'", "ʹʺ", "😀", "\u202e"])
def test_what_is_no_word_has_no_key(nothing: str) -> None:
    assert key(nothing) == ""


def test_the_words_of_a_text_stand_without_possessive_and_single_letters() -> None:
    text = "Rabsel'kor's plan — a two-thirds' vote, 1928; O, the NEP’s selʹkory (ob''ekt)"

    assert words_in(text) == [
        *("Rabsel'kor", "plan", "two", "thirds", "vote", "the", "NEP", "selʹkory", "ob''ekt")
    ]


def test_few_words_of_english_share_a_key() -> None:
    lexicon = files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    words = [line.split()[0] for line in lexicon.read_text(encoding="utf-8-sig").splitlines()[:20_000]]
    spelt = Counter(key(word) for word in {word for word in words if len(word) > 1})

    assert sum(1 for count in spelt.values() if count > 1) <= 60
