"""The frame of the public pages in French: their sentences, and the lang of what is in the language of the text."""

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override

from reader.edition.edition import Edition
from reader.exports.formats import made_in
from reader.middleware import unavailable
from reader.models import Note, Paragraph, Volume
from reader.pages.apparatus import Apparatus
from reader.pages.chapter import chapter_pages, chapter_texts
from reader.pages.glossary import GlossaryPages
from reader.pages.holdings import Holdings, Numbers
from reader.pages.home import home_pages, title_page
from reader.pages.reporting import report_link
from reader.publishing.publish import publish_chapters, publish_volume
from reader.templatetags.revisions import revisions_in_words
from tests.factories import (
    make_division,
    make_note,
    make_page_break,
    make_paragraph,
    make_term,
    make_volume,
    make_witness,
)
from tests.made_once import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root")]

SPACE = re.compile(r"[\s\u00a0\u202f]+")


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans", translator="Tom Translator")
    part = make_division(volume, slug="part-one", kind="part", n="1", head="Beginnings", page="41")
    one = make_division(volume, slug="one", n="1", head="The plan", page="41", parent=part)
    make_paragraph(one, "The NEP[^1] came, see[^3] {p. 42}and went. So did the plan.")
    make_paragraph(one, "Another plan.", number=7)
    make_note(one, 1, "A note on a plan.", page="42")
    make_term(volume.glossary)
    make_page_break(volume, "41", division=one)
    make_page_break(volume, "42", certainty="inferred")
    make_page_break(volume, "43", has_text=False)
    two = make_division(volume, slug="two", n="2", head="The end")
    make_paragraph(two, "The end of it.", number=8)
    make_page_break(volume, "45", division=two)
    make_witness(
        volume,
        b"text",
        audit={
            "characters": {"text": 4, "title block": 1200, "forme work": 30},
            "set_aside": {"title block": [[1, 1]], "forme work": [[2, 2]]},
            "balanced": True,
        },
    )
    volume.last_number = 9
    volume.save()
    publish_volume(volume)
    return volume


@pytest.fixture
def french() -> Iterator[None]:
    with override("fr"):
        yield


def get(client: Client, path: str) -> HttpResponse:
    response = client.get(path, headers={"accept-language": "fr"})
    assert isinstance(response, HttpResponse)
    return response


def page(client: Client, path: str) -> str:
    return get(client, path).content.decode()


def said(html: str) -> str:
    """The words of a page, with plain spaces between them."""
    shown = re.sub(r"(?s)<script.*?</script>|<[^>]*>", "", html)
    return SPACE.sub(" ", unescape(shown))


def chapter_of(volume: Volume, slug: str = "one") -> str:
    edition = Edition(volume)
    chapters = [division for division in edition.page_divisions if division.slug == slug]
    terms = list(GlossaryPages(edition).shown_terms.values())
    apparatus = Apparatus(edition, chapters)
    texts = chapter_texts(edition, chapters, apparatus)
    [(_, html)] = chapter_pages(edition, chapters, texts, terms, apparatus)
    return html


def title_page_of(volume: Volume) -> str:
    edition = Edition(volume)
    return title_page(edition, Apparatus(edition, ()))[1]


# The languages of a page


@pytest.mark.usefixtures("french")
def test_a_chapter_is_french_around_an_english_text(volume: Volume) -> None:
    html = chapter_of(volume)

    assert '<html lang="fr"' in html
    assert '<article class="text" lang="en">' in html
    assert '<ol lang="en">' in html
    assert '<p class="resume" hidden lang="fr">' in html
    assert '<div id="t-nep" lang="en">' in html
    assert 'Suivant\u00a0: <span lang="en">Chapter 2</span>' in html
    words = said(html)
    assert "Appelée ici, et absente de la source : note 3." in words
    assert "Citer ce texte. Le télécharger." in words
    assert "1 fois dans ce chapitre." in words
    assert "Table des matières" in html
    assert "p. 41–[42]" in words
    for english in ("Contents", "Search", "Close", "Text size", "Cite this text", "Called here"):
        assert english not in words


def test_an_english_page_of_an_english_text_has_one_lang(volume: Volume) -> None:
    page = re.sub(r'<p class="live languages">.*?</p>', "", chapter_of(volume))

    assert re.findall(r'\slang="(\w+)"', page) == ["en"]


def test_a_french_text_is_french_in_an_english_page() -> None:
    volume = make_volume(slug="plans", language="fr", title="Les organes")
    chapter = make_division(volume, slug="one", head="Le plan")
    make_paragraph(chapter, "Le plan[^1] vient.")
    make_note(chapter, 1, "Une note.", page="12")

    html = chapter_of(volume)

    assert '<html lang="en"' in html
    assert '<article class="text" lang="fr">' in html
    assert "appelée p. 12" in html
    assert '<p class="resume" hidden lang="en">' in html


