"""Putting a reading right everywhere, and taking the replacement back: the deed, and its pages."""

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from reader.correction import replacing
from reader.correction.correcting import Refused, correct, versions_of
from reader.correction.replacing import FoundPlaces, apply, find, undo
from reader.models import Level, Note, Paragraph, Replaced, Replacement, Volume
from reader.publishing.publish import publish_volume
from reader.text import markup, readings
from tests.examples import examples
from tests.factories import make_division, make_note, make_page_break, make_paragraph, make_volume
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera")


@pytest.fixture
def boris() -> User:
    return User.objects.create_user("boris")


@pytest.fixture
@made_once
def volume() -> Volume:
    """Two chapters; in the first a section, whose paragraphs stand before the notes of the chapter."""
    volume = make_volume(slug="plans")
    first = make_division(volume, slug="one", head="Grain")
    section = make_division(volume, slug="one-i", kind="section", head="Bread", parent=first)
    second = make_division(volume, slug="two", head="Steel")
    make_paragraph(first, "The mirr bought{p. 42} rye[^1]. No mirr sold it.")
    make_paragraph(section, "Of the *mirr* and its bread.")
    make_paragraph(second, "The mi{p. 43}rr had no steel; mirrors it had.")
    make_note(first, 1, "A mirr is a village.")
    make_note(second, 1, "Of steel nothing is known.")
    make_page_break(volume, "42")
    make_page_break(volume, "43")
    publish_volume(volume)
    return volume


def wanted(volume: Volume, reading: str = "mirr", replacement: str = "mir", **values: Any) -> Replacement:
    defaults = {"is_whole_word": True, "reason": "the font has no single r"}
    return Replacement(volume=volume, reading=reading, replacement=replacement, **{**defaults, **values})


def keys(found: FoundPlaces) -> list[str]:
    return [place.key for place in found.places]


def texts(volume: Volume) -> list[str]:
    paragraphs = volume.paragraphs.order_by("position").values_list("text", flat=True)
    notes = Note.objects.filter(division__volume=volume).order_by("division__position", "position")
    return [*paragraphs, *notes.values_list("text", flat=True)]


def put_right(volume: Volume, by: User, *args: str, **values: Any) -> replacing.Applied:
    """Put right all places of the reading."""
    row = wanted(volume, *args, **values)
    return apply(row, keys(find(row)), by=by)


# --- Finding ---


def test_every_place_is_found_in_its_sentence_in_the_order_of_the_book(volume: Volume) -> None:
    found = find(wanted(volume))

    assert [(name, [place.name for place in places]) for name, places in found.chapters] == [
        ("Grain", ["paragraph 1", "paragraph 1", "paragraph 2", "note 1"]),
        ("Steel", ["paragraph 3"]),
    ]
    first, second, *_ = found.places
    assert (first.before, first.reading, first.put, first.after) == ("The ", "mirr", "mir", " bought rye.")
    assert (second.before, second.after) == ("No ", " sold it.")
    assert (found.total, found.texts, found.rest) == (5, 4, 0)


def test_a_part_of_a_word_is_found_if_it_is_asked_for(volume: Volume) -> None:
    found = find(wanted(volume, is_whole_word=False))

    assert found.total == 6
    assert found.places[-1].after.startswith("ors it had")


def test_markup_that_a_person_types_is_looked_for_as_readers_see_it(volume: Volume) -> None:
    make_paragraph(volume.divisions.all()[0], r"Three \* four are twelve, *three* and \[^1] are not.")

    assert [len(find(wanted(volume, reading)).places) for reading in ("*", "[^1]", "*three*")] == [1, 1, 0]


def test_the_number_of_statements_does_not_grow_with_the_places(
    volume: Volume, django_assert_num_queries: Any
) -> None:
    for _ in range(20):
        make_paragraph(volume.divisions.all()[1], "A mirr and another mirr[^1].")

    with django_assert_num_queries(6):
        found = find(wanted(volume))
        assert all(place.url for place in found.places)
    assert found.total == 45


def test_no_more_places_are_shown_than_a_person_looks_through(
    volume: Volume, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacing, "SHOWN", 2)

    found = find(wanted(volume))

    assert (len(found.places), found.total, found.rest) == (2, 5, 3)


