"""Importing in French: what a person is shown, while the archive keeps its sentences in English."""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils.html import format_html
from django.utils.translation import gettext, override

from corpus_import import parsing
from corpus_import.jobs import process, sentences
from corpus_import.jobs.dry_run import in_words as plan_in_words
from corpus_import.jobs.faults import MANIFEST, kept, refusal, refusal_kept
from corpus_import.jobs.running import work
from corpus_import.jobs.sentences import in_words
from corpus_import.loading import write
from corpus_import.models import Upload
from corpus_import.parsing import files, manifest, pipeline
from corpus_import.parsing import source as read_source
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.files import kind_not_read
from corpus_import.parsing.forms import declared
from corpus_import.parsing.sources import pdf, pdf_process
from glossary.languages import translated
from reader.models import Volume
from tests.corpus_import.admin.test_uploads import ADD, LIST, book, confirm, log_in, send, show, upload
from tests.corpus_import.loading.test_doubts import DOUBTFUL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root")]


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps that are told; the work is done at once and in this process."""
    told: list[str] = []
    monkeypatch.setattr(process, "start", lambda key: work(key, told.append))
    return told


@pytest.fixture
def french(steps: list[str]) -> Iterator[Client]:
    """A person who may import, and whose browser asks for French."""
    with override("fr"):
        yield log_in(Client(headers={"accept-language": "fr"}), "editor", "add_upload")


def test_the_form_is_french(french: Client) -> None:
    html = show(french, ADD)

    assert "<b>volume.toml et ses témoins</b>" in html
    assert "Formats des témoins\u00a0: texte brut (.txt, .text)" in html
    assert 'value="Téléverser"' in html


def test_files_that_are_no_volume_are_refused_in_french(french: Client) -> None:
    html = send(french, {"one.txt": b"x"}).content.decode()

    assert "Rien n’a été téléversé." in html
    assert "Le téléversement\u00a0: il n’y a pas de manifeste\u202f; ajoutez le volume.toml" in html


def test_a_manifest_that_is_wrong_is_refused_in_french(french: Client) -> None:
    html = send(french, {**book(), "volume.toml": b'slug = "one"\nyear = "1930"'}).content.decode()

    assert "volume.toml, ligne 2\u00a0: le champ «\u202ftitle\u202f» manque\u202f; ajoutez-le." in html


def test_every_objection_to_a_field_of_a_manifest_has_words_in_french() -> None:
    told = [
        *(f for f in _functions(manifest) if f.name.startswith("_object")),
        *(f for f in _functions(declared) if f.name == "objection_to"),
    ]
    faults = [said for function in told for node in ast.walk(function) for said in _faults_in(node)]

    assert len(faults) >= len(MANIFEST)
    with override("fr"):
        assert [each for each in faults if translated(each, MANIFEST) in (None, each)] == []


def _functions(module: ModuleType) -> list[ast.FunctionDef]:
    return [node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.FunctionDef)]


def _faults_in(node: ast.AST) -> Iterator[str]:
    """The sentence that a node of the code yields or returns, with 7 for each value in it."""
    if not isinstance(node, ast.Yield | ast.Return):
        return
    sentence = node.value
    pieces = sentence.values if isinstance(sentence, ast.JoinedStr) else [sentence]
    said = "".join(str(each.value) if isinstance(each, ast.Constant) else "7" for each in pieces)
    if said.endswith("."):
        yield said


def raised() -> Iterator[tuple[str, ast.expr]]:
    """The sentence of each fault that the parser raises, and where."""
    for path in Path(parsing.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "ImportFault"
            ):
                yield f"{path.name}:{node.lineno}", node.args[2]


def test_every_fault_of_the_parser_has_words_in_french() -> None:
    # An objection to a field of a manifest, a fault of the process that reads PDFs: tested by themselves.
    said = {
        where: sentence.value if isinstance(sentence, ast.Constant) else None
        for where, sentence in raised()
        if not isinstance(sentence, ast.Name | ast.Subscript)
    }

    assert len(said) > 60
    with override("fr"):
        assert [f"{where} {each}" for where, each in said.items() if gettext(str(each)) == each] == []
        assert [each for each in pdf_process._FAULTS.values() if gettext(each) == each] == []
    assert None not in said.values()


def test_a_fault_of_a_source_is_said_in_french_after_it_was_kept() -> None:
    fault = ImportFault(
        "a.docx",
        None,
        "the %(kind)s has more than %(most)s files; this is no book.",
        kind="Word document",
        most=5000,
    )

    assert str(fault) == "a.docx: the Word document has more than 5,000 files; this is no book."
    assert refusal(fault) == str(fault)
    assert json.loads(json.dumps(kept(fault))) == kept(fault)
    with override("fr"):
        said = refusal_kept(kept(fault)).replace("\u202f", " ").replace("\u00a0", " ")
    assert said == "a.docx : document Word : plus de 5 000 fichiers ; ce n’est pas un livre."


def test_a_step_and_an_error_of_the_system_are_said_within_a_fault() -> None:
    sentence = (
        "the file could not be read, by a fault of the archive (%(step)s): save it anew, or in another form (PDF, web"
        " page, plain text), and report the fault with the file."
    )

    with override("fr"):
        assert "(lecture de a.pdf)" in refusal(ImportFault("a.pdf", None, sentence, step="Reading a.pdf"))


def test_files_that_cannot_be_read_are_refused_in_french_and_kept_in_english(french: Client) -> None:
    path = upload(french, {**book(), "one.txt": b"One\0line.\n"})
    html, listed = show(french, path), show(french, LIST)
    upload_ = Upload.objects.get()

    french_words = "one.txt, ligne 1\u00a0: il y a un octet NUL\u202f; ce n’est pas un fichier de texte."
    assert french_words in html
    assert french_words in listed
    assert 'lang="en">one.txt' not in html
    assert upload_.said == "one.txt, line 1: there is a NUL byte; this is not a text file."


def test_a_fault_without_words_is_english_and_says_so() -> None:
    fault = ImportFault("one.txt", 3, "there is a <NUL> byte.")

    assert refusal(fault) == "one.txt, line 3: there is a <NUL> byte."
    with override("fr"):
        assert refusal(fault) == '<span lang="en">one.txt, line 3: there is a &lt;NUL&gt; byte.</span>'


def test_a_plan_is_shown_in_french_and_kept_in_english(french: Client) -> None:
    path = upload(french)
    html = show(french, path)
    kept = Upload.objects.get()

    assert "Le volume est nouveau pour l’archive. <b>Rien n’est encore écrit.</b>" in html
    assert '<th scope="row">Ajoutés</th>' in html
    assert "3 paragraphes" in html
    assert '<ul lang="en">' in html
    assert "  paragraphes\n" in html
    assert "l’audit est en équilibre" in html
    assert "  paragraphs\n" in kept.outcome["report"]
    assert kept.said == "confirm the changes, or cancel"
    assert [fate["label"] for fate in kept.outcome["fates"]][:2] == ["Added", "Changed"]
    assert ["paragraphs", 3] in kept.outcome["rows"][0]["rows"]
    assert "confirmez les changements, ou annulez" in show(french, LIST)


def test_the_plan_is_the_same_in_any_language(french: Client) -> None:
    upload(french)
    with override("en"):
        upload(french)

    assert len({kept.outcome["digest"] for kept in Upload.objects.all()}) == 1


def test_an_import_is_told_in_french_and_kept_in_english(french: Client) -> None:
    path = upload(french)
    confirm(french, path)
    kept = Upload.objects.get()

    assert kept.said == "“The Offices” was imported (added: 12)."
    assert "«\u202fThe Offices\u202f» a été importé (ajoutés\u00a0: 12)." in show(french, path)
    assert LogEntry.objects.get().change_message.startswith("Imported. ")

    french.post(path, {"_cancel": ""})
    assert "L’import de «\u202fThe Offices\u202f» a été retiré de la liste." in show(french, LIST)


def test_a_refusal_is_told_in_french_and_kept_in_english(french: Client) -> None:
    html = show(french, upload(french, book(DOUBTFUL)))

    assert "Les fichiers ont probablement été mal lus (1 doute)" in html
    assert (
        '<ul class="doubts"><li><span title="short-paragraphs">paragraphes courts</span>\u00a0: paragraphes'
        in html
    )
    assert Upload.objects.get().outcome["doubts"][0].startswith("short-paragraphs: ")
    assert Upload.objects.get().said.startswith("The files were probably misread (1 doubt)")


def test_a_fault_of_the_files_stays_english_and_says_so(french: Client) -> None:
    upload(french)
    Upload.objects.update(
        state=Upload.State.FAILED, said="one.txt, line 3: <there> is a NUL byte.", outcome={}
    )

    html = show(french, f"{LIST}{Upload.objects.get().pk}/change/")

    assert '<span lang="en">one.txt, line 3: &lt;there&gt; is a NUL byte.</span>' in html


def test_what_an_earlier_release_kept_is_still_shown(french: Client) -> None:
    old = {
        "fates": [
            {"label": "Added", "kinds": [{"title": "3 paragraphs", "shown": [], "rest": 0}], "count": 3}
        ],
        "rows": ["added: 3 paragraphs"],
    }

    shown = plan_in_words(old)

    assert shown["rows"] == ["added: 3 paragraphs"]
    assert str(shown["fates"][0]["label"]) == "Ajoutés"
    assert shown["fates"][0]["kinds"][0]["title"] == "3 paragraphs"


def test_diagnostics_among_the_changes_are_said_in_french(french: Client) -> None:
    names = ["gap: note 3 is called and is not there.", "gap: as an <earlier> release"]
    kind = {"what": "diagnostic", "count": 2, "title": "2 diagnostics", "rest": 0}
    kinds = [{**kind, "shown": [[name, ""] for name in names]}]
    plan = {"fates": [{"label": "Added", "count": 2, "kinds": kinds}], "rows": []}

    [[said, _], [unsaid, _]] = plan_in_words(plan)["fates"][0]["kinds"][0]["shown"]

    assert said == '<span title="gap">lacune</span>\u00a0: La note 3 est appelée et manque.'
    assert unsaid == '<span lang="en">gap: as an &lt;earlier&gt; release</span>'
    with override("en"):
        assert plan_in_words(plan)["fates"][0]["kinds"][0]["shown"] == [(name, "") for name in names]


def test_a_process_that_is_at_work_is_told_in_french(french: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "start", lambda key: None)
    path = upload(french)
    html = show(french, path)

    assert "<b>Examen de ce qui changerait</b>\u00a0: en attente de son tour." in html
    assert "Cette page s’actualise toutes les 2 secondes" in html


def test_a_process_that_cannot_be_started_is_told_in_french(
    french: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(key: int) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(process, "start", fail)
    html = show(french, upload(french))

    assert "Le processus n’a pas pu être lancé (Cannot allocate memory)" in html
    assert Upload.objects.get().said.startswith("The process could not be started (Cannot allocate memory)")


def test_every_step_of_an_import_has_words_in_french(french: Client, steps: list[str]) -> None:
    confirm(french, upload(french))

    assert Volume.objects.exists()
    assert len(set(steps)) > 30
    assert [step for step in set(steps) if "lang=" in in_words(step) or in_words(step) == step] == []


def test_steps_that_other_sources_tell_have_words_in_french() -> None:
    source = "".join(inspect.getsource(module) for module in (pdf, pdf_process, read_source, write))
    told = [re.sub(r"\{[^}]*\}", "7", step) for step in re.findall(r'\btell\(f?"([^"]+)"\)', source)]

    assert len(told) >= 10
    with override("fr"):
        assert [
            step for step in told if in_words(step) == format_html('<span lang="en">{}</span>', step)
        ] == []


def test_every_stage_has_a_name_in_french() -> None:
    names = {stage.__name__.replace("_", " ") for stage in (*pipeline.STAGES, *pipeline.COLLATION)}

    assert set(sentences.STAGES) == names
    with override("fr"):
        assert [name for name in names if gettext(name) == name] == []


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("Reading a, b.pdf, page 1,200 of 3,000", "lecture de a, b.pdf, page 1,200 sur 3,000"),
        (
            "Parsing b.txt, stage 2 of 31: find key",
            "analyse de b.txt, étape 2 sur 31\u00a0: recherche de la liste de termes",
        ),
        (
            sentences.ENDED_AT % {"step": "Reading one.txt"},
            "Le processus s’est interrompu en plein travail (lecture de one.txt)\u00a0: il a été tué, la machine a été"
            " redémarrée, ou la mémoire ou le temps ont manqué\u202f; rien n’a été écrit, et vous pouvez réessayer.",
        ),
        (
            "“Writing” was imported (added: 3, corrections kept: 1).",
            "«\u202fWriting\u202f» a été importé (ajoutés\u00a0: 3, corrections conservées\u00a0: 1).",
        ),
        ("“One” was imported (nothing changed).", "«\u202fOne\u202f» a été importé (rien n’a changé)."),
    ],
)  # fmt: skip
def test_a_sentence_that_is_kept_is_said_in_the_language_of_who_looks(stored: str, said: str) -> None:
    assert in_words(stored) == stored
    with override("fr"):
        assert in_words(stored) == said


def test_every_kind_that_is_not_read_has_a_name_in_french() -> None:
    known = [what for _, what, _ in files._KINDS_NOT_READ]

    assert kind_not_read(b"\x89PNG") in known
    with override("fr"):
        assert [what for what in known if gettext(what) == what] == []
