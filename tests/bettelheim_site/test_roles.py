"""The rights of the roles in the admin: every address with every role, and the limits of an administrator."""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.views.generic import RedirectView
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from corpus_import.models import Upload
from glossary.models import Term
from glossary.versions import snapshot_of
from reader.correction.correcting import begin_history
from reader.correction.describing import describe
from reader.correction.terms import delete, restore
from reader.models import (
    Conflict,
    Corrector,
    Deed,
    Diagnostic,
    Division,
    Gap,
    GoodReading,
    Italic,
    Note,
    Original,
    Paragraph,
    Person,
    Replacement,
    SettledReference,
    Suspect,
    Variant,
    Volume,
)
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_account,
    make_candidate,
    make_division,
    make_emendation,
    make_italic,
    make_note,
    make_page_break,
    make_paragraph,
    make_settlement,
    make_suspect,
    make_term,
    make_variant,
    make_volume,
    make_witness,
)
from tests.pdfs import box_of, pdf_of

pytestmark = pytest.mark.django_db

KIND = {"kind": "quotation", "continues": False}

# The visitors: a corrector, an editor, an administrator, a member of the staff without a role, and nobody.
WHO = {"c": ("corrector",), "e": ("editor",), "a": ("administrator",), "s": (), "n": None}
# The visitors who may view the pages of a model, and who may add, change and delete there.
MODELS = {
    "auth_group": ("a", "", "", ""),
    "auth_user": ("a", "a", "a", "a"),
    "corpus_import_upload": ("e", "e", "e", ""),  # only the person who made it may confirm it
    "glossary_glossary": ("e", "", "e", ""),
    "glossary_term": ("e", "e", "e", "e"),
    "otp_totp_totpdevice": ("a", "", "", "a"),
    "reader_candidate": ("e", "", "e", ""),
    "reader_citedwork": ("e", "", "e", ""),
    "reader_conflict": ("ce", "", "ce", ""),  # the tested one is about a paragraph
    "reader_corrector": ("", "", "", ""),  # two pages, and no list
    "reader_crossreference": ("ce", "", "", ""),
    "reader_deed": ("ce", "", "ce", ""),  # the tested one is about a paragraph
    "reader_diagnostic": ("ce", "", "", ""),
    "reader_division": ("ce", "", "e", ""),
    "reader_emendation": ("ce", "", "", ""),
    "reader_gap": ("ce", "", "", ""),
    "reader_goodreading": ("ce", "ce", "", "ce"),
    "reader_italic": ("ce", "", "", ""),
    "reader_note": ("ce", "", "ce", ""),
    "reader_pagebreak": ("ce", "", "", ""),
    "reader_paragraph": ("ce", "", "ce", ""),
    "reader_person": ("e", "e", "e", ""),
    "reader_replacement": ("ce", "ce", "", ""),
    "reader_settledreference": ("e", "", "", "e"),
    "reader_settlement": ("e", "", "", "e"),
    "reader_suspect": ("ce", "", "", ""),
    "reader_variant": ("ce", "", "", ""),
    "reader_volume": ("ce", "", "e", ""),
    "reader_witness": ("ce", "", "", ""),
    "reader_workreference": ("e", "", "e", ""),
}
# The visitors who may get the other pages, and who may post there.
PAGES = {
    "app_list": ("ce", "ce"),  # the tested one is the reader's
    "auth_user_password_change": ("a", "a"),
    "autocomplete": ("", ""),
    "glossary_term_deeds": ("e", "e"),
    "glossary_term_export": ("e", "e"),
    "glossary_term_import": ("e", "e"),
    "glossary_term_merge": ("e", "e"),
    "glossary_term_process_import": ("", "e"),
    "glossary_term_restore": ("e", "e"),
    "glossary_term_settle": ("", "e"),
    "glossary_term_add_form": ("", "e"),
    "glossary_term_split": ("e", "e"),
    "glossary_termdeed_undo": ("e", "e"),
    "index": ("ceas", "ceas"),
    "jsi18n": ("ceas", ""),
    "login": ("ceasn", "ceasn"),
    "logout": ("n", "ceasn"),  # nobody is led to the index
    "otp_totp_totpdevice_config": ("", ""),
    "otp_totp_totpdevice_qrcode": ("", ""),
    "password_change": ("ceas", "ceas"),
    "password_change_done": ("ceas", ""),
    # The ways from the reader's pages.
    "reader_correct_division": ("ce", ""),
    "reader_correct_note": ("ce", ""),
    "reader_correct_paragraph": ("ce", ""),
    "reader_correct_term": ("e", ""),
    "reader_corrector_name": ("ceas", "ceas"),  # each person's own
    "reader_correctors": ("ce", "ce"),
    "reader_division_reading": ("ce", ""),
    "reader_division_reading_text": ("ce", "ce"),  # a paragraph is posted
    "reader_division_supply": ("ce", "ce"),  # the notes of a chapter
    "reader_note_supply": ("ce", "ce"),
    "reader_division_restore": ("e", "e"),
    "reader_division_structure": ("e", "e"),
    "reader_note_structure": ("ce", "ce"),
    "reader_paragraph_structure": ("ce", "ce"),
    "reader_note_restore": ("ce", "ce"),
    "reader_paragraph_restore": ("ce", "ce"),
    "reader_reading": ("ce", ""),
    "reader_queue": ("ce", "ce"),
    "reader_replacement_undo": ("", "ce"),
    # Previews of a text while a person types.
    "reader_division_shown": ("", "ce"),
    "reader_note_shown": ("", "ce"),
    "reader_paragraph_shown": ("", "ce"),
    # Pieces of the source's own page beside a text.
    "reader_division_picture": ("ce", ""),
    "reader_note_picture": ("ce", ""),
    "reader_paragraph_picture": ("ce", ""),
    "reader_volume_restore": ("e", "e"),
    "second_factor": ("ceas", "ceas"),
    "second_factor_qr": ("ceas", "ceas"),
    "view_on_site": ("ceas", "ceas"),
}


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: Path) -> None:
    """A folder for whitenoise, which warns if the folder is missing."""
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture
def volume() -> Volume:
    """A volume with a row of each kind that the admin shows."""
    somebody = User.objects.create_user("somebody")
    TOTPDevice.objects.create(user=somebody, name="app")
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one")
    witness = make_witness(volume, b"The NEP came, see p. 42.\n")
    paragraph = make_paragraph(chapter, "The NEP[^1] came[^2], see p. 42.", lines=[[1, 1, 1]])
    note = make_note(chapter, 1, "A. Orlov, *Grain* (Riga, 1931), p. 4.", lines=[[1, 1, 1]])
    SettledReference.objects.create(volume=volume, note=note, reading="Rye", work="orlov|rye")
    Division.objects.update(lines=[[1, 1, 1]])
    Original.objects.create(witness=witness, content=pdf_of([["The NEP came."]]), boxes=[[1, 1, *box_of(0)]])
    make_page_break(volume, "42", paragraph=paragraph)
    make_emendation(witness, division=chapter, paragraph=paragraph)
    make_suspect(witness, paragraph=paragraph)
    make_variant(witness, paragraph=paragraph, reading="came", other="went")
    make_italic(paragraph, "came")
    make_candidate(volume, "grain")
    make_settlement(paragraph, "NEP", make_term(volume.glossary))
    make_conflict(volume, "text", paragraph=paragraph)
    Replacement.objects.create(volume=volume, reading="rye", replacement="oats", reason="the scan")
    Deed.objects.create(volume=volume, kind="set-kind", said="Made prose", paragraph=paragraph, before=KIND)
    GoodReading.objects.create(volume=volume, reading="rye", code="misspelling")
    Person.objects.create(volume=volume, found_as="Ozer", slug="ozer", surname="Ozer", heading="P. Ozer")
    Corrector.objects.create(account=somebody.pk, name="S. Body")
    Upload.objects.create(name="Plans", files=b"", uploaded_by=0)
    for text in (chapter, paragraph, Note.objects.get()):
        begin_history(text)
    Diagnostic.objects.create(
        volume=volume, witness=witness, line=1, code="page", message="A page is missing."
    )
    publish_volume(volume)
    delete([make_term(volume.glossary, "rye")], by=somebody)
    nep = Term.objects.get()
    restore(nep, {**snapshot_of(nep), "definition": "A policy"}, by=somebody, reason="shorter")
    volume.title = "Plans"
    describe(volume, ["title"], by=somebody, reason="shorter")
    assert volume.cross_references.exists()
    return volume


