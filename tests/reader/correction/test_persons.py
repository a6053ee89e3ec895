"""Editors decide about persons: merged, split, renamed, excluded, added; kept over publications and imports."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from corpus_import.loading.document import Document
from corpus_import.loading.restoring import restore_document
from reader.correction import persons
from reader.edition.edition import Edition
from reader.edition.persons import PlacesByWords
from reader.exports.document import export_volume
from reader.exports.tei import write_tei
from reader.models import Paragraph, Person, PersonOccurrence, Volume
from reader.publishing.publish import publish_volume
from reader.text.markup import plain
from tests.factories import make_account, make_division, make_paragraph, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="lamps", title="Of Lamps")
    chapter = make_division(volume, n="1", head="The wicks", slug="chapter-1")
    make_paragraph(chapter, "The wick of N. I. Marlov burned; Marlov was glad, and P. Ozer was not.")
    make_paragraph(chapter, "Nikolaus Marlov sold it to Trenk in Vell, and N. Ozarin bought it.")
    publish_volume(volume)
    volume.refresh_from_db()
    return volume


@pytest.fixture
def ada(db: None) -> User:
    return make_account("editor", username="ada")


def counts() -> dict[str, int]:
    return {row.shown_as: row.count for row in Person.objects.all() if row.is_shown}


def person(name: str) -> Person:
    return Person.objects.get(found_as=name)


def test_persons_are_made_one_and_parted_again(volume: Volume, ada: User) -> None:
    before = counts()
    assert before == {"Marlov, Nikolaus": 3, "Ozarin, N.": 1, "Ozer, P.": 1}

    persons.make_one([person("Ozer, P."), person("Marlov, Nikolaus")], by=ada)
    assert counts() == {"Marlov, Nikolaus": 4, "Ozarin, N.": 1}

    persons.decide(person("Ozer, P."), {"into": None}, by=ada, reason="two")
    assert counts() == before


def test_a_circle_of_persons_is_refused(volume: Volume, ada: User) -> None:
    persons.decide(person("Ozer, P."), {"into": person("Ozarin, N.")}, by=ada, reason="one")

    with pytest.raises(ValueError, match="already"):
        persons.decide(person("Ozarin, N."), {"into": person("Ozer, P.")}, by=ada, reason="one")


def test_persons_of_two_volumes_are_not_made_one(volume: Volume, ada: User) -> None:
    other = make_volume(slug="oils")
    make_paragraph(make_division(other), "The oil of A. Hale.")
    publish_volume(other)

    with pytest.raises(ValueError, match="one volume"):
        persons.make_one([person("Ozer, P."), person("Hale, A.")], by=ada)


def test_a_form_is_set_apart_and_joined_again(volume: Volume, ada: User) -> None:
    marlov = person("Marlov, Nikolaus")
    persons.decide(marlov, {"forms_apart": ["Nikolaus Marlov"]}, by=ada, reason="another")
    assert counts() == {"Marlov, N. I.": 2, "Nikolaus Marlov": 1, "Ozarin, N.": 1, "Ozer, P.": 1}
    assert person("Marlov, N. I.").pk == marlov.pk

    persons.decide(person("Marlov, N. I."), {"forms_apart": []}, by=ada, reason="one")
    assert counts()["Marlov, Nikolaus"] == 3


def place(volume: Volume, form: str, nth: int = 0) -> PersonOccurrence:
    """The nth place, in the order of the book, where the text has a form of a name."""
    rows = PersonOccurrence.objects.filter(paragraph__volume=volume).order_by("paragraph__position", "start")
    return [row for row in rows if row.text and plain(row.text.text)[row.start : row.end] == form][nth]


def test_one_place_is_given_to_another_person_and_back(volume: Volume, ada: User) -> None:
    before = counts()
    ozer = person("Ozer, P.")

    persons.assign([place(volume, "Marlov")], ozer, by=ada)
    assert counts() == {"Marlov, Nikolaus": 2, "Ozarin, N.": 1, "Ozer, P.": 2}
    assert place(volume, "Marlov").person == ozer
    assert "Marlov was glad" in " ".join(person("Ozer, P.").places_assigned[0])

    persons.give_back(person("Ozer, P."), person("Ozer, P.").places_assigned, by=ada)
    assert counts() == before
    assert not person("Ozer, P.").is_decided


def test_a_place_belongs_to_the_last_person_to_whom_it_was_given(volume: Volume, ada: User) -> None:
    persons.assign([place(volume, "Marlov")], person("Ozer, P."), by=ada)
    persons.assign([place(volume, "Marlov")], person("Ozarin, N."), by=ada)

    assert counts() == {"Marlov, Nikolaus": 2, "Ozarin, N.": 2, "Ozer, P.": 1}
    assert person("Ozer, P.").places_assigned == []


def test_giving_one_place_back_keeps_what_was_given_meanwhile(volume: Volume, ada: User) -> None:
    persons.assign([place(volume, "Marlov")], person("Ozer, P."), by=ada)
    seen_before = person("Ozer, P.")
    persons.assign([place(volume, "N. Ozarin")], person("Ozer, P."), by=ada)

    persons.give_back(seen_before, seen_before.places_assigned, by=ada)
    assert [words[1] for words in person("Ozer, P.").places_assigned] == ["N. Ozarin"]


def test_a_place_that_is_given_twice_is_kept_once(volume: Volume, ada: User) -> None:
    for _ in range(2):
        twice = [place(volume, "Marlov"), place(volume, "Marlov")]
        persons.assign(twice, person("Ozer, P."), by=ada)

    assert len(person("Ozer, P.").places_assigned) == 1
    assert counts()["Ozer, P."] == 2


def test_a_given_place_follows_persons_that_are_made_one_and_is_gone_with_no_person(
    volume: Volume, ada: User
) -> None:
    persons.assign([place(volume, "Marlov")], person("Ozer, P."), by=ada)
    persons.make_one([person("Ozer, P."), person("Ozarin, N.")], by=ada)
    assert counts() == {"Marlov, Nikolaus": 2, "Ozer, P.": 3}

    persons.exclude([person("Ozer, P.")], by=ada)
    assert counts() == {"Marlov, Nikolaus": 2}


def test_white_space_does_not_part_a_given_place_from_its_words() -> None:
    known = PlacesByWords({"one": "so N.\nI. Marlov  slept", "other": "so N. I. Marlov woke"})

    assert known.place_with(["so", "N. I. Marlov", "slept"]) == ("one", 3, 15)
    assert known.place_with(["so", "N. I. Marlov", ""]) is None


def test_a_given_place_is_found_again_by_its_words_or_said_to_be_lost(volume: Volume, ada: User) -> None:
    persons.assign([place(volume, "Marlov")], person("Ozer, P."), by=ada)
    old = Paragraph.objects.get(volume=volume, number=1)

    # Another import has it in another paragraph, with other words farther away.
    words = "Then the wick of N. I. Marlov burned; Marlov was glad, and P. Ozer was still not."
    new = make_paragraph(old.division, words)
    old.delete()
    publish_volume(volume)
    assert place(volume, "Marlov").person == person("Ozer, P.")
    assert person("Ozer, P.").places_lost == 0

    # Its words are there twice, or nowhere: nobody guesses.
    Paragraph.objects.filter(pk=new.pk).update(text=f"{words} {words}")
    publish_volume(volume)
    assert {place(volume, "Marlov", n).person.surname for n in (0, 1)} == {"Marlov"}
    assert person("Ozer, P.").places_lost == 1
    Paragraph.objects.filter(pk=new.pk).update(text="The wick burned.")
    publish_volume(volume)
    assert person("Ozer, P.").places_lost == 1
    assert person("Ozer, P.").is_decided

    Paragraph.objects.filter(pk=new.pk).update(text=words)
    publish_volume(volume)
    assert place(volume, "Marlov").person == person("Ozer, P.")
    assert person("Ozer, P.").places_lost == 0


def test_a_place_that_cannot_be_told_from_another_is_refused(volume: Volume, ada: User) -> None:
    twice = "Once more Marlov slept."
    for _ in range(2):
        make_paragraph(volume.divisions.get(), twice)
    publish_volume(volume)

    with pytest.raises(ValueError, match="twice"):
        persons.assign([place(volume, "Marlov", 1)], person("Ozer, P."), by=ada)
    persons.make_one([person("Ozer, P."), person("Ozarin, N.")], by=ada)
    merged = Person.objects.get(into__isnull=False)
    with pytest.raises(ValueError, match="merged or excluded"):
        persons.assign([place(volume, "Marlov")], merged, by=ada)


def test_an_editor_gives_places_in_the_form_and_takes_them_back(
    client: Client, volume: Volume, ada: User
) -> None:
    client.force_login(ada)
    marlov, ozer = person("Marlov, Nikolaus"), person("Ozer, P.")
    url, other = (f"/admin/reader/person/{each.pk}/change/" for each in (marlov, ozer))
    page = client.get(url).content.decode()
    assert "burned; Marlov was glad" in page

    chosen = {"heading": "", "about": "", "places": [place(volume, "Marlov").pk]}
    assert "Say to whom these places belong." in client.post(url, chosen).content.decode()
    assert client.post(url, {**chosen, "belong_to": ozer.pk}).status_code == 302
    assert counts()["Ozer, P."] == 2

    Paragraph.objects.filter(volume=volume, number=1).update(text="The wick of P. Ozer burned.")
    publish_volume(volume)
    assert "(not found in the text now)" in client.get(other).content.decode()
    assert "1 place lost" in client.get("/admin/reader/person/?state=lost").content.decode()
    opened = filled_in(client, other)
    assert client.post(other, {**opened, "assigned": []}).status_code == 302
    assert person("Ozer, P.").places_assigned == []


def filled_in(client: Client, url: str) -> dict[str, Any]:
    """What a browser sends if a form is saved as it was opened."""
    form = client.get(url).context["adminform"].form
    sent: dict[str, Any] = {}
    for field in form:
        value = field.field.prepare_value(field.initial)
        sent[field.html_initial_name] = "" if value is None else value
        if value not in (None, False):
            sent[field.html_name] = value
    return sent


def screen_of(name: str) -> str:
    return f"/admin/reader/person/{person(name).pk}/change/"


def test_a_place_given_while_a_form_was_open_stays_given(client: Client, volume: Volume, ada: User) -> None:
    client.force_login(ada)
    opened = filled_in(client, screen_of("Ozer, P."))
    persons.assign([place(volume, "Marlov")], person("Ozer, P."), by=ada)

    assert client.post(screen_of("Ozer, P."), {**opened, "about": "A clerk."}).status_code == 302

    assert person("Ozer, P.").about == "A clerk."
    assert len(person("Ozer, P.").places_assigned) == 1


def test_a_form_saves_only_what_its_editor_changed(client: Client, volume: Volume, ada: User) -> None:
    client.force_login(ada)
    url = screen_of("Marlov, Nikolaus")
    opened = filled_in(client, url)
    persons.decide(
        person("Marlov, Nikolaus"), {"heading": "Marlow", "forms_apart": ["Marlov"]}, by=ada, reason="r"
    )

    assert client.post(url, {**opened, "about": "A lamplighter."}).status_code == 302

    marlov = Person.objects.get(heading="Marlow")
    assert (marlov.about, marlov.forms_apart) == ("A lamplighter.", ["Marlov"])


def test_what_somebody_else_wrote_meanwhile_is_shown_before_it_is_replaced(
    client: Client, volume: Volume, ada: User
) -> None:
    client.force_login(ada)
    url = screen_of("Ozer, P.")
    opened = {**filled_in(client, url), "heading": "Ozer, Peter", "about": "A clerk."}
    persons.decide(person("Ozer, P."), {"heading": "Ozer, Paul"}, by=ada, reason="r")

    refused = client.post(url, opened)
    html = refused.content.decode()
    assert "Somebody else wrote “Ozer, Paul” here meanwhile." in html
    assert 'value="Ozer, Peter"' in html
    assert 'value="A clerk."' in html
    assert person("Ozer, P.").heading == "Ozer, Paul"

    again = {**opened, "initial-heading": "Ozer, Paul"}
    assert 'name="initial-heading" value="Ozer, Paul"' in html
    assert client.post(url, again).status_code == 302
    assert person("Ozer, P.").heading == "Ozer, Peter"


def test_a_refused_place_leaves_the_form_as_it_was_filled_in(
    client: Client, volume: Volume, ada: User
) -> None:
    for _ in range(2):
        make_paragraph(volume.divisions.get(), "Once more Marlov slept.")
    publish_volume(volume)
    client.force_login(ada)
    url = screen_of("Marlov, Nikolaus")
    twice, ozer = place(volume, "Marlov", 1), person("Ozer, P.")
    typed = {"heading": "Marlow", "places": [twice.pk], "belong_to": ozer.pk}

    refused = client.post(url, {**filled_in(client, url), **typed})

    html = refused.content.decode()
    assert refused.status_code == 200
    assert "“Marlov” stands twice among the same words" in html
    assert 'value="Marlow"' in html
    assert re.search(rf'value="{twice.pk}"[^>]* checked', html)
    assert f'<option value="{ozer.pk}" selected>' in html
    assert person("Marlov, Nikolaus").heading == ""


def test_places_are_given_although_forms_are_set_apart_with_them(
    client: Client, volume: Volume, ada: User
) -> None:
    client.force_login(ada)
    url = screen_of("Marlov, Nikolaus")
    typed = {
        "apart": ["N. I. Marlov"],
        "places": [place(volume, "Marlov").pk],
        "belong_to": person("Ozer, P.").pk,
    }

    assert client.post(url, {**filled_in(client, url), **typed}).status_code == 302

    assert place(volume, "Marlov").person == person("Ozer, P.")
    assert place(volume, "N. I. Marlov").person != person("Marlov, Nikolaus")


def test_places_that_the_text_lost_meanwhile_are_asked_for_again(
    client: Client, volume: Volume, ada: User
) -> None:
    client.force_login(ada)
    url = screen_of("Marlov, Nikolaus")
    typed = {"places": [place(volume, "Marlov").pk], "belong_to": person("Ozer, P.").pk, "about": "A clerk."}
    opened = {**filled_in(client, url), **typed}
    Paragraph.objects.filter(volume=volume, number=1).update(text="The wick of Marlov and P. Ozer burned.")
    publish_volume(volume)

    html = client.post(url, opened).content.decode()

    assert "The text has changed meanwhile: choose the places again." in html
    assert 'value="A clerk."' in html


def test_a_name_that_was_added_meanwhile_is_refused_in_the_form(
    client: Client, volume: Volume, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(ada)
    persons.add(volume, "Trenk", "", by=ada)
    objection, found = persons.objection_to_name, iter([""])
    # The other editor adds the person after this editor's form was found right.
    monkeypatch.setattr(persons, "objection_to_name", lambda *name: next(found, objection(*name)))

    answer = client.post("/admin/reader/person/add/", {"volume": volume.pk, "surname": "Trenk", "given": ""})

    assert answer.status_code == 200
    assert "Trenk is in the list already." in answer.content.decode()


def test_an_excluded_name_loses_its_places_until_it_counts_again(volume: Volume, ada: User) -> None:
    assert persons.exclude([person("Ozer, P.")], by=ada) == 1
    assert "Ozer, P." not in counts()
    assert not PersonOccurrence.objects.filter(person=person("Ozer, P.")).exists()

    persons.exclude([person("Ozer, P.")], by=ada, is_excluded=False)
    assert counts()["Ozer, P."] == 1


def test_an_added_person_is_found_wherever_the_text_has_the_surname(volume: Volume, ada: User) -> None:
    added = persons.add(volume, "Trenk", "A.", by=ada)

    assert (added.shown_as, added.count) == ("Trenk, A.", 1)
    with pytest.raises(ValueError, match="in the list"):
        persons.add(volume, "Ozer", "P.", by=ada)


def test_decisions_stay_when_the_text_loses_a_person_and_has_it_again(volume: Volume, ada: User) -> None:
    ozer = person("Ozer, P.")
    persons.decide(ozer, {"heading": "Ozer the clerk", "about": "A clerk."}, by=ada, reason="known")
    text = Paragraph.objects.get(volume=volume, number=1)
    Paragraph.objects.filter(pk=text.pk).update(text="Nobody burned.")
    publish_volume(volume)
    assert not Person.objects.get(pk=ozer.pk).is_found
    assert not Person.objects.get(pk=ozer.pk).is_shown

    Paragraph.objects.filter(pk=text.pk).update(text=text.text)
    publish_volume(volume)
    again = Person.objects.get(pk=ozer.pk)
    assert (again.shown_as, again.about, again.count) == ("Ozer the clerk", "A clerk.", 1)


def test_an_editor_decides_in_the_form_and_in_the_list(client: Client, volume: Volume, ada: User) -> None:
    client.force_login(ada)
    ozer = person("Ozer, P.")
    url = f"/admin/reader/person/{ozer.pk}/change/"
    page = client.get(url).content.decode()
    assert "P. Ozer (1)" in page

    refused = client.post(url, {"heading": "", "about": "", "apart": ["P. Ozer"]}).content.decode()
    assert "One form at least stays with the person." in refused
    answer = client.post(url, {"heading": "Ozer, Paul", "about": "A  clerk."})
    assert answer.status_code == 302
    assert person("Ozer, P.").shown_as == "Ozer, Paul"
    assert "A clerk." in client.get("/lamps/persons/").content.decode()

    chosen = {"action": "make_one", "_selected_action": [ozer.pk, person("Ozarin, N.").pk]}
    client.post("/admin/reader/person/", chosen)
    assert Person.objects.filter(into__isnull=False).count() == 1

    added = {"volume": volume.pk, "surname": "Trenk", "given": ""}
    assert client.post("/admin/reader/person/add/", added).status_code == 302
    assert counts()["Trenk"] == 1


def test_decisions_about_persons_are_restored_from_a_document(volume: Volume, ada: User) -> None:
    persons.decide(
        person("Ozer, P."), {"into": person("Ozarin, N."), "about": "A clerk."}, by=ada, reason="one"
    )
    persons.decide(person("Marlov, Nikolaus"), {"forms_apart": ["Nikolaus Marlov"]}, by=ada, reason="two")
    persons.assign([place(volume, "Marlov")], person("Ozarin, N."), by=ada)
    Volume.objects.update(last_number=9)
    before, shown = json.loads(export_volume(Volume.objects.get())), counts()
    Person.objects.all().delete()
    publish_volume(Volume.objects.get())
    assert counts() != shown

    restore_document(Document("lamps.json", before), replace=True)

    assert counts() == shown
    assert json.loads(export_volume(Volume.objects.get()))["volume"]["persons"] == before["volume"]["persons"]


def test_the_tei_lists_persons_and_marks_their_names(volume: Volume) -> None:
    written = write_tei(Edition(volume))

    assert '<persName ref="#person-ozer-p">P. Ozer</persName>' in written
    assert '<person xml:id="person-ozer-p"><persName type="index">Ozer, P.</persName>' in written


def test_the_form_gives_a_place_and_sets_a_form_apart_at_once(
    client: Client, volume: Volume, ada: User
) -> None:
    client.force_login(ada)
    url = f"/admin/reader/person/{person('Marlov, Nikolaus').pk}/change/"
    given = {"places": [place(volume, "Marlov").pk], "belong_to": person("Ozer, P.").pk}
    answer = client.post(url, {"heading": "", "about": "", "apart": ["N. I. Marlov"], **given})

    assert answer.status_code == 302
    assert counts() == {"N. I. Marlov": 1, "Marlov, Nikolaus": 1, "Ozarin, N.": 1, "Ozer, P.": 2}