# Letters, white space, and all characters of markup.
SOURCES = st.lists(st.sampled_from([*"abé \n*\\[]^{}12.p'", "[^1]", "{p. a}", "ab", "* "]), max_size=30).map(
    "".join
)
READINGS = st.text(st.sampled_from("abé *\\[^1]{p.}'"), min_size=1, max_size=4).filter(str.strip)
slowly = examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    "source",
    ["trans{p. 42}formation", "trans[^1]formation", "*trans*formation", "trans[^1]*{p. 42}formation*"],
)
def test_markup_inside_a_word_does_not_hide_it(source: str) -> None:
    text = make_paragraph(make_division(make_volume()), f"The {source}.")

    assert find(wanted(text.volume, "transformation")).total == 1


# Few letters, so that markup often stands inside a reading.
NARROW = st.lists(
    st.sampled_from([*"ab*", "[^1]", "{p. a}", r"\*", " ", r"\[^1]"]), min_size=5, max_size=12
).map("".join)


@slowly
@given(sources=st.lists(NARROW, min_size=1, max_size=2), is_whole_word=st.booleans(), data=st.data())
def test_what_the_database_passes_over_has_no_place(
    sources: list[str], is_whole_word: bool, data: st.DataObject
) -> None:
    plain = markup.plain(sources[0])
    start = data.draw(st.integers(0, max(0, len(plain) - 2)))
    reading = plain[start : start + data.draw(st.integers(2, 4))]
    assume(reading.strip())
    chapter = make_division(make_volume())
    for source in sources:
        make_paragraph(chapter, source)

    found = find(wanted(chapter.volume, reading, is_whole_word=is_whole_word))

    everywhere = [
        readings.hits(markup.plain(source), reading, whole_word=is_whole_word) for source in sources
    ]
    assert found.total == sum(map(len, everywhere))


# --- Putting right ---


def test_a_reading_is_put_right_and_no_marker_or_emphasis_is_lost(volume: Volume, vera: User) -> None:
    done = put_right(volume, vera)

    assert texts(volume) == [
        "The mir bought{p. 42} rye[^1]. No mir sold it.",
        "Of the *mir* and its bread.",
        "The mi{p. 43}r had no steel; mirrors it had.",
        "A mir is a village.",
        "Of steel nothing is known.",
    ]
    assert (done.places, done.texts, done.untouched) == (5, 4, [])
    assert sum(row.count for row in Replaced.objects.all()) == 5


def test_what_is_put_right_is_published_once_and_found(client: Client, volume: Volume, vera: User) -> None:
    put_right(volume, vera)

    volume.refresh_from_db()
    assert volume.revision == 2
    assert "Of the <em>mir</em>" in client.get("/plans/one/").content.decode()
    assert "mir bought" in re.sub("<[^>]+>", "", client.get("/plans/search/?q=mir").content.decode())


def test_each_text_keeps_who_put_it_right_and_why(volume: Volume, vera: User) -> None:
    Paragraph.objects.filter(number=1).update(level=Level.PROOFREAD)

    put_right(volume, vera)

    paragraph = Paragraph.objects.get(number=1)
    assert (paragraph.corrected_by, paragraph.level) == ([vera.pk], Level.NOT_PROOFREAD)
    assert [
        (version.history_user_id, version.history_change_reason) for version in versions_of(paragraph)
    ] == [
        (vera.pk, "the font has no single r"),
        (None, "as imported"),
    ]


def test_a_place_that_was_left_out_stays_as_it_is(volume: Volume, vera: User) -> None:
    row = wanted(volume)
    [_, *others] = keys(find(row))

    apply(row, others, by=vera)

    assert texts(volume)[0] == "The mirr bought{p. 42} rye[^1]. No mir sold it."


def test_a_place_whose_sentence_changed_meanwhile_is_left_and_told(
    volume: Volume, vera: User, boris: User
) -> None:
    row = wanted(volume)
    shown = keys(find(row))
    text = Paragraph.objects.get(number=1)
    correct(text, text.text.replace("sold", "ate"), seen=text.text, by=boris, reason="compared")
    Note.objects.get(division__slug="one").delete()

    done = apply(row, shown, by=vera)

    assert texts(volume)[0] == "The mir bought{p. 42} rye[^1]. No mirr ate it."
    assert [str(each) for each in done.untouched] == [
        "A note with 1 place is gone.",
        "paragraph 1, Grain: 1 place no longer reads as shown.",
    ]
    assert (done.places, done.texts) == (3, 3)


