"""The pages on which terms are merged, split and brought back, as an editor uses them."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from glossary.models import Term, TermDeed, TermVersion
from reader.models import TermOccurrence, Volume
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_account,
    make_candidate,
    make_division,
    make_glossary,
    make_paragraph,
    make_sense,
    make_term,
    make_volume,
)
from tests.made_once import made_once
from tests.reader.admin.test_terms import change_url, errors_of, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans")
    first = make_division(volume, slug="one", head="Villages")
    make_paragraph(first, "The mir met. A commune met in spring.")
    make_term(volume.glossary, "mir", definition="Village community")
    make_term(volume.glossary, "commune", definition="What a village holds")
    publish_volume(volume)
    return volume


@pytest.fixture
def mir(volume: Volume) -> Term:
    return Term.objects.get(headword="mir")


@pytest.fixture
def commune(volume: Volume) -> Term:
    return Term.objects.get(headword="commune")


@pytest.fixture
def client(volume: Volume) -> Client:
    client = Client()
    client.force_login(make_account("editor"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def page(term: Term, name: str) -> str:
    return reverse(f"admin:glossary_term_{name}", args=[term.pk])


def fields_of(response: Any, **values: Any) -> dict[str, Any]:
    """What the form of a page would send."""
    form = response.context["form"]
    data = {field.name: field.value() for field in form}
    data = {name: value for name, value in data.items() if value is not None}
    more = {"seen": response.context["seen"]}
    if other := response.context.get("other"):
        more["other"] = other.pk
    return {**data, **more, **values}


# Merging


def test_the_preview_of_a_merge_counts_what_moves_and_writes_nothing(
    client: Client, mir: Term, commune: Term
) -> None:
    shown = client.get(page(mir, "merge"), {"other": commune.pk})

    assert "goes to another term: <b>1</b>" in text_of(shown)
    assert shown.context["form"]["definition"].value() == "Village community\nWhat a village holds"
    assert "Village community<br>What a village holds" in text_of(shown)
    assert Term.objects.count() == 2
    assert not TermDeed.objects.exists()
    assert not TermVersion.objects.exists()
    assert TermOccurrence.objects.filter(term=commune).count() == 1


def test_a_merge_is_made_told_and_taken_back(client: Client, mir: Term, commune: Term) -> None:
    shown = client.get(page(mir, "merge"), {"other": commune.pk})
    data = fields_of(shown, definition="A village and its land", reason="one thing")

    done = client.post(page(mir, "merge"), data, follow=True)

    assert "“commune” became part of “mir”, and readers see it." in text_of(done)
    assert TermOccurrence.objects.filter(term=mir).count() == 2
    deed = TermDeed.objects.get()
    assert deed.reason == "one thing"
    url = reverse("admin:glossary_termdeed_undo", args=[deed.pk])
    assert url in text_of(done)
    assert "goes to another term: <b>1</b>" in text_of(client.get(url))
    assert "Taken back, and readers see it" in text_of(client.post(url, follow=True))
    assert TermOccurrence.objects.filter(term=commune.pk).count() == 1
    # With the back button, and once more.
    assert "Nothing was taken back. This was taken back already." in text_of(client.post(url, follow=True))


def test_a_merge_sent_twice_says_that_the_term_is_gone(client: Client, mir: Term, commune: Term) -> None:
    data = fields_of(client.get(page(mir, "merge"), {"other": commune.pk}))
    client.post(page(mir, "merge"), data)

    again = client.post(page(mir, "merge"), data, follow=True)

    assert "not in this glossary any more" in text_of(again)
    assert TermDeed.objects.count() == 1
    assert "says what became of it" in text_of(client.get(page(commune, "merge"), follow=True))


def test_a_merge_is_not_made_over_what_a_colleague_saved(client: Client, mir: Term, commune: Term) -> None:
    data = fields_of(client.get(page(mir, "merge"), {"other": commune.pk}), definition="Mine")
    make_sense(commune, "land")

    refused = client.post(page(mir, "merge"), data)

    assert "somebody else changed one of these terms" in text_of(refused)
    assert refused.context["form"]["definition"].value() == "Mine"
    assert not TermDeed.objects.exists()
    client.post(page(mir, "merge"), fields_of(refused))
    assert TermDeed.objects.count() == 1


def test_a_merge_without_a_reason_is_refused_with_what_was_typed(
    client: Client, mir: Term, commune: Term
) -> None:
    shown = client.get(page(mir, "merge"), {"other": commune.pk})

    refused = client.post(page(mir, "merge"), fields_of(shown, definition="Mine", reason=" "))

    assert "Say why, in a few words" in text_of(refused)
    assert refused.context["form"]["definition"].value() == "Mine"


def test_a_merge_that_cannot_be_says_why_before_anything_is_typed(
    client: Client, mir: Term, commune: Term
) -> None:
    between = make_term(mir.glossary, "between", see=commune)
    Term.objects.filter(pk=mir.pk).update(see=between)

    shown = client.get(page(mir, "merge"), {"other": commune.pk})

    assert "This cannot be done so. This would send readers in a circle: mir → between → mir" in text_of(
        shown
    )


@pytest.mark.parametrize("asked", ["²", "x", "9" * 40, "-1"])
def test_a_merge_with_nothing_is_refused(client: Client, mir: Term, asked: str) -> None:
    assert "not in this glossary" in text_of(client.get(page(mir, "merge"), {"other": asked}, follow=True))


# Splitting


def test_a_split_is_shown_made_and_taken_back(client: Client, mir: Term) -> None:
    mir.forms.create(text="world")
    form = mir.forms.get(text="world")
    shown = client.get(page(mir, "split"))
    data = fields_of(shown, headword="peace", definition="No war", forms=[form.pk], reason="two words")

    preview = client.post(page(mir, "split"), {**data, "_preview": "1"})
    assert "No war" in text_of(preview)
    assert not Term.objects.filter(headword="peace").exists()

    done = client.post(page(mir, "split"), data, follow=True)
    assert "“peace” was split from “mir”, and readers see it." in text_of(done)
    peace = Term.objects.get(headword="peace")
    assert [form.text for form in peace.forms.all()] == ["peace", "world"]

    client.post(reverse("admin:glossary_termdeed_undo", args=[TermDeed.objects.get().pk]))
    assert [form.text for form in mir.forms.all()] == ["mir", "world"]
    assert not Term.objects.filter(headword="peace").exists()


def test_a_split_that_cannot_be_keeps_what_was_typed(client: Client, mir: Term) -> None:
    data = fields_of(client.get(page(mir, "split")), headword="commune", definition="Land")

    refused = client.post(page(mir, "split"), data)

    assert "“commune” is a term of this glossary already." in text_of(refused)
    assert refused.context["form"]["definition"].value() == "Land"


# Two persons, versions


def test_the_second_of_two_persons_is_told_and_shown_what_differs(client: Client, mir: Term) -> None:
    opened = client.get(change_url(mir)).context["adminform"].form.seen_now
    client.post(change_url(mir), posted(mir, definition="The colleague's"))

    refused = client.post(change_url(mir), posted(mir, definition="Mine", seen=opened))

    assert "somebody else saved this after you had opened it" in str(errors_of(refused)["__all__"])
    assert "<del>Village community</del>" in text_of(refused)
    assert "<ins>The colleague&#x27;s</ins>" in text_of(refused)
    assert refused.context["adminform"].form["definition"].value() == "Mine"
    mir.refresh_from_db()
    assert mir.definition == "The colleague's"
    now = refused.context["adminform"].form.seen_now
    assert client.post(change_url(mir), posted(mir, definition="Mine", seen=now)).status_code == 302


def test_a_form_that_a_colleague_gave_meanwhile_is_not_lost(client: Client, mir: Term) -> None:
    opened = client.get(change_url(mir)).context["adminform"].form.seen_now
    data = posted(mir, seen=opened)
    mir.forms.create(text="obshchina")

    refused = client.post(change_url(mir), data)

    assert "<ins>mir<br>obshchina</ins>" in text_of(refused)
    assert mir.forms.count() == 2


def test_a_change_without_a_reason_is_refused(client: Client, mir: Term, volume: Volume) -> None:
    refused = client.post(change_url(mir), posted(mir, definition="Mine", reason=""))

    assert errors_of(refused)["reason"] == ["Say why, in a few words: the history keeps it."]


def test_a_version_is_restored_as_a_new_one(client: Client, mir: Term) -> None:
    client.post(change_url(mir), posted(mir, forms=("obshchina",), definition="Mine", reason="a better word"))
    history = client.get(page(mir, "history"))
    assert "a better word" in text_of(history)
    restore = reverse("admin:glossary_term_restore", args=[mir.pk, 1])
    assert restore in text_of(history)

    shown = client.get(restore)
    done = client.post(restore, {"seen": shown.context["seen"], "reason": ""}, follow=True)

    assert "Version 1 was restored, and readers see it." in text_of(done)
    assert [form.text for form in mir.forms.all()] == ["mir"]
    assert TermVersion.objects.filter(term=mir).count() == 3
    assert b"Village community" in client.get("/plans/glossary/mir/").content
    # With the back button, over what a colleague saved since.
    client.post(change_url(mir), posted(Term.objects.get(pk=mir.pk), definition="Theirs"))
    again = client.post(restore, {"seen": shown.context["seen"], "reason": ""})
    assert "nothing was restored" in text_of(again)
    assert Term.objects.get(pk=mir.pk).definition == "Theirs"


def test_a_version_that_cannot_come_back_says_why(client: Client, mir: Term) -> None:
    client.post(change_url(mir), posted(mir, headword="obshchina", slug="obshchina"))
    make_term(mir.glossary, "Mir", slug="peace")
    restore = reverse("admin:glossary_term_restore", args=[mir.pk, 1])

    refused = client.post(restore, {"seen": client.get(restore).context["seen"], "reason": ""})

    assert "Nothing was restored. “mir” is another term of this glossary now." in text_of(refused)


def test_every_way_to_change_a_term_keeps_a_version_with_its_maker(
    client: Client, volume: Volume, mir: Term
) -> None:
    editor = User.objects.get(groups__name="editor")
    candidate = make_candidate(volume, "zemstvo")
    sense = make_sense(mir, "village")
    make_sense(mir, "world")

    client.post(
        change_url(candidate),
        {"headword_of_term": "zemstvo", "definition_of_term": "Council", "_accept": "1"},
    )
    client.post(page(mir, "settle"), {"every": str(sense.pk)})
    client.post(reverse("admin:glossary_term_delete", args=[mir.pk]), {"post": "yes"})

    made = TermVersion.objects.filter(maker=editor.pk).order_by("id")
    assert [(version.reason, str(version)) for version in made] == [
        ("candidate accepted", "zemstvo"),
        ("Settled occurrences", "mir"),
        ("taken out of the glossary", "taken out"),
    ]


# Volumes


def test_a_volume_s_description_has_versions_and_a_reason(client: Client, volume: Volume) -> None:
    url = reverse("admin:reader_volume_change", args=[volume.pk])
    form = client.get(url).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields} | {"seen": form.seen_now}

    client.post(url, {**data, "title": "The Organs", "reason": "the title page"})
    told = client.post(url, {**data, "title": "Organs"})
    assert "<ins>The Organs</ins>" in text_of(told)
    assert Volume.objects.get().title == "The Organs"
    assert client.post(url, {**data, "seen": "", "reason": ""}).status_code == 200

    restore = reverse("admin:reader_volume_restore", args=[volume.pk, 1])
    assert restore in text_of(client.get(reverse("admin:reader_volume_history", args=[volume.pk])))
    client.post(restore, {"seen": client.get(restore).context["seen"], "reason": "back"})
    assert Volume.objects.get().title == "The Planning Organs"
    assert [version.reason for version in volume.versions.all()] == [
        "back",
        "the title page",
        "before the first change that is recorded",
    ]
    assert b"The Planning Organs" in client.get("/plans/").content


# Rights and figures


@pytest.mark.parametrize("name", ["merge", "split"])
def test_who_may_not_change_terms_may_not_merge_or_split_them(volume: Volume, mir: Term, name: str) -> None:
    client = Client()
    client.force_login(make_account("corrector"), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(page(mir, name)).status_code == 403
    assert client.post(page(mir, name), {"reason": "x"}).status_code == 403
    assert client.get(reverse("admin:glossary_term_deeds")).status_code == 403


@pytest.mark.parametrize(("name", "most"), [("merge", 102), ("split", 14), ("history", 14), ("deeds", 8)])
@pytest.mark.parametrize("terms", [1, 9])
def test_the_queries_of_each_screen_do_not_grow(
    client: Client,
    mir: Term,
    commune: Term,
    django_assert_max_num_queries: Any,
    name: str,
    most: int,
    terms: int,
) -> None:
    for n in range(terms):
        other = make_term(mir.glossary, f"term {'abcdefghi'[n]}{'abcdefghi'[n]}")
        client.post(change_url(mir), posted(Term.objects.get(pk=mir.pk), definition=f"{n}"))
        client.post(reverse("admin:glossary_term_delete", args=[other.pk]), {"post": "yes"})
    url = reverse("admin:glossary_term_deeds") if name == "deeds" else page(mir, name)
    asked = {"other": commune.pk} if name == "merge" else {}

    with django_assert_max_num_queries(most):
        assert client.get(url, asked).status_code == 200


# Tables


def test_an_export_asks_for_the_glossary_if_there_are_two(client: Client, mir: Term) -> None:
    other = make_glossary(name="Words of the river")
    make_term(other, "ford")
    url = reverse("admin:glossary_term_export")

    asked = client.post(url, {"format": "0", "resource": "0"})
    assert asked.context["form"].errors["glossary"] == ["This field is required."]

    file = client.post(url, {"format": "0", "resource": "0", "glossary": other.pk})
    assert "words-of-the-river-" in file["Content-Disposition"]
    assert file.content.decode("utf-8-sig").splitlines()[1].startswith("Words of the river,ford,")
    assert len(file.content.splitlines()) == 2