def make_conflict(volume: Volume, field: str, **about: Any) -> Conflict:
    texts = {"old_import": "Old.", "human": "Mine.", "new_import": "New."}
    return Conflict.objects.create(volume=volume, field=field, about=field, **texts, **about)


def login(who: str) -> Client:
    client, roles = Client(), WHO[who]
    if roles is not None:
        username = "-".join(roles) or "staff"
        account = User.objects.filter(username=username).first()
        client.force_login(account or make_account(*roles, username=username))
    return client


# Every address with every role


def patterns(among: list[Any]) -> Iterator[URLPattern]:
    for each in among:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns)
        else:
            yield each


def addresses() -> dict[str, URLPattern]:
    """The admin's addresses by their names."""
    [urls, *_] = admin.site.urls
    return {
        str(each.name): each
        for each in patterns(urls)
        # Old addresses that only redirect, and Django's own that answers 404 or redirects to the login.
        if getattr(each.callback, "view_class", None) is not RedirectView
        and str(each.pattern) != "(?P<url>.*)$"
    }


def may(name: str) -> tuple[str, str]:
    """The visitors who may get an address, and who may post to the address, from the tables."""
    if name in PAGES:
        return PAGES[name]
    model, _, page = name.rpartition("_")
    assert model in MODELS, f"{name}: say in the tables who may use it"
    view, add, change, delete = MODELS[model]
    pages = {
        "changelist": (view, view),
        "history": (view, view),
        "add": (add, add),
        "change": (view, change),
        "delete": (delete, delete),
    }
    assert page in pages, f"{name}: say in the tables who may use it"
    return pages[page]