def test_the_same_places_cannot_be_put_right_twice(volume: Volume, vera: User) -> None:
    shown = keys(find(wanted(volume)))
    apply(wanted(volume), shown, by=vera)

    again = apply(wanted(volume), shown, by=vera)

    assert (again.replacement, again.places, len(again.untouched)) == (None, 0, 4)
    assert Replacement.objects.count() == 1


def test_places_of_another_volume_cannot_be_named(volume: Volume, vera: User) -> None:
    other = make_paragraph(make_division(make_volume()), "The mirr.")
    [key] = keys(find(wanted(other.volume)))

    done = apply(wanted(volume), [key, "p1-xyz", "<b>"], by=vera)

    other.refresh_from_db()
    assert (done.replacement, other.text) == (None, "The mirr.")
    assert len(done.untouched) == 3


def test_a_reading_can_be_deleted_but_no_text_whole(volume: Volume, vera: User) -> None:
    make_paragraph(volume.divisions.all()[1], "[^1]mirr{p. 44}")

    done = put_right(volume, vera, "mirr", "")

    assert texts(volume)[1] == "Of the  and its bread."
    assert texts(volume)[3] == "[^1]mirr{p. 44}"
    assert [str(each) for each in done.untouched] == ["paragraph 4, Grain: nothing would be left of it."]


def test_what_is_put_is_text_and_never_markup(volume: Volume, vera: User) -> None:
    put_right(volume, vera, "steel", "*iron*[^7]{p. 9}")

    text = Paragraph.objects.get(number=3).text
    assert markup.plain(text) == "The mirr had no *iron*[^7]{p. 9}; mirrors it had."
    assert [marker.n for marker in markup.markers(text)] == ["43"]


def test_white_space_that_was_not_to_change_stays_as_the_text_has_it(volume: Volume, vera: User) -> None:
    verse = make_paragraph(volume.divisions.all()[0], "the old\nmirr and the old  mirr", kind="quotation")

    put_right(volume, vera, "old mirr", "old mir")

    verse.refresh_from_db()
    assert verse.text == "the old\nmir and the old  mir"


def test_white_space_that_was_to_change_changes(volume: Volume, vera: User) -> None:
    text = make_paragraph(volume.divisions.all()[0], "rye  and oats, rye and oats")

    done = put_right(volume, vera, "rye  and", "rye and")

    text.refresh_from_db()
    assert text.text == "rye and oats, rye and oats"
    assert done.places == 2


def test_what_reads_so_already_is_told(volume: Volume, vera: User) -> None:
    make_paragraph(volume.divisions.all()[0], "rye and oats")

    done = put_right(volume, vera, "rye  and", "rye and")

    assert [str(each) for each in done.untouched] == ["paragraph 4, Grain: it reads so already."]


# --- Taking back ---


def test_one_undo_takes_back_the_whole_set(client: Client, volume: Volume, vera: User, boris: User) -> None:
    before = texts(volume)
    done = put_right(volume, vera)
    assert done.replacement

    undone = undo(done.replacement, by=boris)

    assert texts(volume) == before
    assert (undone.texts, undone.untouched) == (4, [])
    volume.refresh_from_db()
    assert volume.revision == 3
    done.replacement.refresh_from_db()
    assert done.replacement.undone_by == boris.pk
    [latest, *_] = versions_of(Paragraph.objects.get(number=1))
    assert latest.history_change_reason == "undone: the font has no single r"
    assert "mirr</em>" in client.get("/plans/one/").content.decode()


def test_it_is_taken_back_once(volume: Volume, vera: User) -> None:
    done = put_right(volume, vera)
    assert done.replacement
    undo(done.replacement, by=vera)

    with pytest.raises(Refused, match="taken back already"):
        undo(done.replacement, by=vera)


def test_what_a_colleague_changed_since_in_other_words_stays(volume: Volume, vera: User, boris: User) -> None:
    done = put_right(volume, vera)
    text = Paragraph.objects.get(number=1)
    correct(text, text.text.replace("sold", "ate"), seen=text.text, by=boris, reason="compared")
    assert done.replacement

    undone = undo(done.replacement, by=vera)

    assert texts(volume)[0] == "The mirr bought{p. 42} rye[^1]. No mirr ate it."
    assert (undone.texts, undone.untouched) == (4, [])