def test_the_names_of_a_french_text_have_a_space_before_the_colon(client: Client) -> None:
    volume = make_volume(slug="plans", language="fr", title="Les organes")
    part = make_division(volume, kind="part", n="1", slug="part-1", head="La cour")
    chapter = make_division(volume, n="1", slug="chapter-1", head="Le plan", parent=part)
    make_paragraph(chapter, "Le plan vient en 1926.")
    publish_volume(volume)

    paths = ("chapter-1/", "chapter-1/apparatus/", "chapter-x/", "years/1926/")
    pages = {path: unescape(client.get(f"/plans/{path}").content.decode()) for path in paths}

    assert [path for path, html in pages.items() if re.search(r"(?:Chapitre|Partie) 1: ", html)] == []
    assert [path for path, html in pages.items() if "Chapitre 1\u00a0: Le plan" not in html] == []


@pytest.mark.usefixtures("french")
def test_words_that_stand_in_the_text_are_in_its_language(volume: Volume) -> None:
    html = chapter_of(volume)

    assert "called on p. 42" in html
    assert "appelée" not in html
    assert "Chapter 1" in html
    assert "Part 1" in html


# Pages that are published


@pytest.mark.usefixtures("french")
def test_the_title_page_says_in_french_what_the_edition_holds(volume: Volume) -> None:
    html = title_page_of(volume)
    words = said(html)

    assert '<h1 lang="en">The Planning Organs</h1>' in html
    assert "Traduction de Tom Translator" in words
    assert (
        "Elle contient 3 paragraphes dans 3 divisions, 1 note et 1 terme expliqué ; "
        "il lui manque 1 note que le texte appelle et le texte de 1 page, que sa source n’a pas." in words
    )
    assert "Il est rendu compte de chaque caractère de ce fichier." in words
    assert "1 200 caractères (page de titre) et 30 (titres courants et filets)." in words
    assert "Ceci est la révision 1 du texte." in words


@pytest.mark.usefixtures("french")
def test_an_edition_that_lacks_nothing_says_so_in_french() -> None:
    words = said(title_page_of(make_volume(slug="plans")))

    assert "aucune note que le texte appelle ne manque, et aucune page du livre n’est sans texte." in words


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize(
    ("numbers", "share"),
    [
        ({"paragraphs": 3}, "texte pas encore relu"),
        ({"paragraphs": 1200, "proofread": 1}, "sur 1 200 textes, 1 a été relu"),
        ({"paragraphs": 9, "proofread": 5, "validated": 2}, "sur 9 textes, 5 ont été relus (validés : 2)"),
    ],
)
def test_the_share_that_was_proofread_is_said_in_french(numbers: dict[str, int], share: str) -> None:
    assert SPACE.sub(" ", Numbers(**numbers).share) == share


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize(("supplied", "shown"), [(1, "(dont 1 suppléée "), (2, "(dont 2 suppléées ")])
def test_notes_from_another_copy_agree_in_french(supplied: int, shown: str) -> None:
    holdings = Holdings(1, 0, Numbers(paragraphs=1, notes=3, supplied=supplied), "", "", (), ())

    assert f"3 notes {shown}" in holdings.contains


@pytest.mark.usefixtures("french")
def test_the_list_of_volumes_is_french_and_its_titles_are_not(volume: Volume) -> None:
    [(_, html)] = home_pages([volume, make_volume(language="fr", title="Les organes")])

    assert "<h1>Volumes</h1>" in html
    assert '<h2 lang="en">' in html
    assert '<h2><a href="/volume-' in html
    assert "Aucun volume n’a encore été importé." in home_pages([])[0][1]


# Pages that are made at a request


@pytest.mark.usefixtures("french")
def test_results_are_french_around_english_snippets(client: Client, volume: Volume) -> None:
    html = page(client, "/plans/search/?q=plan")
    words = said(html)

    assert '<html lang="fr"' in html
    assert '<h2 lang="en">' in html
    assert re.search(r'<a href="[^"]*" lang="en">[^<]*<mark>plan</mark>', html)
    assert "4 passages" in words
    assert "note 1, appelée p. 42" in words
    assert "titre, p. 41" in words
    assert 'Appelée dans\u00a0: <a href="/plans/one/#r1" lang="en">' in html
    assert "Par pertinence" in words


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("xyzzyqq", "Rien n’a été trouvé."),
        ("the", "Votre requête n’a que des mots comme « the » et « of »"),
        ("-plan", "Votre requête ne dit que ce qu’il faut exclure."),
        (
            "page 99",
            "Le livre n’a pas de page 99, pour autant que cette édition le sache. Rien n’a été trouvé.",
        ),
        ("note 99", "Aucun chapitre n’a de note 99."),
        ("page 41", "Page 41"),
        ('"plan came"', "Rechercher les mots séparément, dans n’importe quel ordre : plan came"),
        ("came end", "Rechercher l’un ou l’autre des mots : came or end"),
        ("plam", "Vouliez-vous dire plan ?"),
        ("w* " * 30, "Une requête peut avoir 8 débuts de mots (avec *), chacun de 2 lettres ou plus"),
    ],
)
def test_a_search_answers_in_french(client: Client, volume: Volume, asked: str, shown: str) -> None:
    assert shown in said(page(client, f"/plans/search/?q={asked}"))