def test_the_tables_know_every_address_and_no_other() -> None:
    names = set(addresses())
    known = {
        f"{model}_{page}" for model in MODELS for page in ("changelist", "add", "change", "delete", "history")
    }

    assert names - known - set(PAGES) == set(), "say in the tables who may use it"
    assert {*known, *PAGES} - names == set(), "these addresses of the tables no longer exist"


# The arguments of addresses that are known by more than a key.
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "reader_correct_division": ("plans", "one"),
    "reader_correct_note": ("plans", "one", "n1"),
    "reader_correct_paragraph": ("plans", 1),
    "reader_correct_term": ("plans", "nep"),
}


def url_of(name: str, pattern: URLPattern) -> str:
    """The URL of an address, for an existing row."""
    if name in ARGUMENTS:
        return reverse(f"admin:{name}", args=ARGUMENTS[name])
    if name.endswith("_structure"):
        model = apps.get_model("reader", name.split("_")[1])
        way = "kind" if model is Paragraph else "number"
        return reverse(f"admin:{name}", args=[model._default_manager.get().pk, way])
    if name == "reader_division_reading_text":
        return reverse(f"admin:{name}", args=[Division.objects.get().pk, "p1"])
    wanted = set(pattern.pattern.converters) or set(pattern.pattern.regex.groupindex)
    if name == "app_list":
        return reverse("admin:app_list", args=["reader"])
    if name == "view_on_site":
        paragraph = Paragraph.objects.get()
        return reverse(
            "admin:view_on_site", args=[ContentType.objects.get_for_model(Paragraph).pk, paragraph.pk]
        )
    if not wanted:
        return reverse(f"admin:{name}")
    for model in apps.get_models():
        if name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_"):
            row = model._default_manager.order_by("pk").first()
            assert row is not None, f"{name}: the volume needs a row of this kind"
            return reverse(f"admin:{name}", args=[row.pk, *[1] * (len(wanted) - 1)])
    raise AssertionError(f"{name}: say which row the address needs")


LEAD_TO_THE_INDEX = ("/admin/login/", "/admin/logout/")


def is_served(client: Client, method: str, url: str) -> bool:
    """Whether a request is carried out; its effects are undone, in the database and in the client."""
    cookies = client.cookies.output(attrs=[], header="", sep=";")
    with transaction.atomic():
        response = getattr(client, method)(url)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    location = response.get("Location", "")
    assert location != "/admin/" or url in LEAD_TO_THE_INDEX, f"{url}: there is no such row"
    if response.status_code in (403, 404, 405) or location.startswith("/admin/login/"):
        return False
    assert response.status_code in (200, 302), (method, url, response.status_code)
    return True