def test_a_text_whose_same_words_were_changed_since_is_left_and_told(
    volume: Volume, vera: User, boris: User
) -> None:
    done = put_right(volume, vera)
    text = Paragraph.objects.get(number=1)
    correct(
        text, text.text.replace("No mir sold", "No Mir sold"), seen=text.text, by=boris, reason="compared"
    )
    assert done.replacement

    undone = undo(done.replacement, by=vera)

    assert texts(volume)[0] == "The mir bought{p. 42} rye[^1]. No Mir sold it."
    assert undone.texts == 3
    assert [str(each) for each in undone.untouched] == [
        "paragraph 1, Grain: the same words were changed since; put it right by hand."
    ]
    assert [(each.name, each.standing) for each in replacing.told(done.replacement)][:2] == [
        ("paragraph 1", replacing.Standing.OVERTAKEN),
        ("paragraph 2", replacing.Standing.BACK),
    ]


def test_a_set_of_which_nothing_can_be_taken_back_does_not_count_as_taken_back(
    volume: Volume, vera: User
) -> None:
    done = put_right(volume, vera, "steel", "iron")
    for model in (Paragraph, Note):
        for text in model.objects.filter(text__contains="iron"):
            correct(text, text.text.replace("iron", "tin"), seen=text.text, by=vera, reason="compared")
    assert done.replacement

    undone = undo(done.replacement, by=vera)

    done.replacement.refresh_from_db()
    assert (undone.texts, len(undone.untouched), done.replacement.undone_at) == (0, 2, None)


# --- Heads and definitions ---


@pytest.fixture
def everywhere(volume: Volume) -> Volume:
    """The reading in the head of a section and in a definition as well; the glossary is shared with another volume."""
    volume.divisions.filter(slug="one-i").update(head="Bread of the *mirr*[^1]", imported_head="Bread")
    volume.glossary.terms.create(headword="Mir", slug="mir", definition="Once a mirr*; see [^1].")
    publish_volume(volume)
    publish_volume(make_volume(slug="letters", title="Letters", glossary=volume.glossary))
    return volume


def head_and_definition(volume: Volume) -> tuple[str, str]:
    return volume.divisions.get(slug="one-i").head, volume.glossary.terms.get().definition


def test_heads_and_definitions_are_found_where_they_stand(everywhere: Volume) -> None:
    found = find(wanted(everywhere))

    assert [(name, [place.name for place in places]) for name, places in found.chapters] == [
        ("Grain", ["paragraph 1", "paragraph 1", "heading", "paragraph 2", "note 1"]),
        ("Steel", ["paragraph 3"]),
        ("Glossary", ["definition of “Mir”"]),
    ]
    assert (found.places[2].url, found.places[-1].url) == ("/plans/one/#one-i", "/plans/glossary/mir/")
    assert [volume.slug for volume in found.shared_with] == ["letters"]


def test_heads_and_definitions_are_put_right_published_and_taken_back(
    client: Client, everywhere: Volume, vera: User
) -> None:
    before = head_and_definition(everywhere)

    done = put_right(everywhere, vera)

    assert head_and_definition(everywhere) == ("Bread of the *mir*[^1]", "Once a mir*; see [^1].")
    assert (done.places, done.texts, done.untouched) == (7, 6, [])
    assert "Bread of the <em>mir</em>" in client.get("/plans/one/").content.decode()
    for slug in ("plans", "letters"):
        assert "Once a mir*;" in client.get(f"/{slug}/glossary/mir/").content.decode()
    head = everywhere.divisions.get(slug="one-i")
    assert next(versions_of(head)).history_change_reason == "the font has no single r"
    assert done.replacement
    assert {each.name for each in replacing.told(done.replacement)} >= {"heading", "definition of “Mir”"}

    undone = undo(done.replacement, by=vera)

    assert (undone.texts, undone.untouched) == (6, [])
    assert head_and_definition(everywhere) == before
    assert "Once a mirr*;" in client.get("/letters/glossary/mir/").content.decode()


