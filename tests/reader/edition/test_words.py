import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reader.models import Division, Volume, Word
from reader.publishing.publish import publish_chapters, publish_volume
from tests.factories import make_division, make_note, make_paragraph, make_term, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    return make_volume()


def recorded(volume: Volume, division: Division | None) -> dict[str, int]:
    return dict(volume.words.filter(division=division).values_list("text", "count"))


def test_the_words_of_text_notes_and_heads_are_recorded_by_chapter(volume: Volume) -> None:
    chapter = make_division(volume, head="Of *rye*[^1]")
    section = make_division(volume, head="Carts", kind=Division.Kind.SECTION, parent=chapter)
    make_paragraph(section, "Rye, rye and trans{p. 4}formed Carts.")
    make_note(chapter, 1, "Clerks' carts.")

    publish_volume(volume)

    assert recorded(volume, chapter) == {
        **{"Of": 1, "rye": 3, "and": 1, "transformed": 1, "Carts": 3, "Clerks": 1}
    }


def test_the_words_of_the_glossary_are_recorded_without_a_chapter(volume: Volume) -> None:
    make_division(volume)
    make_term(volume.glossary, "Rabsel'kor", definition="Worker correspondent")

    publish_volume(volume)

    assert recorded(volume, None) == {"Rabsel'kor": 1, "Worker": 1, "correspondent": 1}


def test_a_correction_changes_the_words_of_its_chapter_alone_and_writes_little(volume: Volume) -> None:
    first, second = make_division(volume, head="One"), make_division(volume, head="Two")
    paragraph = make_paragraph(first, "rye wheat")
    make_paragraph(second, "rye oats")
    publish_volume(volume)
    kept = set(Word.objects.exclude(text="wheat").values_list("pk", flat=True))
    paragraph.text = "rye barley"
    paragraph.save()

    publish_chapters(volume, [first])

    assert recorded(volume, first) == {"One": 1, "rye": 1, "barley": 1}
    assert recorded(volume, second) == {"Two": 1, "rye": 1, "oats": 1}
    assert kept < set(Word.objects.values_list("pk", flat=True))


def test_publishing_again_writes_no_word(volume: Volume) -> None:
    make_paragraph(make_division(volume), "rye wheat")
    publish_volume(volume)

    with CaptureQueriesContext(connection) as queries:
        publish_volume(volume)

    about_words = [query["sql"] for query in queries if '"reader_word"' in query["sql"]]
    assert about_words
    assert all(statement.startswith("SELECT") for statement in about_words)


def test_the_words_of_a_division_that_is_no_chapter_any_more_are_forgotten(volume: Volume) -> None:
    chapter, other = make_division(volume, head="One"), make_division(volume, head="Two")
    publish_volume(volume)
    other.kind, other.parent = Division.Kind.SECTION, chapter
    other.save()

    publish_volume(volume)

    assert recorded(volume, other) == {}
    assert recorded(volume, chapter) == {"One": 1, "Two": 1}


@pytest.mark.parametrize(
    "text", ["x" * 10_000, "\ufdfa" * 100, "ЩЩ" * 50, "ß" * 100, "İ" * 90, "a\u0301" * 50]
)
def test_no_word_is_too_strange_to_be_published(volume: Volume, text: str) -> None:
    make_paragraph(make_division(volume), text)

    publish_volume(volume)

    assert Word.objects.filter(volume=volume).exists()
