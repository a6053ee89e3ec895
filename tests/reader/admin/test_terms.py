import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from glossary.models import Sense, Term, TermException, TermForm
from glossary.resources import COLUMNS
from reader.models import Candidate, Paragraph, Settlement, TermOccurrence, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_glossary, make_note, make_paragraph, make_term, make_volume
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans")
    first = make_division(volume, slug="one", head="Villages")
    make_paragraph(first, "The mir met. Every mir met in spring, and NEP was debated.")
    make_paragraph(make_division(volume, slug="two", head="Books"), "Mir Publishers print. Of steel.")
    make_note(first, 1, "On the mir.")
    make_term(volume.glossary)
    make_term(volume.glossary, "mir", definition="Village community")
    publish_volume(volume)
    return volume


@pytest.fixture
def mir(volume: Volume) -> Term:
    return Term.objects.get(headword="mir")


@pytest.fixture
def with_senses(mir: Term) -> Term:
    Sense.objects.create(term=mir, n=1, definition="village", applies="of land")
    Sense.objects.create(term=mir, n=2, definition="world")
    publish_volume(Volume.objects.get())
    return mir


def change_url(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def posted(term: Term | None = None, forms: tuple[str, ...] = (), **values: Any) -> dict[str, Any]:
    """The data that the form of a term sends: the term as it is, more forms, senses, exceptions, and other values."""
    data: dict[str, Any] = {"headword": "", "slug": "", "definition": "", "see": "", "source": "editor"}
    data |= {"in_emphasis": "on", "reason": "compared with the key"}
    rows: dict[str, list[Any]] = {"forms": [], "senses": [], "exceptions": []}
    if term is not None:
        data |= {name: getattr(term, name) for name in ("headword", "slug", "definition", "source")}
        rows = {name: list(getattr(term, name).all()) for name in rows}
    more = {
        "forms": [{"text": text, "case": "exact"} for text in forms],
        "senses": values.pop("senses", []),
        "exceptions": [{"text": text} for text in values.pop("exceptions", [])],
    }
    fields = {"forms": ("text", "case"), "senses": ("n", "definition", "applies"), "exceptions": ("text",)}
    for name, existing in rows.items():
        data[f"{name}-INITIAL_FORMS"] = len(existing)
        data[f"{name}-TOTAL_FORMS"] = len(existing) + len(more[name])
        for n, row in enumerate(existing):
            data |= {f"{name}-{n}-{field}": getattr(row, field) for field in fields[name]}
            data |= {f"{name}-{n}-id": row.pk, f"{name}-{n}-term": row.term_id}
        for n, added in enumerate(more[name], start=len(existing)):
            data |= {f"{name}-{n}-{field}": value for field, value in added.items()}
    return data | values


def errors_of(response: Any) -> dict[str, Any]:
    assert response.status_code == 200
    errors = dict(response.context["adminform"].form.errors)
    for formset in response.context["inline_admin_formsets"]:
        errors |= {
            f"{formset.formset.prefix}-{n}-{field}": messages
            for n, each in enumerate(formset.formset.errors)
            for field, messages in each.items()
        }
    return errors


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


# --- A term and its forms ---


def test_a_term_that_is_added_is_linked_at_once_and_gets_an_address(
    admin_client: Client, volume: Volume
) -> None:
    data = posted(headword="Steel", definition="A metal", glossary=volume.glossary_id)

    response = admin_client.post(reverse("admin:glossary_term_add"), data)

    assert response.status_code == 302
    term = Term.objects.get(headword="Steel")
    assert (term.slug, {form.text for form in term.forms.all()}) == ("steel", {"Steel", "steel"})
    assert "../glossary/steel/" in admin_client.get("/plans/two/").content.decode()


def test_senses_and_exceptions_are_kept_with_the_term(admin_client: Client, mir: Term) -> None:
    data = posted(
        mir,
        senses=[{"n": 1, "definition": "village"}, {"n": 2, "definition": "world", "applies": "of peace"}],
        exceptions=["mir met"],
    )

    assert admin_client.post(change_url(mir), data).status_code == 302

    assert [(sense.n, sense.applies) for sense in mir.senses.all()] == [(1, ""), (2, "of peace")]
    assert TermOccurrence.objects.filter(term=mir).count() == 1  # in the note; both others are exceptions


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ("x", "two letters"),
        ("mir.*", "looks like a pattern"),
        ("*mir*", "markup of emphasis"),
        ("<i>mir</i>", "markup of HTML"),
        ("NEP", "belongs to “NEP”"),
        ("  ", "required"),
    ],
)
def test_a_form_that_cannot_be_is_refused_at_its_field(
    admin_client: Client, mir: Term, form: str, reason: str
) -> None:
    response = admin_client.post(change_url(mir), posted(mir) | {"forms-0-text": form})

    [message] = errors_of(response)["forms-0-text"]
    assert reason in message
    assert [form.text for form in mir.forms.all()] == ["mir"]