def test_a_head_or_definition_that_would_be_empty_or_changed_meanwhile_is_left(
    everywhere: Volume, vera: User
) -> None:
    everywhere.glossary.terms.update(definition="mirr")
    row = wanted(everywhere, "mirr", "")
    shown = keys(find(row))
    everywhere.divisions.filter(slug="one-i").update(head="Bread of a mirr")

    done = apply(row, shown, by=vera)

    assert head_and_definition(everywhere) == ("Bread of a mirr", "mirr")
    assert [str(each) for each in done.untouched] == [
        "heading, Grain: 1 place no longer reads as shown.",
        "definition of “Mir”, Glossary: nothing would be left of it.",
    ]


def test_a_definition_whose_same_words_were_changed_since_is_left(everywhere: Volume, vera: User) -> None:
    done = put_right(everywhere, vera)
    everywhere.glossary.terms.update(definition="Once a Mir*; see [^1].")
    assert done.replacement

    undone = undo(done.replacement, by=vera)

    assert [str(each) for each in undone.untouched] == [
        "definition of “Mir”, Glossary: the same words were changed since; put it right by hand."
    ]


def test_each_person_finds_only_what_is_theirs_to_change(everywhere: Volume, vera: User) -> None:
    row = wanted(everywhere)
    shown = keys(find(row))

    assert find(wanted(everywhere), {"p", "n"}).total == 5
    done = apply(row, shown, by=vera, kinds={"p", "n", "d"})

    assert head_and_definition(everywhere) == ("Bread of the *mir*[^1]", "Once a mirr*; see [^1].")
    assert [str(each) for each in done.untouched] == ["A term is not yours to change."]
    assert done.replacement
    with pytest.raises(Refused, match="a heading, which is not yours to change"):
        undo(done.replacement, by=vera, kinds={"p", "n"})


def test_terms_of_another_glossary_are_not_touched(everywhere: Volume, vera: User) -> None:
    other = make_volume().glossary.terms.create(headword="A", slug="a", definition="A mirr.")

    done = apply(wanted(everywhere), [f"t{other.pk}-00"], by=vera)

    assert [str(each) for each in done.untouched] == ["A term with 1 place is gone."]


def test_a_reading_in_a_table_is_not_put_right_over_its_bars(volume: Volume, vera: User) -> None:
    table = make_paragraph(volume.divisions.all()[0], "! a | b\n| x | 1", kind="table")

    done = put_right(volume, vera, "x", "x | 2")

    table.refresh_from_db()
    assert table.text == "! a | b\n| x | 1"
    assert "The row “x” would have 3 cells, and the headings have 2. Put it right by hand." in str(
        done.untouched[0]
    )


# Any text of a source is tried, except an empty one, which nobody corrects.
TEXTS = SOURCES.filter(lambda source: bool(markup.plain(source).strip()))


@slowly
@given(
    sources=st.lists(TEXTS, min_size=1, max_size=3),
    reading=READINGS,
    replacement=st.text(st.sampled_from("abc *\\[^1]{p. }"), max_size=4),
    is_whole_word=st.booleans(),
    data=st.data(),
)
def test_for_any_texts_what_is_chosen_is_put_right_and_taken_back(
    sources: list[str], reading: str, replacement: str, is_whole_word: bool, data: st.DataObject
) -> None:
    vera, _ = User.objects.get_or_create(username="vera")
    chapter = make_division(make_volume())
    for source in sources:
        make_paragraph(chapter, source)
    row = wanted(chapter.volume, reading, replacement, is_whole_word=is_whole_word)
    places = find(row).places
    chosen = data.draw(
        st.sets(st.sampled_from(places).map(lambda place: place.key)) if places else st.just(set())
    )

    done = apply(row, chosen, by=vera)

    after = texts(chapter.volume)
    for paragraph, before, now in zip(
        chapter.volume.paragraphs.order_by("position"), sources, after, strict=True
    ):
        assert [_named(each) for each in markup.markers(now)] == [
            _named(each) for each in markup.markers(before)
        ]
        mine = [place.key for place in places if place.row == paragraph]
        if not chosen.intersection(mine):
            assert now == before
        elif not any(each.row == paragraph for each in done.untouched):
            assert markup.plain(now) == _read(row, markup.plain(before), [key in chosen for key in mine])
    if done.replacement:
        undone = undo(done.replacement, by=vera)
        assert undone.untouched == []
    assert texts(chapter.volume) == sources


