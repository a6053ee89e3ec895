"""The correction screen: its pages and its saves."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reader.correction.correcting import LONGEST, correct
from reader.models import Level, PageBreak, Paragraph, Suspect, Volume
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_division,
    make_note,
    make_page_break,
    make_paragraph,
    make_suspect,
    make_volume,
    make_witness,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one", head="Grain")
    make_witness(volume, b"One\r\nThe <b> govrenment\nbought rye.\nFour")
    make_paragraph(chapter, "The govrenment bought{p. 42} rye[^1].", lines=[[1, 2, 3]])
    make_paragraph(chapter, "Of steel.", lines=[[1, 4, 4]])
    make_note(chapter, 1, "On rye.")
    make_page_break(volume, "42")
    publish_volume(volume)
    return volume


@pytest.fixture
def paragraph(volume: Volume) -> Paragraph:
    return Paragraph.objects.get(number=1)


@pytest.fixture
def suspect(paragraph: Paragraph) -> Suspect:
    return make_suspect(
        paragraph.volume.witnesses.get(),
        paragraph=paragraph,
        line=2,
        reading="govrenment",
        suggestion="government",
        context="The … bought rye",
    )


def url_of(row: Any) -> str:
    return reverse(f"admin:reader_{row._meta.model_name}_change", args=[row.pk])


def save(client: Client, text: Any, typed: str, **values: Any) -> Any:
    return client.post(
        url_of(text), {"typed": typed, "seen": text.text, "reason": "the scan", "_save": "", **values}
    )


def test_all_that_is_needed_lies_on_one_screen(
    admin_client: Client, paragraph: Paragraph, suspect: Suspect
) -> None:
    page = admin_client.get(url_of(paragraph)).content.decode()

    assert "The govrenment bought{p. 42} rye[^1].</textarea>" in page
    assert '<span data-n="2">The<i> </i>&lt;b&gt;<i> </i>govrenment</span>' in page
    assert "<mark>govrenment</mark>" in page
    assert 'aria-label="Accept government"' in page
    assert url_of(Paragraph.objects.get(number=2)) in page


def test_an_inferred_page_stands_in_brackets_as_for_readers(
    admin_client: Client, paragraph: Paragraph
) -> None:
    PageBreak.objects.filter(n="42").update(certainty="inferred")

    page = admin_client.get(url_of(Paragraph.objects.get(number=2))).content.decode()
    read = admin_client.get(reverse("admin:reader_division_reading", args=[paragraph.division_id]))

    assert ", p. [42]" in page
    assert 'title="page 42, inferred" data-n="[42]"' in read.content.decode()


def test_the_number_of_statements_does_not_grow(
    admin_client: Client,
    paragraph: Paragraph,
    suspect: Suspect,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for line in range(30):
        make_suspect(paragraph.volume.witnesses.get(), paragraph=paragraph, line=line, reading=f"word{line}")
        make_note(paragraph.division, line + 2)
    admin_client.get(url_of(paragraph))

    with django_assert_max_num_queries(24):
        admin_client.get(url_of(paragraph))


def test_what_is_saved_is_published_with_its_reason(admin_client: Client, paragraph: Paragraph) -> None:
    response = save(admin_client, paragraph, "The government\r\nbought{p. 42} rye[^1].")

    assert response["Location"] == url_of(paragraph)
    assert Paragraph.objects.get(number=1).text == "The government\nbought{p. 42} rye[^1]."
    version = paragraph.history.first()
    assert (version.history_change_reason, version.history_user_id) == ("the scan", User.objects.get().pk)
    assert "government" in admin_client.get("/plans/one/").content.decode()


def test_saving_can_lead_on(admin_client: Client, paragraph: Paragraph, suspect: Suspect) -> None:
    second = Paragraph.objects.get(number=2)
    typed = "The government bought{p. 42} rye[^1]."

    assert save(admin_client, paragraph, typed, _next="")["Location"] == url_of(second)
    later = make_suspect(paragraph.volume.witnesses.get(), paragraph=second, line=4, reading="steel")
    assert save(admin_client, second, "Of Steel.", _next_suspect="")["Location"] == url_of(second)
    Suspect.objects.filter(pk=later.pk).update(state=Suspect.State.DISMISSED)
    Suspect.objects.filter(pk=suspect.pk).update(state=Suspect.State.OPEN)
    second.refresh_from_db()
    assert save(admin_client, second, "Of steel.", _next_suspect="")["Location"] == url_of(paragraph)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("The transformation of rye[^1].", "The beginning of page 42 was dropped"),
        ("The govrenment bought{p. 42} rye.", "The call of note 1 was dropped: it stood after “…"),
        ("The govrenment bought[^1]{p. 42} rye[^1].", "The call of note 1 was doubled"),
        ("The[^1] govrenment bought{p. 42} rye.", "was moved before"),
        (" ", "The text would be empty"),
    ],
)
def test_a_lost_marker_is_refused_at_the_field_and_nothing_typed_is_lost(
    admin_client: Client, paragraph: Paragraph, typed: str, reason: str
) -> None:
    response = save(admin_client, paragraph, typed)

    assert response.status_code == 200
    [error] = response.context["errors"]["typed"]
    assert reason in error
    assert response.context["typed"] == typed
    assert Paragraph.objects.get(number=1).text == paragraph.text


def test_a_whole_book_pasted_into_a_paragraph_is_refused(admin_client: Client, paragraph: Paragraph) -> None:
    said = f"A text has {LONGEST:,} characters at most."
    assert said in admin_client.get(url_of(paragraph)).content.decode()

    answer = save(admin_client, paragraph, paragraph.text + " word" * 40_000)

    longer = len(paragraph.text) + 200_000
    assert f"The text would have {longer:,} characters" in answer.content.decode()
    assert Paragraph.objects.get(pk=paragraph.pk).text == paragraph.text


def test_a_draft_is_named_as_saved_once_and_only_when_it_is(
    admin_client: Client, paragraph: Paragraph
) -> None:
    mine = {"draft": "draft /here/ 1"}

    refused = save(admin_client, paragraph, "The transformation of rye[^1].", **mine)
    save(admin_client, paragraph, f"{paragraph.text} More.", **mine)
    after, later = (admin_client.get(url_of(paragraph)) for _ in range(2))

    assert [(page.context["draft"], page.context["saved_draft"]) for page in (refused, after, later)] == [
        ("draft /here/ 1", ""),
        ("", "draft /here/ 1"),
        ("", ""),
    ]


def test_a_marker_may_go_where_the_person_says_so(admin_client: Client, paragraph: Paragraph) -> None:
    save(admin_client, paragraph, "The govrenment bought rye[^1].", markers_are_meant="on")

    assert Paragraph.objects.get(number=1).text == "The govrenment bought rye[^1]."


def test_a_reason_is_asked_for(admin_client: Client, paragraph: Paragraph) -> None:
    response = save(admin_client, paragraph, "The government bought{p. 42} rye[^1].", reason=" ")

    assert response.context["errors"]["reason"] == ["Say why, in a few words: the history keeps it."]
    assert Paragraph.objects.get(number=1).text == paragraph.text


@pytest.mark.parametrize("reason", ["", "x" * 301])
def test_a_refused_reason_stays_as_it_was_typed(
    admin_client: Client, paragraph: Paragraph, reason: str
) -> None:
    response = save(admin_client, paragraph, "The government bought{p. 42} rye[^1].", reason=reason)

    assert response.context["errors"]["reason"]
    assert response.context["reason"] == reason


def test_no_reason_is_filled_in_and_the_last_ones_are_offered_first(
    admin_client: Client, paragraph: Paragraph
) -> None:
    first = admin_client.get(url_of(paragraph))
    for n in range(7):
        text = Paragraph.objects.get(number=2)
        save(admin_client, text, f"Of steel {n}.", reason=f"scan {n}")
    later = admin_client.get(url_of(paragraph))

    assert 'name="reason" value=""' in first.content.decode()
    assert first.context["reasons"][0] == "as the source reads"
    assert 'name="reason" value=""' in later.content.decode()
    assert later.context["reasons"][:6] == [*(f"scan {n}" for n in (6, 5, 4, 3, 2)), "as the source reads"]
    assert '<option value="scan 6">' in later.content.decode()


def test_what_was_not_changed_needs_no_reason_to_go_on(admin_client: Client, paragraph: Paragraph) -> None:
    on = save(admin_client, paragraph, paragraph.text, reason="", _next="")

    assert on["Location"] == url_of(Paragraph.objects.get(number=2))
    assert paragraph.history.count() == 0


def test_accepting_makes_its_reason_from_the_suspect(
    admin_client: Client, paragraph: Paragraph, suspect: Suspect
) -> None:
    save(admin_client, paragraph, paragraph.text, reason="", _accept=suspect.pk)

    reason = paragraph.history.first().history_change_reason
    assert reason == "suspect accepted: misspelling"


def test_what_was_typed_beside_an_accepted_suspect_needs_a_reason_of_its_own(
    admin_client: Client, paragraph: Paragraph, suspect: Suspect
) -> None:
    typed = "The govrenment sold{p. 42} rye[^1]."

    refused = save(admin_client, paragraph, typed, reason="", _accept=suspect.pk)
    assert refused.context["errors"]["reason"]
    assert refused.context["typed"] == typed
    assert Paragraph.objects.get(number=1).text == paragraph.text

    save(admin_client, paragraph, typed, _accept=suspect.pk)
    reason = paragraph.history.first().history_change_reason
    assert reason == "the scan; suspect accepted (misspelling): “govrenment” → “government”"


def test_nothing_but_the_text_can_be_changed(admin_client: Client, paragraph: Paragraph) -> None:
    save(
        admin_client,
        paragraph,
        "The government bought{p. 42} rye[^1].",
        **{"number": "99", "level": "validated", "imported_text": "x", "corrected_by": "[7]"},
    )

    row = Paragraph.objects.get(pk=paragraph.pk)
    assert (row.number, row.level, row.imported_text) == (1, "not-proofread", paragraph.imported_text)
    assert row.corrected_by == [User.objects.get().pk]


def test_a_suspect_is_accepted_into_what_was_typed(
    admin_client: Client, paragraph: Paragraph, suspect: Suspect
) -> None:
    save(admin_client, paragraph, "The govrenment sold{p. 42} rye[^1].", _accept=suspect.pk)

    assert Paragraph.objects.get(number=1).text == "The government sold{p. 42} rye[^1]."
    suspect.refresh_from_db()
    assert suspect.state == Suspect.State.ACCEPTED


def test_a_suspect_that_suggests_nothing_is_put_right_by_typing(
    admin_client: Client, paragraph: Paragraph
) -> None:
    witness = paragraph.volume.witnesses.get()
    open_bracket = make_suspect(
        witness, paragraph=paragraph, reading="rye", context="bought …", code="bracket"
    )
    typed = "The govrenment bought{p. 42} rye[^1])."

    refused = save(admin_client, paragraph, "The govrenment", _put_right=open_bracket.pk)
    open_bracket.refresh_from_db()
    assert (refused.status_code, open_bracket.state) == (200, Suspect.State.OPEN)
    save(admin_client, paragraph, typed, _put_right=open_bracket.pk)

    open_bracket.refresh_from_db()
    assert open_bracket.state == Suspect.State.ACCEPTED
    assert Paragraph.objects.get(number=1).text == typed


def test_settling_leads_on_when_nothing_is_open_here(
    admin_client: Client, paragraph: Paragraph, suspect: Suspect
) -> None:
    second = Paragraph.objects.get(number=2)
    witness = paragraph.volume.witnesses.get()
    sound = make_suspect(witness, paragraph=paragraph, line=2, reading="rye", context="bought …")
    make_suspect(witness, paragraph=second, line=4, reading="steel", context="Of …")

    here = save(admin_client, paragraph, paragraph.text, _accept=suspect.pk, _next_suspect="")
    paragraph.refresh_from_db()
    on = save(admin_client, paragraph, paragraph.text, _dismiss=sound.pk, _next_suspect="")

    assert (here["Location"], on["Location"]) == (url_of(paragraph), url_of(second))


def test_what_is_no_fault_leaves_the_list_of_the_doubtful(
    admin_client: Client, paragraph: Paragraph, suspect: Suspect
) -> None:
    publish_volume(paragraph.volume)
    assert "looked doubtful" not in admin_client.get("/plans/one/apparatus/").content.decode()

    save(admin_client, paragraph, paragraph.text, _dismiss=suspect.pk)

    suspect.refresh_from_db()
    assert suspect.state == Suspect.State.DISMISSED
    assert "looked doubtful" in admin_client.get("/plans/one/apparatus/").content.decode()
    save(admin_client, paragraph, paragraph.text, _reopen=suspect.pk)
    suspect.refresh_from_db()
    assert suspect.state == Suspect.State.OPEN


def test_what_is_typed_stays_typed_when_a_suspect_is_dismissed(
    admin_client: Client, paragraph: Paragraph, suspect: Suspect
) -> None:
    response = save(admin_client, paragraph, "The gov", _dismiss=suspect.pk)

    assert response.context["typed"] == "The gov"


def test_a_suspect_of_another_text_cannot_be_settled_here(
    admin_client: Client, paragraph: Paragraph, suspect: Suspect
) -> None:
    second = Paragraph.objects.get(number=2)

    assert save(admin_client, second, second.text, _dismiss=suspect.pk).status_code == 404


def test_three_versions_are_shown_when_a_colleague_was_quicker(
    admin_client: Client, paragraph: Paragraph
) -> None:
    vera = User.objects.create_user("vera")
    correct(
        paragraph, "The government bought{p. 42} rye[^1].", seen=paragraph.text, by=vera, reason="spelling"
    )

    response = save(admin_client, paragraph, "The govrenment bought{p. 42} oats[^1].")

    assert response.status_code == 409
    assert response.context["typed"] == "The govrenment bought{p. 42} oats[^1]."
    assert response.context["versions"].who == "vera"
    merged = response.context["versions"].merged
    assert merged == "The government bought{p. 42} oats[^1]."
    seen = response.context["seen"]
    taken = save(admin_client, paragraph, "x", seen=seen, merged=merged, _merge="")
    assert (taken.context["typed"], taken.context["seen"]) == (merged, seen)
    assert save(admin_client, paragraph, merged, seen=seen).status_code == 302
    assert Paragraph.objects.get(number=1).text == merged


def test_what_both_changed_cannot_be_merged(admin_client: Client, paragraph: Paragraph) -> None:
    vera = User.objects.create_user("vera")
    correct(
        paragraph, "The govrenment bought{p. 42} oats[^1].", seen=paragraph.text, by=vera, reason="spelling"
    )

    response = save(admin_client, paragraph, "The govrenment bought{p. 42} barley[^1].")

    assert response.context["versions"].merged == ""
    assert "Both change the same words" in response.content.decode()


def test_what_is_typed_is_shown_before_it_is_saved(
    admin_client: Client, paragraph: Paragraph, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    url = reverse("admin:reader_paragraph_shown", args=[paragraph.pk])
    admin_client.post(url, {"typed": "x"})

    with django_assert_max_num_queries(7):
        page = admin_client.post(url, {"typed": "The *government* <b> bought rye[^1]."}).content.decode()

    assert "<em>government</em> &lt;b&gt; bought" in page
    assert "The beginning of page 42 was dropped" in page
    assert "<ins>" in page
    assert "href" not in page
    assert Paragraph.objects.get(number=1).text == paragraph.text


def test_notes_and_heads_have_the_same_screen(admin_client: Client, volume: Volume) -> None:
    chapter = volume.divisions.get(slug="one")
    note = chapter.notes.get()

    assert save(admin_client, note, "On *rye*.").status_code == 302
    response = admin_client.post(
        url_of(chapter), {"typed": "Rye", "seen": "Grain", "reason": "the scan", "_save": ""}
    )

    assert response.status_code == 302
    page = admin_client.get("/plans/one/").content.decode()
    assert "On <em>rye</em>." in page
    assert "Rye</h1>" in page
    assert admin_client.get(url_of(note)).status_code == admin_client.get(url_of(chapter)).status_code == 200


def test_nobody_validates_what_they_proofread(admin_client: Client, paragraph: Paragraph) -> None:
    def set_level(level: str, client: Client = admin_client) -> Any:
        return client.post(
            url_of(paragraph), {"typed": paragraph.text, "seen": paragraph.text, "_level": level}, follow=True
        )

    set_level("proofread")
    assert Paragraph.objects.get(number=1).level == Level.PROOFREAD
    page = set_level("validated")
    assert "another person has to validate it" in page.content.decode()
    assert Paragraph.objects.get(number=1).level == Level.PROOFREAD
    second = Client()
    second.force_login(User.objects.create_superuser("boris"))
    set_level("validated", second)

    assert Paragraph.objects.get(number=1).level == Level.VALIDATED
    assert set_level("perfect").status_code == 200
    assert Paragraph.objects.get(number=1).level == Level.VALIDATED


def test_a_level_is_not_set_over_a_text_that_is_not_saved(admin_client: Client, paragraph: Paragraph) -> None:
    response = save(admin_client, paragraph, "The government", _level="proofread")

    assert response.context["typed"] == "The government"
    assert Paragraph.objects.get(number=1).level == Level.NOT_PROOFREAD


def test_a_hidden_character_is_not_saved(admin_client: Client, paragraph: Paragraph) -> None:
    save(admin_client, paragraph, "The gov\0ernment bought{p. 42} rye[^1].")

    assert Paragraph.objects.get(number=1).text == "The government bought{p. 42} rye[^1]."


# Readings that stand in what is suggested for them, or that stand elsewhere in the text too.
KEPT_READINGS = [
    (
        "ff",
        "ff.",
        "pp. 12 … and",
        "See pp. 12 ff and 14{p. 42} of rye[^1].",
        "See pp. 12 ff. and 14{p. 42} of rye[^1].",
    ),
    (
        "bought  oats",
        "bought oats",
        "It … and",
        "It bought  oats and{p. 42} rye[^1].",
        "It bought oats and{p. 42} rye[^1].",
    ),
]


@pytest.mark.parametrize(("reading", "suggestion", "context", "before", "after"), KEPT_READINGS)
def test_a_suspect_is_accepted_once_though_its_reading_stays(
    admin_client: Client,
    paragraph: Paragraph,
    reading: str,
    suggestion: str,
    context: str,
    before: str,
    after: str,
) -> None:
    Paragraph.objects.filter(pk=paragraph.pk).update(text=before, imported_text=before)
    paragraph.refresh_from_db()
    suspect = make_suspect(
        paragraph.volume.witnesses.get(),
        paragraph=paragraph,
        reading=reading,
        suggestion=suggestion,
        context=context,
    )

    save(admin_client, paragraph, before, _accept=suspect.pk)
    suspect.refresh_from_db()
    paragraph.refresh_from_db()
    assert (suspect.state, paragraph.text) == (Suspect.State.ACCEPTED, after)

    again = save(admin_client, paragraph, after, _accept=suspect.pk)
    paragraph.refresh_from_db()
    assert paragraph.text == after
    assert "it is settled already: accepted" in again.content.decode()


def test_a_suggestion_that_was_typed_is_not_put_in_again(admin_client: Client, paragraph: Paragraph) -> None:
    before, typed = "See pp. 12 ff and{p. 42} rye[^1].", "See pp. 12 ff. and{p. 42} rye[^1]."
    Paragraph.objects.filter(pk=paragraph.pk).update(text=before, imported_text=before)
    paragraph.refresh_from_db()
    suspect = make_suspect(
        paragraph.volume.witnesses.get(),
        paragraph=paragraph,
        reading="ff",
        suggestion="ff.",
        context="pp. 12 … and",
    )

    save(admin_client, paragraph, typed, _accept=suspect.pk)

    assert Paragraph.objects.get(number=1).text == typed
    suspect.refresh_from_db()
    assert suspect.state == Suspect.State.ACCEPTED


def test_nothing_changed_puts_nothing_right(admin_client: Client, paragraph: Paragraph) -> None:
    suspect = make_suspect(
        paragraph.volume.witnesses.get(), paragraph=paragraph, reading="rye", code="bracket"
    )

    response = save(admin_client, paragraph, paragraph.text, _put_right=suspect.pk)

    suspect.refresh_from_db()
    assert suspect.state == Suspect.State.OPEN
    assert "Nothing was changed: correct the text, or call the suspect no fault." in response.content.decode()


def test_an_accepted_suspect_can_be_opened_again(
    admin_client: Client, paragraph: Paragraph, suspect: Suspect
) -> None:
    save(admin_client, paragraph, paragraph.text, _accept=suspect.pk)
    paragraph.refresh_from_db()
    assert "Open again" in admin_client.get(url_of(paragraph)).content.decode()

    save(admin_client, paragraph, paragraph.text, _reopen=suspect.pk)

    suspect.refresh_from_db()
    assert suspect.state == Suspect.State.OPEN


def test_a_correction_that_cannot_be_published_is_not_saved(
    admin_client: Client, paragraph: Paragraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("reader.correction.correcting.publish_chapters", fail)
    with pytest.raises(RuntimeError):
        save(admin_client, paragraph, "The government bought{p. 42} rye[^1].")

    assert Paragraph.objects.get(number=1).text == paragraph.text
    assert not paragraph.history.exists()


def test_a_text_can_be_found_from_the_admin_in_the_reader(admin_client: Client, paragraph: Paragraph) -> None:
    assert 'href="/plans/one/#p1"' in admin_client.get(url_of(paragraph)).content.decode()


def test_a_text_that_is_not_there_leads_back(admin_client: Client, volume: Volume) -> None:
    url = reverse("admin:reader_paragraph_change", args=[99_999])

    assert admin_client.get(url)["Location"] == reverse("admin:index")
    assert admin_client.post(reverse("admin:reader_paragraph_shown", args=[99_999])).status_code == 404