@pytest.mark.usefixtures("french")
def test_a_place_that_a_query_names_is_in_its_own_language(client: Client, volume: Volume) -> None:
    chapter = page(client, "/plans/search/?q=chapter+1")
    year = page(client, "/plans/search/?q=page+42")

    assert '<li><a href="/plans/one/" lang="en">Chapter 1: The plan</a>' in chapter
    assert '<li><a href="/plans/p/42">Page [42]</a>' in year


def test_a_process_keeps_the_page_around_results_by_language(client: Client, volume: Volume) -> None:
    english = client.get("/plans/search/").content.decode()
    with override("fr"):
        french = page(client, "/plans/search/")
    again = client.get("/plans/search/").content.decode()

    assert '<html lang="en"' in english
    assert "Recherche – The Planning Organs" in french
    assert '<html lang="fr"' in french
    assert again == english


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/plans/nowhere/", "Rien dans cette archive n’a l’adresse /plans/nowhere/."),
        ("/plans/onne/", "Page la plus proche : Chapter 1: The plan."),
        ("/plans/paragraph/9/", "Le paragraphe 9 ne fait plus partie de cette édition."),
        ("/plans/paragraph/9/", "Page la plus proche : paragraphe 8."),
        (
            "/plans/paragraph/7/r99/",
            "Il n’y a pas encore de révision 99 de cette édition : la plus récente est la 1.",
        ),
        ("/plans/p/99", "Le livre n’a pas de page 99, pour autant que cette édition le sache."),
    ],
)
def test_what_is_not_there_is_told_in_french(client: Client, volume: Volume, path: str, shown: str) -> None:
    response = get(client, path)

    assert response.status_code == 404
    assert shown in said(response.content.decode())


@pytest.mark.usefixtures("french")
def test_only_the_text_is_english_on_a_page_that_is_not_there(client: Client, volume: Volume) -> None:
    of_text = page(client, "/plans/onne/")
    of_interface = page(client, "/plans/paragraph/9/")

    assert '<a href="/plans/one/" lang="en">Chapter 1: The plan</a>' in of_text
    assert '<a href="/plans/paragraph/8/">paragraphe 8</a>' in of_interface


@pytest.mark.usefixtures("french")
def test_a_page_without_text_leads_on_in_french(client: Client, volume: Volume) -> None:
    html = page(client, "/plans/p/43")

    assert "La page 43 n’a pas de texte dans la source de cette édition." in html
    assert '<dt>Avant elle</dt><dd><a href="/plans/one/#page-42">page [42]</a> <q lang="en">' in html


@pytest.mark.usefixtures("french")
def test_downloads_have_french_labels(client: Client, volume: Volume) -> None:
    html = page(client, "/plans/one/downloads/")
    words = said(html)

    assert '<a href="/plans/one/" lang="en">The plan</a>, révision 1 du texte.' in html
    assert "EPUB, pour liseuses et téléphones" in words
    assert "JSON, pour les programmes" in words
    assert re.search(r"\d ko\b", words)
    assert '<meta name="description" content="The plan en EPUB, en Markdown et en texte brut.">' in html


@pytest.mark.usefixtures("french")
def test_citations_stay_english_under_french_labels(client: Client, volume: Volume) -> None:
    html = page(client, "/plans/one/cite/")
    words = said(html)

    assert "Chicago, bibliographie" in words
    assert "MLA, ouvrages cités" in words
    assert "Pages imprimées : 41–[42] ; révision 1 du texte" in words
    assert re.search(r'class="citation" dir="auto" lang="en">[^<]*“The Plan,”', html)
    assert "trans. Tom Translator" in words
    assert "version 1" in words