def test_a_form_that_stood_in_conflict_already_does_not_stop_other_changes(
    admin_client: Client, mir: Term
) -> None:
    TermForm.objects.create(term=mir, text="NEP")

    response = admin_client.post(change_url(mir), posted(mir) | {"definition": "Commune"})

    assert response.status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("headword", "nep", "“NEP” is a term of this glossary already"),
        ("slug", "nep", "“NEP” has this address already"),
        ("slug", "by-chapter", "A page of the glossary has this address"),
        ("exceptions-0-text", "[", "looks like a pattern"),
        ("senses-0-n", "0", "counted from 1"),
    ],
)
def test_what_would_double_a_term_is_refused_at_its_field(
    admin_client: Client, mir: Term, field: str, value: str, reason: str
) -> None:
    data = posted(mir, exceptions=["mir met"], senses=[{"n": 1, "definition": "village"}])

    [message] = errors_of(admin_client.post(change_url(mir), data | {field: value}))[field]

    assert reason in message


def test_a_see_that_leads_in_a_circle_is_refused_at_its_field(admin_client: Client, mir: Term) -> None:
    nep = Term.objects.get(headword="NEP")
    between = make_term(mir.glossary, "Between", see=mir)
    Term.objects.filter(pk=nep.pk).update(see=between)
    stranger = make_term(make_glossary(), "Stranger")

    new = posted(headword="New", see=stranger.pk, glossary=mir.glossary_id)
    [message] = errors_of(admin_client.post(reverse("admin:glossary_term_add"), new))["see"]
    assert "term of another glossary" in message
    for see, reason in [
        (nep, "leads back to the term itself: NEP → Between → mir"),
        (mir, "not one of the available choices"),
        (stranger, "not one of the available choices"),
    ]:
        [message] = errors_of(admin_client.post(change_url(mir), posted(mir, see=see.pk)))["see"]
        assert reason in message


def test_a_see_that_leads_to_another_term_is_saved(admin_client: Client, mir: Term) -> None:
    nep = Term.objects.get(headword="NEP")

    assert admin_client.post(change_url(mir), posted(mir, see=nep.pk)).status_code == 302

    mir.refresh_from_db()
    assert mir.see == nep