def _named(marker: markup.Marker) -> tuple[str, str]:
    return type(marker).__name__, str(marker.n)


def _read(row: Replacement, plain: str, chosen: Iterable[bool]) -> str:
    """The readers' text after the chosen places are put right, computed in the simplest way."""
    pieces: list[str] = []
    at = 0
    spans = readings.hits(plain, row.reading, whole_word=row.is_whole_word)
    for (start, end), is_chosen in zip(spans, chosen, strict=True):
        pieces += plain[at:start], replacing.put_for(row, plain[start:end]) if is_chosen else plain[start:end]
        at = end
    return "".join([*pieces, plain[at:]])


# --- The pages ---

ADD = "/admin/reader/replacement/add/"
LIST = "/admin/reader/replacement/"


def asked(**values: Any) -> dict[str, Any]:
    """The data that the search form sends."""
    return {"reading": "mirr", "replacement": "mir", "is_whole_word": "on", **values}


def sent(volume: Volume, **values: Any) -> dict[str, Any]:
    """The data that the form with the places sends: all places ticked."""
    return asked(place=keys(find(wanted(volume))), reason="the font has no single r", **values)


def text_of(response: Any) -> str:
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


def corrector(*permissions: str) -> Client:
    account = User.objects.create_user("corrector", is_staff=True)
    account.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client(enforce_csrf_checks=True)
    client.force_login(account)
    return client


def test_the_search_shows_every_place_and_writes_nothing(admin_client: Client, volume: Volume) -> None:
    before = texts(volume)

    page = admin_client.get(ADD, asked())

    assert "“ mirr ” → “ mir ”: 5 places in 4 texts" in text_of(page)
    assert "The <del>mirr</del>" in page.content.decode()
    assert page.content.decode().count(" checked>") == 5 + 1  # five places and the option for whole words
    assert (texts(volume), Replacement.objects.count()) == (before, 0)


def test_the_page_says_who_else_reads_a_definition_and_which_senses_are_left(
    admin_client: Client, everywhere: Volume
) -> None:
    bank = everywhere.glossary.terms.create(headword="Bank", slug="bank")
    bank.senses.create(n=1, definition="The purse of a mirr")

    page = text_of(admin_client.get(ADD, asked(volume=everywhere.pk)))

    assert "for readers of “Letters” as well" in page
    assert "senses of terms as well, which are put right one by one: Bank ." in page
    done = text_of(admin_client.post(ADD, sent(everywhere) | {"volume": everywhere.pk}, follow=True))
    assert "in 7 places in 6 texts" in done
    assert "definition of “Mir”" in done


def test_a_corrector_is_told_where_nothing_was_looked_for(everywhere: Volume) -> None:
    client = corrector("change_paragraph", "change_note")
    client.handler.enforce_csrf_checks = False

    page = text_of(client.get(ADD, asked(volume=everywhere.pk)))
    client.post(ADD, sent(everywhere) | {"volume": everywhere.pk})

    assert (
        "5 places in 4 texts Only in text and notes: headings and definitions are changed by an editor."
        in page
    )
    assert head_and_definition(everywhere) == ("Bread of the *mirr*[^1]", "Once a mirr*; see [^1].")


def test_whole_words_are_asked_for_unless_somebody_says_otherwise(
    admin_client: Client, volume: Volume
) -> None:
    assert admin_client.get(ADD).context["search"]["is_whole_word"].value() is True
    assert "6 places" in text_of(admin_client.get(ADD, {"reading": "mirr", "replacement": "mir"}))


def test_who_finds_nothing_is_told_and_shown_a_way_on(admin_client: Client, volume: Volume) -> None:
    page = admin_client.get(ADD, asked(reading="irr"))

    assert "“ irr ” stands nowhere in text, notes, headings and definitions as a whole word" in text_of(page)
    [way_on] = re.findall(r'href="([^"]+reading=irr[^"]*)"', page.content.decode())
    assert "6 places" in text_of(admin_client.get(way_on.replace("&amp;", "&")))


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"reading": ""}, "reading", "required"),
        ({"reading": "  "}, "reading", "Type the reading"),
        ({"reading": "m" * 301}, "reading", "at most 300"),
        ({"replacement": "mirr"}, "replacement", "nothing would change"),
    ],
)
def test_what_cannot_be_searched_is_said_at_its_field(
    admin_client: Client, volume: Volume, values: dict[str, str], field: str, reason: str
) -> None:
    page = admin_client.get(ADD, asked(**values))

    assert page.context["found"] is None
    assert reason in str(page.context["search"].errors[field])