@pytest.mark.parametrize("who", WHO)
def test_every_address_is_for_those_of_whom_the_tables_say_so(volume: Volume, who: str) -> None:
    client = login(who)
    Upload.objects.update(uploaded_by=int(client.session.get("_auth_user_id", 0)))
    wrong = []
    for name, pattern in addresses().items():
        url = url_of(name, pattern)
        for method, those in zip(("get", "post"), may(name), strict=True):
            served = is_served(client, method, url)
            if served != (who in those):
                wrong.append(f"{method} {url} ({name}): {'served' if served else 'refused'}")

    assert not wrong, "\n".join(wrong)


# Every deed with every role


def change(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def correct_text(client: Client, text: Any) -> Any:
    return client.post(change(text), {"typed": "Rye[^1][^2].", "seen": text.wording, "reason": "the scan"})


def set_level(client: Client, level: str) -> Any:
    text = Paragraph.objects.get()
    return client.post(change(text), {"_level": level, "typed": text.text})


def validate(client: Client) -> Any:
    Paragraph.objects.update(level="proofread", proofread_by=0, corrected_by=[])
    return set_level(client, "validated")


def answer(client: Client, button: str, kind: type[Model], **values: Any) -> Any:
    row = kind._default_manager.all()[0]
    name = kind._meta.model_name
    return client.post(f"{reverse('admin:reader_queue')}?kind={name}", {button: row.pk, **values})


def replace_everywhere(client: Client) -> Any:
    url = reverse("admin:reader_replacement_add")
    asked: dict[str, Any] = {"volume": Volume.objects.get().pk, "reading": "came", "replacement": "went"}
    page = client.get(url, asked)
    places = [each.key for each in page.context["found"].places] if page.status_code == 200 else []
    return client.post(url, {**asked, "place": places, "reason": "the scan", "_put": ""})


def change_volume(client: Client) -> Any:
    volume = Volume.objects.get()
    names = ("author", "publisher", "year", "rights", "language", "glossary_id")
    values = {name.removesuffix("_id"): getattr(volume, name) for name in names}
    return client.post(change(volume), {**values, "title": "Rye", "reason": "the title page"})


def first(model: type[Model], name: str) -> Any:
    return model._default_manager.values_list(name, flat=True).order_by("pk")[0]


# What a person does, the value that shows it was done, and who may: a corrector, an editor, an administrator, a member
# of the staff without a role, nobody.
DEEDS: dict[str, tuple[Any, Any, str]] = {
    "correct a paragraph": (
        lambda client: correct_text(client, Paragraph.objects.get()),
        lambda: first(Paragraph, "text"),
        "ce",
    ),
    "correct a note": (
        lambda client: client.post(
            change(Note.objects.get()),
            {"typed": "On rye.", "seen": "A. Orlov, *Grain* (Riga, 1931), p. 4.", "reason": "the scan"},
        ),
        lambda: first(Note, "text"),
        "ce",
    ),
    "correct a head": (
        lambda client: client.post(
            change(Division.objects.get()),
            {"typed": "Rye", "seen": Division.objects.get().head, "reason": "the scan"},
        ),
        lambda: first(Division, "head"),
        "e",
    ),
    "say that a text is proofread": (
        lambda client: set_level(client, "proofread"),
        lambda: first(Paragraph, "level"),
        "ce",
    ),
    "say that a text is problematic": (
        lambda client: set_level(client, "problematic"),
        lambda: first(Paragraph, "level"),
        "ce",
    ),
    "validate what another person proofread": (
        validate,
        lambda: first(Paragraph, "level") == "validated",
        "ce",
    ),
    "say in the list that a text is proofread": (
        lambda client: client.post(
            reverse("admin:reader_paragraph_changelist"),
            {"action": "set_proofread", "_selected_action": [Paragraph.objects.get().pk]},
        ),
        lambda: first(Paragraph, "level"),
        "ce",
    ),
    "call a suspect no fault": (
        lambda client: answer(client, "settle", Suspect),
        lambda: first(Suspect, "state"),
        "ce",
    ),
    "keep ours against a second witness": (
        lambda client: answer(client, "settle", Variant),
        lambda: first(Variant, "state"),
        "ce",
    ),
    "leave words upright": (
        lambda client: answer(client, "settle", Italic),
        lambda: first(Italic, "state"),
        "ce",
    ),
    "call a missing note lost": (
        lambda client: answer(client, "settle", Gap),
        lambda: first(Gap, "state"),
        "ce",
    ),
    "put a reading right everywhere": (
        replace_everywhere,
        lambda: first(Paragraph, "text"),
        "ce",
    ),
    "describe the volume": (change_volume, lambda: first(Volume, "title"), "e"),
    "delete a term": (
        lambda client: client.post(
            reverse("admin:glossary_term_delete", args=[Term.objects.get().pk]), {"post": "yes"}
        ),
        lambda: Term.objects.count(),
        "e",
    ),
    "delete a second factor": (
        lambda client: client.post(
            reverse("admin:otp_totp_totpdevice_delete", args=[TOTPDevice.objects.get().pk]), {"post": "yes"}
        ),
        lambda: TOTPDevice.objects.count(),
        "a",
    ),
    "delete an account": (
        lambda client: client.post(
            reverse("admin:auth_user_delete", args=[User.objects.get(username="somebody").pk]),
            {"post": "yes"},
        ),
        lambda: User.objects.filter(username="somebody").exists(),
        "a",
    ),
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_is_done_by_those_of_whom_the_table_says_so(volume: Volume, deed: str, who: str) -> None:
    do, shown, those = DEEDS[deed]
    client = login(who)
    before = shown()

    do(client)

    assert (shown() != before) == (who in those)


def test_who_proofread_a_text_does_not_validate_it_in_any_role(volume: Volume) -> None:
    for who in "ce":
        client = login(who)
        set_level(client, "proofread")
        set_level(client, "validated")
        assert first(Paragraph, "level") == "proofread"
        set_level(client, "not-proofread")

    set_level(login("c"), "proofread")
    set_level(login("e"), "validated")

    assert first(Paragraph, "level") == "validated"


def test_with_a_text_nothing_else_of_it_is_written(volume: Volume) -> None:
    paragraph = Paragraph.objects.get()
    url = reverse("admin:reader_paragraph_change", args=[paragraph.pk])
    forged = {
        "level": "validated",
        "proofread_by": "9",
        "corrected_by": "[9]",
        "number": "9",
        "imported_text": "x",
    }
    sent = {
        "typed": "The NEP[^1] went[^2], see p. 42.",
        "seen": paragraph.text,
        "reason": "the scan",
        **forged,
    }

    assert login("a").post(url, sent).status_code == 403
    assert Paragraph.objects.filter(text=paragraph.text).exists()

    assert login("c").post(url, sent).status_code == 302
    now = Paragraph.objects.get()
    assert now.text == sent["typed"]
    assert now.corrected_by == [User.objects.get(username="corrector").pk]
    kept = ("level", "proofread_by", "number", "imported_text")
    assert [getattr(now, name) for name in kept] == [getattr(paragraph, name) for name in kept]


@pytest.mark.parametrize("who", ["c", "e", "a", "s"])
def test_the_index_shows_what_a_role_may_use_and_nothing_else(volume: Volume, who: str) -> None:
    page = login(who).get("/admin/")

    shown = {
        part: {
            f"{app['app_label']}_{model['object_name'].lower()}"
            for app in page.context[part]
            for model in app["models"]
        }
        for part in ("app_list", "looked_at")
    }
    viewed = {model for model, (view, *_) in MODELS.items() if who in view}
    theirs = {model for model in viewed if who in "".join(MODELS[model][1:])}
    assert shown["app_list"] == theirs
    assert shown["app_list"] | shown["looked_at"] == viewed
    for model in MODELS:
        link = f'href="{reverse(f"admin:{model}_changelist")}"'
        assert (link in page.content.decode()) == (model in viewed)


def test_a_corrector_finds_the_texts_on_the_index_and_no_witness_to_keep(volume: Volume) -> None:
    page = login("c").get("/admin/")

    [reader] = page.context["app_list"]
    assert {model["object_name"] for model in reader["models"]} == {
        "Paragraph",
        "Note",
        "Conflict",
        "Deed",
        "GoodReading",
        "Replacement",
    }


@pytest.mark.parametrize(
    ("field", "kind", "those"),
    [
        ("text", Paragraph, "ce"),
        ("text", Note, "ce"),
        ("text", None, "ce"),
        ("head", Division, "e"),
        ("head", None, "e"),
        ("definition", Term, "e"),
        ("title", None, "e"),
    ],
)
def test_a_conflict_is_decided_by_who_may_change_what_it_is_about(
    volume: Volume, field: str, kind: type[Model] | None, those: str
) -> None:
    about = {str(kind._meta.model_name): kind._default_manager.all()[0]} if kind else {}
    conflict = make_conflict(volume, field, **about)
    url = reverse("admin:reader_conflict_change", args=[conflict.pk])

    for who in "cea":
        response = login(who).post(url, {"decision": "mine"})

        conflict.refresh_from_db()
        assert (response.status_code == 302, conflict.state) == (
            who in those,
            "resolved" if who in those else "open",
        )
        Conflict.objects.update(state="open")


# The limits of an administrator


@pytest.fixture
def ada() -> User:
    return make_account("administrator", username="ada")


@pytest.fixture
def owner() -> User:
    return User.objects.create_superuser("owner", password="a long pass phrase")


@pytest.fixture
def as_ada(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def change_url(account: User) -> str:
    return reverse("admin:auth_user_change", args=[account.pk])


def said_of(account: User, **values: Any) -> dict[str, Any]:
    """The data that the form of an account sends."""
    return {
        "username": account.username,
        "is_active": "on",
        "is_staff": "on",
        "groups": [group.pk for group in account.groups.all()],
        **values,
    }


def test_an_administrator_gives_and_takes_roles(as_ada: Client) -> None:
    boris = make_account("corrector", username="boris")
    editor = Group.objects.get(name="editor")

    assert as_ada.post(change_url(boris), said_of(boris, groups=[editor.pk])).status_code == 302

    assert list(boris.groups.all()) == [editor]


@pytest.mark.parametrize("whose", ["ada", "boris"])
def test_an_administrator_makes_nobody_a_superuser_and_gives_no_right_by_itself(
    as_ada: Client, ada: User, whose: str
) -> None:
    account = ada if whose == "ada" else make_account("corrector", username="boris")
    rights = account.get_all_permissions()
    forged = {
        "is_superuser": "on",
        "user_permissions": list(Permission.objects.values_list("pk", flat=True)),
        "first_name": "B.",
    }

    assert as_ada.post(change_url(account), said_of(account, **forged)).status_code == 302

    account = User.objects.get(pk=account.pk)
    assert account.first_name == "B."
    assert (account.is_superuser, account.get_all_permissions()) == (False, rights)


def test_a_new_account_has_no_rights_whatever_is_sent_with_it(as_ada: Client) -> None:
    password = "a phrase that nobody guesses"
    forged = {
        "is_superuser": "on",
        "is_staff": "on",
        "groups": list(Group.objects.values_list("pk", flat=True)),
    }

    response = as_ada.post(
        reverse("admin:auth_user_add"),
        {
            "username": "eve",
            "usable_password": "true",
            "password1": password,
            "password2": password,
            **forged,
        },
    )

    eve = User.objects.get(username="eve")
    assert response["Location"] == change_url(eve)
    assert (eve.is_superuser, eve.is_staff, eve.groups.count()) == (False, False, 0)


def test_an_administrator_gives_no_group_that_is_not_a_role(as_ada: Client, ada: User) -> None:
    others = Group.objects.create(name="others")
    others.permissions.set(Permission.objects.all())

    refused = as_ada.post(change_url(ada), said_of(ada, groups=[others.pk]))

    assert "not one of the available choices" in refused.content.decode()
    assert [group.name for group in ada.groups.all()] == ["administrator"]


@pytest.fixture(params=["a superuser", "one with a right of its own", "one of another group"])
def mighty(request: pytest.FixtureRequest, owner: User) -> User:
    """An account with a right that no role gives."""
    if request.param == "a superuser":
        return owner
    account = make_account("editor", username="mighty")
    if request.param == "one of another group":
        account.groups.add(Group.objects.create(name="others"))
    else:
        account.user_permissions.add(Permission.objects.get(codename="add_group"))
    return account


def test_an_administrator_does_not_touch_an_account_that_may_more(as_ada: Client, mighty: User) -> None:
    before = User.objects.filter(pk=mighty.pk).values().get()
    device = TOTPDevice.objects.create(user=mighty, name="app")
    password = "a phrase that nobody guesses"
    forged = {"password1": password, "password2": password, "usable_password": "true"}

    answers = [
        as_ada.post(change_url(mighty), said_of(mighty, username="taken")),
        as_ada.get(reverse("admin:auth_user_password_change", args=[mighty.pk])),
        as_ada.post(reverse("admin:auth_user_password_change", args=[mighty.pk]), forged),
        as_ada.post(reverse("admin:auth_user_delete", args=[mighty.pk]), {"post": "yes"}),
        as_ada.post(
            reverse("admin:auth_user_changelist"),
            {"action": "delete_selected", "_selected_action": [mighty.pk], "post": "yes"},
        ),
        as_ada.post(reverse("admin:otp_totp_totpdevice_delete", args=[device.pk]), {"post": "yes"}),
        as_ada.post(
            reverse("admin:otp_totp_totpdevice_changelist"),
            {"action": "delete_selected", "_selected_action": [device.pk], "post": "yes"},
        ),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert User.objects.filter(pk=mighty.pk).values().get() == before
    assert TOTPDevice.objects.filter(pk=device.pk).exists()
    assert as_ada.get(change_url(mighty)).status_code == 200  # viewing is allowed


def test_a_role_gets_no_more_rights(as_ada: Client, ada: User) -> None:
    role = Group.objects.get(name="administrator")
    rights = ada.get_all_permissions()
    every = list(Permission.objects.values_list("pk", flat=True))

    answer = as_ada.post(
        reverse("admin:auth_group_change", args=[role.pk]), {"name": "administrator", "permissions": every}
    )

    assert answer.status_code == 403
    assert User.objects.get(pk=ada.pk).get_all_permissions() == rights


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        ("otp_totp_totpdevice", "key__startswith"),
        ("auth_user", "password__startswith"),
        ("auth_user", "totpdevice__key__startswith"),
    ],
)
def test_a_secret_is_not_guessed_letter_by_letter_with_a_filtered_list(
    as_ada: Client, volume: Volume, model: str, lookup: str
) -> None:
    assert as_ada.get(reverse(f"admin:{model}_changelist"), {lookup: "a"}).status_code == 400


def test_a_superuser_gives_everything(admin_client: Client) -> None:
    boris = make_account("corrector", username="boris")
    right = Permission.objects.get(codename="add_group")

    admin_client.post(
        change_url(boris),
        said_of(
            boris,
            is_superuser="on",
            user_permissions=[right.pk],
            date_joined_0="2026-01-02",
            date_joined_1="10:00",
        ),
    )

    boris.refresh_from_db()
    assert boris.is_superuser
    assert list(boris.user_permissions.all()) == [right]


def test_the_migration_can_run_again_and_keeps_what_a_role_was_given(ada: User) -> None:
    role = Group.objects.get(name="administrator")
    role.permissions.add(Permission.objects.get(codename="view_term"))
    before = set(role.permissions.values_list("codename", flat=True))

    Group.objects.get(name="editor").delete()
    make_account("editor")

    assert set(role.permissions.values_list("codename", flat=True)) == before
    assert {"set_level", "add_upload", "delete_term"} <= set(
        Group.objects.get(name="editor").permissions.values_list("codename", flat=True)
    )


def test_roles_of_an_older_archive_get_what_they_lacked() -> None:
    def rights() -> dict[str, set[str]]:
        return {
            group.name: set(group.permissions.values_list("codename", flat=True))
            for group in Group.objects.all()
        }

    make_account("corrector", "editor", "administrator")
    now = rights()
    Group.objects.get(name="corrector").permissions.remove(Permission.objects.get(codename="set_level"))
    editor = Group.objects.get(name="editor")
    for lacked in ("change_paragraph", "change_note", "change_suspect", "change_gap", "change_diagnostic"):
        editor.permissions.remove(Permission.objects.get(codename=lacked))
    editor.permissions.remove(*Permission.objects.filter(content_type__model="replacement"))
    assert rights() != now

    import_module("bettelheim_site.migrations.0002_levels_for_correctors").give_rights(apps, None)

    assert rights() == now


def test_permissions_are_called_what_django_calls_them() -> None:
    names = dict(Permission.objects.values_list("codename", "name"))

    assert names["view_pagebreak"] == "Can view page break"
    assert names["set_level"] == "Can set the level of texts"