def test_a_term_is_saved_and_published_or_neither(
    admin_client: Client, mir: Term, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("reader.admin.terms.publish_terms", fail)
    with pytest.raises(RuntimeError):
        admin_client.post(change_url(mir), posted(mir) | {"definition": "Commune"})

    mir.refresh_from_db()
    assert mir.definition == "Village community"


def test_a_term_that_is_deleted_is_no_longer_linked(admin_client: Client, volume: Volume, mir: Term) -> None:
    admin_client.post(reverse("admin:glossary_term_delete", args=[mir.pk]), {"post": "yes"})

    assert not Term.objects.filter(pk=mir.pk).exists()
    assert "../glossary/mir/" not in admin_client.get("/plans/one/").content.decode()
    assert admin_client.get("/plans/glossary/mir/").status_code == 404


def test_terms_that_are_deleted_together_are_no_longer_linked(
    admin_client: Client, volume: Volume, mir: Term
) -> None:
    url = reverse("admin:glossary_term_changelist")

    admin_client.post(url, {"action": "delete_selected", "_selected_action": mir.pk, "post": "yes"})

    assert admin_client.get("/plans/glossary/mir/").status_code == 404


# --- The preview of a save ---


def test_what_changes_is_shown_before_it_is_saved(admin_client: Client, volume: Volume, mir: Term) -> None:
    occurrences = set(TermOccurrence.objects.values_list("pk", flat=True))
    pages = dict(volume.pages.values_list("path", "etag"))
    data = posted(mir, forms=("spring",), exceptions=["Every mir"])

    response = admin_client.post(change_url(mir), data | {"_preview": "1"})

    page = text_of(response)
    assert "appears: <b>1</b>, disappears: <b>1</b>, goes to another term: <b>0</b>" in page
    assert "in <mark>spring</mark>, and NEP was debated" in page
    assert "Every <mark>mir</mark> met" in page
    assert 'value="spring"' in page  # the form keeps the typed text
    assert "Please correct" not in page
    assert "was changed successfully" not in page
    assert set(TermOccurrence.objects.values_list("pk", flat=True)) == occurrences
    assert (mir.forms.count(), mir.exceptions.count()) == (1, 0)
    assert dict(volume.pages.values_list("path", "etag")) == pages
    volume.refresh_from_db()
    assert volume.revision == 1


def test_what_was_shown_is_what_saving_does(admin_client: Client, mir: Term) -> None:
    data = posted(mir, forms=("spring", "every mir"))
    before = set(TermOccurrence.objects.values_list("paragraph", "note", "start", "term"))

    changes = admin_client.post(change_url(mir), data | {"_preview": "1"}).context["changes"]
    admin_client.post(change_url(mir), data)

    after = set(TermOccurrence.objects.values_list("paragraph", "note", "start", "term"))
    assert dict(changes.counts) == {
        "appears": len(after - before),
        "disappears": len(before - after),
        "goes to another term": 0,
    }


def test_an_occurrence_that_goes_to_a_new_term_is_shown_with_both(admin_client: Client, mir: Term) -> None:
    data = posted(headword="mir met", definition="Assembly", glossary=mir.glossary_id, _preview="1")

    page = text_of(admin_client.post(reverse("admin:glossary_term_add"), data))

    assert "goes to another term: <b>2</b>" in page
    assert "(mir → mir met)" in page
    assert not Term.objects.filter(headword="mir met").exists()


def test_a_preview_of_what_cannot_be_saved_says_why(admin_client: Client, mir: Term) -> None:
    response = admin_client.post(change_url(mir), posted(mir, forms=("x",), _preview="1"))

    assert "two letters" in str(errors_of(response))
    assert "changes" not in response.context


def test_of_very_many_changes_the_first_are_shown_and_the_rest_counted(
    admin_client: Client, volume: Volume, mir: Term
) -> None:
    make_paragraph(volume.divisions.all()[0], "Kolkhoz. " * 230)

    page = text_of(admin_client.post(change_url(mir), posted(mir, forms=("Kolkhoz",), _preview="1")))

    assert "appears: <b>230</b>" in page
    assert page.count("<mark>Kolkhoz</mark>") == 200
    assert "And 30 more." in page


def test_a_preview_takes_the_volumes_that_share_a_glossary(
    admin_client: Client, volume: Volume, mir: Term
) -> None:
    other = make_volume(slug="other", glossary=volume.glossary, title="Other Plans")
    make_paragraph(make_division(other, head="Springs"), "In spring.")
    publish_volume(other)

    page = text_of(admin_client.post(change_url(mir), posted(mir, forms=("spring",), _preview="1")))

    assert "appears: <b>2</b>" in page
    assert "<summary>Other Plans, Springs (1)</summary>" in page
    assert "/other/chapter-1/#p1" in page


# --- Settling ---


def settle(client: Client, term: Term, **said: str) -> Any:
    return client.post(reverse("admin:glossary_term_settle", args=[term.pk]), said, follow=True)


def place(term: Term, n: int = 0) -> str:
    row = list(TermOccurrence.objects.filter(term=term, paragraph__isnull=False).order_by("start"))[n]
    return f"of-p{row.paragraph_id}-{row.start}-{row.end}"


def test_ambiguous_occurrences_stand_below_their_term_in_their_sentences(
    admin_client: Client, with_senses: Term
) -> None:
    page = text_of(admin_client.get(change_url(with_senses)))

    assert "3 of 3 occurrences are ambiguous" in page
    assert "The <mark>mir</mark> met." in page
    assert "Villages, note 1" in page


def test_an_occurrence_gets_the_sense_that_an_editor_settles(admin_client: Client, with_senses: Term) -> None:
    world = with_senses.senses.get(n=2)
    name = place(with_senses, 1)

    page = text_of(settle(admin_client, with_senses, **{name: str(world.pk)}))

    assert "Occurrences settled by themselves: 1." in page
    assert "2 of 3 occurrences are ambiguous" in page
    settlement = Settlement.objects.get()
    assert (settlement.sense, settlement.is_term, settlement.reading) == (world, True, "mir")
    assert [row.sense for row in TermOccurrence.objects.filter(term=with_senses).order_by("start")].count(
        world
    ) == 1


def test_an_occurrence_that_is_not_the_term_is_not_linked_and_can_be_taken_back(
    admin_client: Client, mir: Term
) -> None:
    settle(admin_client, mir, **{place(mir, 0): "not"})
    assert TermOccurrence.objects.filter(term=mir).count() == 2

    settlement = Settlement.objects.get()
    listed = text_of(admin_client.get(reverse("admin:reader_settlement_changelist")))
    assert "not the term" in listed
    admin_client.post(reverse("admin:reader_settlement_delete", args=[settlement.pk]), {"post": "yes"})

    assert TermOccurrence.objects.filter(term=mir).count() == 3


def test_settlements_that_are_deleted_together_are_taken_back(admin_client: Client, mir: Term) -> None:
    settle(admin_client, mir, **{place(mir, 0): "not", place(mir, 1): "not"})
    assert TermOccurrence.objects.filter(term=mir).count() == 1
    keys = list(Settlement.objects.values_list("pk", flat=True))

    url = reverse("admin:reader_settlement_changelist")
    admin_client.post(url, {"action": "delete_selected", "_selected_action": keys, "post": "yes"})

    assert TermOccurrence.objects.filter(term=mir).count() == 3


def test_an_occurrence_is_settled_once_however_often_an_editor_changes_it(
    admin_client: Client, with_senses: Term
) -> None:
    name = place(with_senses)
    for sense in with_senses.senses.all():
        settle(admin_client, with_senses, **{name: str(sense.pk)})
    assert Settlement.objects.get().sense == with_senses.senses.get(n=2)

    settle(admin_client, with_senses, **{name: "open"})

    assert not Settlement.objects.exists()
    assert TermOccurrence.objects.filter(term=with_senses, sense=None).count() == 3


def test_all_occurrences_but_those_settled_by_themselves_are_settled_together(
    admin_client: Client, with_senses: Term
) -> None:
    village, world = with_senses.senses.all()

    settle(admin_client, with_senses, every=str(village.pk), **{place(with_senses): str(world.pk)})

    senses = [row.sense for row in TermOccurrence.objects.filter(term=with_senses)]
    assert (senses.count(village), senses.count(world)) == (2, 1)
    page = text_of(settle(admin_client, with_senses, every="open"))
    assert "2 of 3 occurrences are ambiguous" in page


def test_what_the_text_no_longer_says_is_left_and_said(admin_client: Client, with_senses: Term) -> None:
    other = make_term(with_senses.glossary, "Other")
    foreign = Sense.objects.create(term=other, n=1, definition="foreign")
    name = place(with_senses)

    page = text_of(
        settle(admin_client, with_senses, **{name: str(foreign.pk), "of-p1-7-9": "not", "of-x": "not"})
    )

    assert "have changed meanwhile: 3" in page
    assert not Settlement.objects.exists()


def test_settling_needs_the_permission_to_change_terms_and_a_post(client: Client, mir: Term) -> None:
    url = reverse("admin:glossary_term_settle", args=[mir.pk])
    assert client.post(url).status_code == 403  # the login is asked for
    client.force_login(editor("view_term"))

    assert client.post(url).status_code == 403
    client.force_login(editor("change_term"))
    assert client.get(url).status_code == 405


def editor(*permissions: str) -> User:
    user = User.objects.create_user(f"editor {'-'.join(permissions)}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def test_all_occurrences_of_a_term_are_shown_on_demand_a_hundred_at_a_time(
    admin_client: Client, volume: Volume, mir: Term
) -> None:
    make_paragraph(volume.divisions.all()[0], "A mir. " * 120)
    publish_volume(volume)

    first = text_of(admin_client.get(change_url(mir)))
    page = admin_client.get(change_url(mir) + "?occurrences=all&page=2")

    assert "0 of 123 occurrences are ambiguous" in first
    assert len(page.context["occurrences"].rows) == 23
    assert "Page 2 of 2" in text_of(page)


# --- The lists ---


@pytest.mark.parametrize(
    ("query", "headwords"),
    [
        ("", {"NEP", "mir", "Idle"}),
        ("occurrences=never", {"Idle"}),
        ("occurrences=ambiguous", {"mir"}),
        ("source__exact=key", {"Idle"}),
    ],
)
def test_terms_are_found_by_how_they_occur(
    admin_client: Client, with_senses: Term, query: str, headwords: set[str]
) -> None:
    make_term(with_senses.glossary, "Idle", source="key")

    response = admin_client.get(f"{reverse('admin:glossary_term_changelist')}?{query}")

    assert {term.headword for term in response.context["cl"].result_list} == headwords


@pytest.mark.parametrize(
    ("page", "most"),
    [("list", 12), ("term", 28), ("preview", 96), ("candidates", 12), ("candidate", 12), ("settlements", 12)],
)
@pytest.mark.parametrize("size", [1, 12])
def test_the_queries_of_a_page_do_not_grow_with_the_glossary(
    admin_client: Client,
    with_senses: Term,
    page: str,
    most: int,
    size: int,
    django_assert_max_num_queries: Any,
) -> None:
    volume = Volume.objects.get()
    for n in range(size):
        term = make_term(volume.glossary, f"Word {n}", see=with_senses)
        Sense.objects.create(term=term, n=1, definition="a")
        Sense.objects.create(term=term, n=2, definition="b")
        paragraph = make_paragraph(volume.divisions.all()[0], f"A mir of Word {n}.")
        make_candidate(volume, f"Artel {n}", paragraph=paragraph, term=term)
        values = {"before": "A", "reading": "mir", "after": "of", "sense": with_senses.senses.get(n=1)}
        Settlement.objects.create(term=with_senses, paragraph=paragraph, **values)
    publish_volume(volume)
    urls = {
        "list": reverse("admin:glossary_term_changelist"),
        "term": change_url(with_senses) + "?occurrences=all",
        "candidates": reverse("admin:reader_candidate_changelist"),
        "candidate": change_url(Candidate.objects.all()[0]),
        "settlements": reverse("admin:reader_settlement_changelist"),
    }

    with django_assert_max_num_queries(most):
        if page == "preview":
            data = posted(with_senses, forms=("spring",), _preview="1")
            assert admin_client.post(change_url(with_senses), data).context["changes"]
        else:
            assert admin_client.get(urls[page]).status_code == 200


# --- Candidates ---


def make_candidate(volume: Volume, headword: str = "Artel", **values: Any) -> Candidate:
    return Candidate.objects.create(
        volume=volume,
        headword=headword,
        **{
            "definition": "team of workers",
            "pattern": "that-is",
            "score": 0.9,
            "sentence": "Of steel.",
            **values,
        },
    )


def listed(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{reverse('admin:reader_candidate_changelist')}{query}")
    return [candidate.headword for candidate in response.context["cl"].result_list]


def act(client: Client, action: str, *candidates: Candidate) -> str:
    keys = [candidate.pk for candidate in candidates]
    url = reverse("admin:reader_candidate_changelist") + "?state=all"
    return text_of(client.post(url, {"action": action, "_selected_action": keys}, follow=True))


def test_open_candidates_come_first_and_the_surest_of_them(admin_client: Client, volume: Volume) -> None:
    make_candidate(volume, "Sovkhoz", score=0.5)
    make_candidate(volume, "Artel", score=0.97)
    make_candidate(volume, "Oblast", state=Candidate.State.REFUSED)

    assert listed(admin_client) == ["Artel", "Sovkhoz"]
    assert listed(admin_client, "?state=refused") == ["Oblast"]
    assert len(listed(admin_client, "?state=all")) == 3


def test_a_candidate_that_is_accepted_is_a_term_of_the_text_and_linked(
    admin_client: Client, volume: Volume
) -> None:
    candidate = make_candidate(volume, "steel", definition="a metal")

    page = act(admin_client, "accept_all", candidate)

    assert "Candidates accepted: 1." in page
    candidate.refresh_from_db()
    term = Term.objects.get(headword="steel")
    assert (candidate.state, candidate.term) == (Candidate.State.ACCEPTED, term)
    assert (term.source, term.definition) == (Term.Source.TEXT, "a metal")
    assert "../glossary/steel/" in admin_client.get("/plans/two/").content.decode()


def test_candidates_are_accepted_together_and_published_once(admin_client: Client, volume: Volume) -> None:
    one, two = make_candidate(volume, "Artel"), make_candidate(volume, "Sovkhoz")

    act(admin_client, "accept_all", one, two)

    volume.refresh_from_db()
    assert volume.revision == 2


def test_those_that_cannot_be_accepted_say_why_and_do_not_stop_the_others(
    admin_client: Client, volume: Volume
) -> None:
    nep = Term.objects.get(headword="NEP")
    candidates = [
        make_candidate(volume, "Nep"),
        make_candidate(volume, "CC", definition="", pattern="unexplained"),
        make_candidate(volume, "mirs"),
        make_candidate(volume, "Artel"),
    ]

    page = act(admin_client, "accept_all", *candidates)

    assert f'“Nep”: <a href="{change_url(nep)}">“NEP”</a> is a term of the glossary already.' in page
    assert "“CC”: The text explains it nowhere: write a definition before you accept it." in page
    assert "“mirs”: “mirs” belongs to “mir”" in page
    assert "Candidates accepted: 1." in page
    assert [each.state for each in Candidate.objects.order_by("pk")] == ["open", "open", "open", "accepted"]


def test_a_candidate_can_be_changed_before_it_is_accepted_and_is_still_known(
    admin_client: Client, volume: Volume
) -> None:
    candidate = make_candidate(volume, "CC", definition="", pattern="unexplained")
    data = {"headword_of_term": " Central  Committee ", "definition_of_term": "of the party", "_accept": "1"}

    response = admin_client.post(change_url(candidate), data)

    assert response.status_code == 302
    candidate.refresh_from_db()
    assert candidate.headword == "CC"
    assert candidate.term is not None
    assert (candidate.term.headword, candidate.term.definition) == ("Central Committee", "of the party")


@pytest.mark.parametrize(
    ("headword", "definition", "field", "reason"),
    [
        ("nep", "a policy", "headword_of_term", "is a term of the glossary already"),
        ("mirs", "villages", "headword_of_term", "belongs to"),
        ("Artel", " ", "definition_of_term", "write a definition before you accept it"),
        ("", "a team", "headword_of_term", "required"),
    ],
)
def test_a_candidate_that_cannot_be_a_term_is_refused_at_its_field(
    admin_client: Client, volume: Volume, headword: str, definition: str, field: str, reason: str
) -> None:
    candidate = make_candidate(volume)
    data = {"headword_of_term": headword, "definition_of_term": definition, "_accept": "1"}

    [message] = errors_of(admin_client.post(change_url(candidate), data))[field]

    assert reason in message
    candidate.refresh_from_db()
    assert (candidate.state, Term.objects.count()) == (Candidate.State.OPEN, 2)


def test_a_candidate_is_refused_and_opened_again(admin_client: Client, volume: Volume) -> None:
    one, two = make_candidate(volume, "Artel"), make_candidate(volume, "Sovkhoz")

    assert "Candidates refused: 1." in act(admin_client, "refuse_all", one)
    admin_client.post(change_url(two), {"_refuse": "1"})
    assert listed(admin_client) == []
    assert "Candidates opened: 1." in act(admin_client, "reopen_all", one)
    admin_client.post(change_url(two), {"_reopen": "1"})

    assert listed(admin_client) == ["Artel", "Sovkhoz"]
    assert Term.objects.count() == 2


def test_accepting_needs_the_permission_to_add_terms(client: Client, volume: Volume) -> None:
    candidate = make_candidate(volume)
    client.force_login(editor("view_candidate", "change_candidate"))

    act(client, "accept_all", candidate)
    refused = client.post(
        change_url(candidate), {"headword_of_term": "Artel", "definition_of_term": "team", "_accept": "1"}
    )

    assert refused.status_code == 403
    assert Term.objects.count() == 2


def test_candidates_are_neither_added_nor_deleted_by_hand(admin_client: Client, volume: Volume) -> None:
    candidate = make_candidate(volume)

    assert admin_client.get(reverse("admin:reader_candidate_add")).status_code == 403
    assert admin_client.post(reverse("admin:reader_candidate_delete", args=[candidate.pk])).status_code == 403


# --- Tables ---


def upload(client: Client, volume: Volume, content: str | bytes, name: str = "terms.json") -> Any:
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    kind = "1" if name.endswith("json") else "0"
    data = {"glossary": volume.glossary_id, "import_file": file, "format": kind, "resource": "0"}
    return client.post(reverse("admin:glossary_term_import"), data)


def confirm(client: Client, preview: Any) -> Any:
    form = preview.context["confirm_form"]
    return client.post(reverse("admin:glossary_term_process_import"), form.initial, follow=True)


def table(*rows: dict[str, str]) -> str:
    return json.dumps([{**dict.fromkeys(COLUMNS, ""), **row} for row in rows])


def test_a_table_is_shown_with_its_differences_then_written_and_published_once(
    admin_client: Client, volume: Volume
) -> None:
    preview = upload(
        admin_client,
        volume,
        table(
            {"headword": "steel", "definition": "metal"},
            {"headword": "mir", "forms": "mir", "definition": "x"},
        ),
    )
    page = text_of(preview)
    assert "New: 1, changed: 1, unchanged: 0." in page
    assert "<ins>metal</ins>" in page
    assert Term.objects.count() == 2

    done = confirm(admin_client, preview)

    assert "1 new, 1 updated" in text_of(done)
    assert "../glossary/steel/" in admin_client.get("/plans/two/").content.decode()
    volume.refresh_from_db()
    assert volume.revision == 2


def test_a_table_with_a_wrong_row_offers_nothing_to_confirm(admin_client: Client, volume: Volume) -> None:
    response = upload(admin_client, volume, table({"headword": "steel"}, {"headword": "x" * 201}))

    page = text_of(response)
    assert "Nothing was written: 1 row is wrong" in page
    assert "<b>headword</b>: A headword has at most 200 characters." in page
    assert "confirm_form" not in response.context


def test_a_file_in_another_encoding_is_refused_at_its_field(admin_client: Client, volume: Volume) -> None:
    response = upload(admin_client, volume, "headword\nCafé".encode("cp1252"), "terms.csv")

    [message] = response.context["form"].errors["import_file"]
    assert "not in UTF-8: line 2 holds the byte E9" in message


def test_a_table_that_no_longer_fits_when_it_is_confirmed_is_not_written(
    admin_client: Client, volume: Volume
) -> None:
    preview = upload(admin_client, volume, table({"headword": "Steel"}, {"headword": "Iron", "see": "NEP"}))
    Term.objects.filter(headword="NEP").delete()

    done = confirm(admin_client, preview)

    assert "Nothing was written: the glossary has changed" in text_of(done)
    assert not Term.objects.filter(headword__in=["Steel", "Iron"]).exists()


def test_only_the_file_that_was_shown_is_read_in_and_only_once(admin_client: Client, volume: Volume) -> None:
    preview = upload(admin_client, volume, table({"headword": "Steel"}))
    url = reverse("admin:glossary_term_process_import")
    other = preview.context["confirm_form"].initial | {"import_file_name": "/etc/hostname"}

    assert "not the file that was shown" in text_of(admin_client.post(url, other))
    confirm(admin_client, preview)
    again = text_of(confirm(admin_client, preview))

    assert "read in already, or is gone" in again
    assert Term.objects.filter(headword="Steel").count() == 1


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_what_was_exported_changes_nothing_when_it_is_imported(
    admin_client: Client, with_senses: Term, kind: str
) -> None:
    TermException.objects.create(term=with_senses, text="Mir Publishers")
    url = reverse("admin:glossary_term_export")
    exported = admin_client.post(url, {"format": "01"[kind == "json"], "resource": "0"})
    assert exported["Content-Disposition"].endswith(f'.{kind}"')

    preview = upload(admin_client, Volume.objects.get(), exported.content, f"terms.{kind}")

    assert "New: 0, changed: 0, unchanged: 2." in text_of(preview)


def test_only_what_the_list_shows_is_exported(admin_client: Client, volume: Volume) -> None:
    make_term(volume.glossary, "Idle")

    url = reverse("admin:glossary_term_export") + "?occurrences=never"
    exported = admin_client.post(url, {"format": "1", "resource": "0"})

    assert [row["headword"] for row in json.loads(exported.content)] == ["Idle"]


@pytest.mark.parametrize("name", ["import", "export", "process_import"])
def test_tables_need_permission(client: Client, volume: Volume, name: str) -> None:
    url = reverse(f"admin:glossary_term_{name}")
    assert "Log in" in client.post(url).content.decode()
    client.force_login(editor("change_paragraph"))

    assert client.post(url).status_code == 403


@pytest.mark.parametrize("name", ["import", "export", "changelist", "add"])
def test_pages_of_terms_need_no_inline_script_or_style(
    admin_client: Client, volume: Volume, name: str
) -> None:
    page = admin_client.get(reverse(f"admin:glossary_term_{name}")).content.decode()

    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", page)
    assert not re.search(r"\son\w+=\"|\sstyle=\"", page)


def test_a_paragraph_is_not_touched_by_a_preview(admin_client: Client, volume: Volume, mir: Term) -> None:
    before = list(Paragraph.objects.values_list("pk", "text"))

    admin_client.post(change_url(mir), posted(mir, forms=("spring",), _preview="1"))

    assert list(Paragraph.objects.values_list("pk", "text")) == before


def test_an_answer_to_a_candidate_that_came_too_late_is_said_to_change_nothing(
    admin_client: Client, volume: Volume
) -> None:
    candidate = make_candidate(volume, "steel", definition="a metal")
    url = reverse("admin:reader_candidate_change", args=[candidate.pk])
    act(admin_client, "accept_all", candidate)

    answer = admin_client.post(url, {"headword_of_term": "Steel", "_refuse": "1"}, follow=True)

    assert "Nothing was changed: it was settled meanwhile." in text_of(answer)
    assert "successfully" not in text_of(answer)
    candidate.refresh_from_db()
    assert candidate.state == Candidate.State.ACCEPTED
