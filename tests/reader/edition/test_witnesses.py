import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from reader.edition.witnesses import passages_of
from tests.factories import make_volume, make_witness

pytestmark = pytest.mark.django_db


def lines_of(content: bytes, first: int, last: int, encoding: str = "utf-8") -> list[str]:
    witness = make_witness(make_volume(), content, encoding=encoding, digest=str(hash(content)))
    return [line for passage in passages_of(witness.volume_id, [[1, first, last]]) for line in passage.lines]


def test_lines_are_given_as_they_came() -> None:
    assert lines_of(b"One\n  two  \n\tthree\n", 2, 3) == ["  two  ", "\tthree"]


def test_lines_end_where_an_import_ends_them() -> None:
    assert lines_of(b"One\r\ntwo\rthree\n\nfive\x0cstill\xe2\x80\xa8five", 1, 5) == [
        *("One", "two", "three", "", "five\x0cstill\N{LINE SEPARATOR}five"),
    ]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1251", "utf-16", "utf-32-be"])
def test_lines_are_read_in_the_encoding_of_their_witness(encoding: str) -> None:
    letter = "ю" if encoding == "cp1251" else "ü"

    assert lines_of(f"{letter}ne\n{letter}wo\n{letter}hree".encode(encoding), 2, 3, encoding) == [
        f"{letter}wo",
        f"{letter}hree",
    ]


def test_lines_that_a_witness_has_not_are_left_out() -> None:
    assert lines_of(b"One\ntwo", 2, 9) == ["two"]
    assert lines_of(b"One\ntwo", 5, 9) == []


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    assert lines_of(b"On\xffe\ntwo", 1, 1) == ["On\ufffde"]


def test_passages_know_their_witness_and_their_lines() -> None:
    volume = make_volume()
    make_witness(volume, b"a\nb\nc\nd\ne", name="one.txt", digest="1a")
    make_witness(volume, b"f\ng", n=2, name="two.txt", digest="2a")

    passages = list(passages_of(volume.pk, [[1, 1, 2], [1, 4, 5], [2, 1, 1], [3, 1, 1]]))

    assert [(p.witness, p.first, p.last, list(p.lines)) for p in passages] == [
        ("one.txt", 1, 2, ["a", "b"]),
        ("one.txt", 4, 5, ["d", "e"]),
        ("two.txt", 1, 1, ["f"]),
    ]


def test_only_the_lines_that_are_shown_are_read_out_of_a_witness(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    volume = make_volume()
    make_witness(volume, b"a\nb\nc\nd\ne", digest="of this test alone")
    list(passages_of(volume.pk, [[1, 1, 1]]))

    with django_assert_num_queries(2) as captured:
        list(passages_of(volume.pk, [[1, 1, 2], [1, 4, 5]]))

    assert all('"content" FROM' not in query["sql"] for query in captured.captured_queries)


def test_a_witness_that_took_the_place_of_another_is_read_anew() -> None:
    witness = make_witness(make_volume(), b"a\nb", digest="of the old one")
    list(passages_of(witness.volume_id, [[1, 2, 2]]))

    witness.content, witness.digest = b"longer than before\nb", "of the new one"
    witness.save()

    assert next(iter(passages_of(witness.volume_id, [[1, 2, 2]]))).lines == ["b"]