@pytest.mark.usefixtures("french")
def test_a_citation_of_selected_words_names_the_styles_in_french(client: Client, volume: Volume) -> None:
    styles = json.loads(page(client, "/plans/paragraph/7/quotation.json"))["styles"]

    assert [name for name, _ in styles][2:] == ["MLA, ouvrages cités", "MLA, dans le texte"]


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize(
    ("pages", "called", "shown"),
    [
        (["41", "41"], "", "Page imprimée : 41 ; révision 3 du texte"),
        (["41", "42"], "", "Pages imprimées : 41–42 ; révision 3 du texte"),
        (["41", "41"], "40", "Page imprimée : 41 ; appel à la page 40 ; révision 3 du texte"),
        (["41", "42"], "40", "Pages imprimées : 41–42 ; appel à la page 40 ; révision 3 du texte"),
        (
            [],
            "40",
            "Page imprimée inconnue ; appel à la page 40, que donnent les références ; révision 3 du texte",
        ),
        ([], "", "Révision 3 du texte"),
    ],
)
def test_the_place_of_a_text_is_told_in_french(pages: list[str], called: str, shown: str) -> None:
    context = {
        "volume": {"slug": "plans"},
        "pages": [(n, n) for n in pages],
        "called": called,
        "revision": 3,
    }

    assert said(render_to_string("reader/stands_on.html", context)).strip() == shown


@pytest.mark.usefixtures("french")
def test_a_paragraph_of_then_is_told_in_french(client: Client, volume: Volume) -> None:
    paragraph = Paragraph.objects.get(number=7)
    Paragraph.objects.filter(number=7).update(text="Another plan again.")
    publish_chapters(volume, [paragraph.division])
    volume.revisions.all().update(made_at="2026-05-03T12:00:00Z")

    words = said(page(client, "/plans/paragraph/7/r1/"))

    assert (
        "Voici le paragraphe tel qu’il était dans la révision 1 du 3 mai 2026. Il a été modifié ensuite "
        "(révision 2 du 3 mai 2026) : lisez-le tel qu’il est maintenant, ou voyez ce qui a changé depuis."
        in words
    )


@pytest.mark.usefixtures("french")
def test_several_revisions_are_joined_in_french() -> None:
    assert revisions_in_words([(4, None), (5, None), (6, None)]) == "révision 4, révision 5 et révision 6"


@pytest.mark.usefixtures("french")
def test_the_page_of_marks_is_french(client: Client) -> None:
    words = said(page(client, "/marks/"))

    assert "Ils ne sont conservés que dans ce navigateur" in words
    assert "appuyez sur Marquer." in words
    assert "Take" not in words


@pytest.mark.usefixtures("french")
def test_the_description_of_the_search_is_a_file_in_the_first_language(
    client: Client, volume: Volume
) -> None:
    xml = page(client, "/plans/opensearch.xml")

    assert "<Description>Search in the text and the notes of An Author, The Planning Organs" in xml
    assert "<Language>en</Language>" in xml


@pytest.mark.usefixtures("french")
def test_a_report_is_written_in_french(volume: Volume) -> None:
    text = Paragraph.objects.get(number=7)

    link = unquote(
        report_link("a@b.example", text, title="Plans", revision=3, pages=("41", "42"), url="http://x/")
    )

    assert "subject=Plans, paragraphe 7, p. 41–42, révision 3&" in link
    assert "Qu’est-ce qui est fautif, et que devrait-on lire\u202f?" in link
    assert ", note 1, p. 41, " in unquote(
        report_link("a@b.example", Note.objects.get(n=1), title="P", revision=3, pages=("41", "41"), url="")
    )


# What is kept


def test_a_page_in_another_language_has_another_etag(client: Client, volume: Volume) -> None:
    for path in ("/plans/cite/", "/marks/"):
        english = client.get(path)["ETag"]
        with override("fr"):
            assert get(client, path)["ETag"] != english


def test_an_archive_that_is_away_says_so_in_each_language() -> None:
    assert "The archive cannot answer just now" in unavailable().content.decode()
    with override("fr"):
        away, busy = unavailable().content.decode(), unavailable(is_busy=True).content.decode()
    assert "L’archive ne peut pas répondre pour l’instant" in away
    assert "Trop de recherches à la fois" in busy
    assert '<html lang="fr"' in away
    assert "The archive cannot answer just now" in unavailable().content.decode()


def test_a_fault_is_told_in_french(client: Client, volume: Volume, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("reader.views.search_page", fail)
    client.raise_request_exception = False
    with override("fr"):
        response = get(client, "/plans/search/")

    assert response.status_code == 500
    assert "Une erreur dans l’archive" in response.content.decode()


def test_what_leaves_the_archive_is_english_for_all_readers(volume: Volume) -> None:
    english = made_in("text", volume)
    with override("fr"):
        assert made_in("text", volume) == english
    assert b"It contains 3 paragraphs in 3 divisions, 1 note, and 1 term explained." in english