def test_where_there_are_two_volumes_one_is_chosen(admin_client: Client, volume: Volume) -> None:
    make_volume(title="Another book")

    assert "volume" in admin_client.get(ADD, asked()).context["search"].errors
    assert "5 places" in text_of(admin_client.get(ADD, asked(volume=volume.pk)))


def test_the_ticked_places_are_put_right_and_the_page_says_where(
    admin_client: Client, volume: Volume
) -> None:
    page = admin_client.post(ADD, sent(volume), follow=True)

    assert "“mirr” was put right as “mir” in 5 places in 4 texts." in text_of(page)
    assert "the font has no single r" in text_of(page)
    assert "By admin," in text_of(page)
    assert "<del>mirr</del><ins>mir</ins>" in page.content.decode()
    assert texts(volume)[1] == "Of the *mir* and its bread."


def test_what_was_left_is_listed(admin_client: Client, volume: Volume, boris: User) -> None:
    data = sent(volume)
    text = Paragraph.objects.get(number=1)
    correct(text, text.text.replace("sold", "ate"), seen=text.text, by=boris, reason="compared")

    page = admin_client.post(ADD, data, follow=True)

    assert "in 4 places in 4 texts" in text_of(page)
    assert "paragraph 1, Grain: 1 place no longer reads as shown." in text_of(page)


def test_where_nothing_reads_as_shown_the_search_is_shown_again(admin_client: Client, volume: Volume) -> None:
    data = sent(volume)
    admin_client.post(ADD, data)

    page = admin_client.post(ADD, data, follow=True)

    assert "Nothing was put right." in text_of(page)
    assert "stands nowhere" in text_of(page)


def test_a_reason_is_needed_and_the_ticks_are_kept(admin_client: Client, volume: Volume) -> None:
    [first, *_] = keys(find(wanted(volume)))

    page = admin_client.post(ADD, asked(place=[first], reason=" "))

    assert "Give a reason" in str(page.context["why"].errors["reason"])
    assert re.findall(r'value="([^"]+)" id="place-[^"]+" checked', page.content.decode()) == [first]
    assert not Replacement.objects.exists()


def test_a_place_has_to_be_ticked(admin_client: Client, volume: Volume) -> None:
    page = admin_client.post(ADD, asked(reason="compared"))

    assert "Tick a place at least" in text_of(page)
    assert not Replacement.objects.exists()


def test_it_is_said_how_many_places_come_after(
    admin_client: Client, volume: Volume, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacing, "SHOWN", 2)

    assert "These are the first 2. 3 more come after" in text_of(admin_client.get(ADD, asked()))


def test_all_of_it_is_taken_back_with_one_button(admin_client: Client, volume: Volume) -> None:
    before = texts(volume)
    admin_client.post(ADD, sent(volume))
    row = Replacement.objects.get()
    url = reverse("admin:reader_replacement_undo", args=[row.pk])

    page = admin_client.post(url, follow=True)
    again = admin_client.post(url, follow=True)

    assert "Taken back in 4 texts." in text_of(page)
    assert "Take all of it back" not in text_of(page)
    assert "This was taken back already." in text_of(again)
    assert texts(volume) == before


def test_what_could_not_be_taken_back_is_listed(admin_client: Client, volume: Volume, boris: User) -> None:
    admin_client.post(ADD, sent(volume))
    text = Paragraph.objects.get(number=1)
    correct(text, text.text.replace("mir ", "Mir "), seen=text.text, by=boris, reason="compared")
    row = Replacement.objects.get()

    ahead = admin_client.get(reverse("admin:reader_replacement_change", args=[row.pk]))
    page = admin_client.post(reverse("admin:reader_replacement_undo", args=[row.pk]), follow=True)

    assert "1 text would be left: the same words were changed there since." in text_of(ahead)
    assert reverse("admin:reader_paragraph_change", args=[text.pk]) in ahead.content.decode()
    assert "paragraph 1, Grain: the same words were changed since; put it right by hand." in text_of(page)


def test_the_list_says_what_was_done_by_whom_and_what_was_taken_back(
    admin_client: Client, volume: Volume
) -> None:
    admin_client.post(ADD, sent(volume))
    row = Replacement.objects.get()
    admin_client.post(reverse("admin:reader_replacement_undo", args=[row.pk]))
    Replacement.objects.update(made_by=9999)

    page = text_of(admin_client.get(LIST))

    assert "mirr mir 5 the font has no single r account 9999" in page
    assert "by admin" in page
    assert "1 replacement" in text_of(admin_client.get(LIST, {"taken_back": "yes"}))
    assert "0 replacements" in text_of(admin_client.get(LIST, {"taken_back": "no"}))


def test_statements_of_the_pages_do_not_grow_with_the_places(
    admin_client: Client, volume: Volume, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        make_paragraph(volume.divisions.all()[1], "A mirr and another mirr[^1].")

    with django_assert_max_num_queries(9):
        assert "45 places" in text_of(admin_client.get(ADD, asked()))
    admin_client.post(ADD, sent(volume))
    for _ in range(20):
        Replacement.objects.create(volume=volume, reading="x", reason="y", made_by=1)
    with django_assert_max_num_queries(10):
        admin_client.get(LIST)
    row = Replacement.objects.get(reading="mirr")
    with django_assert_max_num_queries(10):
        page = admin_client.get(reverse("admin:reader_replacement_change", args=[row.pk]))
    assert "45 places in 24 texts" in text_of(page)


def test_hostile_text_is_shown_as_text(admin_client: Client, volume: Volume) -> None:
    hostile = '<script>alert("x")</script>'
    make_paragraph(volume.divisions.all()[0], f"A {hostile} mirr <b>")
    data = asked(reading=hostile, replacement="<img src=x>")

    found = admin_client.get(ADD, data).content.decode()
    [place] = re.findall(r'name="place" value="([^"]+)"', found)
    done = admin_client.post(ADD, data | {"place": [place], "reason": hostile}, follow=True).content.decode()
    listed = admin_client.get(LIST).content.decode()

    for page in (found, done, listed):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;img src=x&gt;" in page


@pytest.mark.parametrize("permissions", [(), ("change_paragraph",), ("change_note", "view_replacement")])
def test_only_who_corrects_paragraphs_and_notes_may(volume: Volume, permissions: tuple[str, ...]) -> None:
    row = wanted(volume)
    row.save()
    client = corrector(*permissions)
    one = reverse("admin:reader_replacement_change", args=[row.pk])
    undoing = reverse("admin:reader_replacement_undo", args=[row.pk])
    client.handler.enforce_csrf_checks = False

    answers = [client.get(url).status_code for url in (ADD, LIST, one)]
    answers += [client.post(url).status_code for url in (ADD, undoing)]

    assert answers == [403] * 5


def test_nothing_is_edited_or_deleted(admin_client: Client, volume: Volume) -> None:
    row = wanted(volume)
    row.save()
    one = reverse("admin:reader_replacement_change", args=[row.pk])
    deleting = reverse("admin:reader_replacement_delete", args=[row.pk])

    assert admin_client.get(one).status_code == 200
    assert admin_client.post(one, {"reading": "x"}).status_code == 403
    assert admin_client.post(deleting, {"post": "yes"}).status_code == 403
    assert admin_client.get(reverse("admin:reader_replacement_undo", args=[row.pk])).status_code == 405
    assert admin_client.get("/admin/reader/replacement/999/change/").status_code == 302


def test_nothing_is_written_for_another_site(volume: Volume) -> None:
    client = corrector("change_paragraph", "change_note")
    row = wanted(volume)
    row.save()

    assert client.get(ADD, asked()).status_code == 200
    assert client.post(ADD, sent(volume)).status_code == 403
    assert client.post(reverse("admin:reader_replacement_undo", args=[row.pk])).status_code == 403
    assert Replacement.objects.count() == 1


def test_what_is_not_asked_for_cannot_be_set(admin_client: Client, volume: Volume, boris: User) -> None:
    admin_client.post(ADD, sent(volume, made_by=boris.pk, undone_at="2020-01-01", id=77))

    row = Replacement.objects.get()
    assert (row.made_by, row.undone_at) == (User.objects.get(username="admin").pk, None)
