"""README and the other pages agree with the code: each test compares both ways."""

import ast
import re
import tomllib
from dataclasses import MISSING, fields
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import BaseCommand, get_commands, load_command_class
from django.urls import get_resolver

from corpus_import.parsing.manifest import Manifest
from reader.edition.edition import Edition
from tests.corpus_import.parsing.case_files import parse_text, read_cases
from tests.factories import make_division, make_note, make_paragraph, make_volume

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CORRECTING = (ROOT / "docs" / "correcting.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
# Docstrings and comments of Python, as far as it takes to find names of files in them.
COMMENTS = re.compile(r'""".*?"""|#[^\n]*', re.DOTALL)
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])

CODE = re.compile(r"`([^`\n]+)`")


def table_after(page: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its head."""
    below = page.split(f"\n{heading}\n", 1)[1]
    lines = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert lines is not None
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()]
    return rows[2:]


def codes_in(cell: str) -> list[str]:
    return CODE.findall(cell)


# Settings

# Variables read before there are settings, by database.py, or by one command: without a default of django-environ.
FROM_THE_SYSTEM = {"ADMIN_PATH", "DATABASE_URL", "ARCHIVE_SOCKETS", "READER_PASSWORD", "GUNICORN_CMD_ARGS"}


def documented_settings() -> dict[str, str]:
    """The default of each variable, as README has it."""
    return {codes_in(name)[0]: default for name, _, default in table_after(README, "## Settings")}


def calls_of_env() -> list[ast.Call]:
    tree = ast.parse((ROOT / "bettelheim_site" / "settings.py").read_text(encoding="utf-8"))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and re.fullmatch(r"env\.(?!db_url_config)\w+", ast.unparse(node.func))
    ]


def names_read_from_the_system() -> set[str]:
    """The variables that code reads from the environment without settings."""
    read = re.compile(r'environ(?:\.get\(|\[)"(\w+)"(?!\] =)')
    files = [
        path
        for room in ("bettelheim_site", "corpus_import", "reader")
        for path in ROOT.glob(f"{room}/**/*.py")
    ]
    return {name for file in files for name in read.findall(file.read_text(encoding="utf-8"))} - {
        "ARCHIVE_LOCAL",
        "DJANGO_SETTINGS_MODULE",
    }


def default_of(call: ast.Call, *, local: bool) -> str:
    """The default as README writes it: on, off, none, or the value."""
    [keyword] = [each.value for each in call.keywords if each.arg == "default"]
    names = {"LOCAL": local, "BASE_DIR": Path(), "str": str}
    value: Any = eval(compile(ast.Expression(keyword), "settings.py", "eval"), names)
    if isinstance(value, bool):
        return "on" if value else "off"
    if value in ("", []):
        return "none"
    return f"`{','.join(value) if isinstance(value, list) else value}`"


def test_readme_lists_every_setting_and_no_other() -> None:
    names = {str(ast.literal_eval(call.args[0])) for call in calls_of_env()}

    assert names_read_from_the_system() == FROM_THE_SYSTEM
    assert set(documented_settings()) == names | FROM_THE_SYSTEM


def test_readme_gives_the_default_of_every_setting() -> None:
    said = documented_settings()

    for call in calls_of_env():
        name = ast.literal_eval(call.args[0])
        public, own = default_of(call, local=False), default_of(call, local=True)
        assert said[name] == (public if public == own else f"{public}; with `ARCHIVE_LOCAL`: {own}"), name


# Addresses


def address_of(pattern: str) -> str:
    """A pattern of Django's as README writes it: `/<volume>/p/<n>`."""
    pattern = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", pattern)
    pattern = re.sub(r"<\w+:(\w+)>", r"<\1>", pattern)
    for end in ("^", r"/?\Z", r"\Z"):
        pattern = pattern.replace(end, "")
    return "/" + pattern.replace("\\.", ".")


def test_readme_lists_every_address_and_no_other() -> None:
    said = [address for row in table_after(README, "## What readers find") for address in codes_in(row[0])]

    assert sorted(said) == sorted(
        address_of(str(each.pattern)) for each in get_resolver("reader.urls").url_patterns
    )


# Roles


def test_correcting_md_lists_the_permissions_of_each_role_and_no_other() -> None:
    migrations = ("0001_roles", "0003_good_readings", "0004_variants", "0005_italics", "0007_persons")
    given = {
        (role, str(apps.get_model(app, model)._meta.verbose_name), action.replace("_", " "))
        for name in migrations
        for role, rights in import_module(f"bettelheim_site.migrations.{name}").ROLES.items()
        for app, models in rights.items()
        for model, actions in models.items()
        for action in actions.split()
    }

    said = {
        (role, model, action)
        for model, *cells in table_after(CORRECTING, "## What each role may do")
        for role, cell in zip(("corrector", "editor", "administrator"), cells, strict=True)
        for action in filter(None, cell.split(", "))
    }

    assert said == given


def test_readme_names_the_roles() -> None:
    roles = import_module("bettelheim_site.migrations.0001_roles").ROLES

    assert [name.strip("*") for name, _ in table_after(README, "## Who corrects")] == list(roles)


# Keys of the correction screen


def test_correcting_md_lists_the_keys_of_the_correction_screen_and_no_other() -> None:
    script = (ROOT / "static" / "admin-archive" / "correction" / "keys.js").read_text(encoding="utf-8")
    [deeds] = re.findall(r"const deeds = \{(.*?)\n  \};", script, re.DOTALL)
    keys = set(re.findall(r'^\s+"?([\w?])"?: ', deeds, re.MULTILINE)) | {
        "Esc",
        "Ctrl",
        "Enter",
        "Shift",
        "Alt",
    }

    said = {
        key
        for row in table_after(CORRECTING, "## One screen for one text")
        for cell in row
        for key in codes_in(cell)
    }

    assert said == keys


# Targets of make


def targets() -> dict[str, str]:
    """The description of each target in `make help`."""
    return dict(re.findall(r"^([a-z-]+):.*## (.+)$", MAKEFILE, re.MULTILINE))


def test_make_help_shows_every_target() -> None:
    [phony] = re.findall(r"^\.PHONY: ((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)

    assert set(phony.replace("\\", "").split()) == set(targets())


def test_contributing_md_lists_every_target_and_no_other() -> None:
    rows = [*table_after(CONTRIBUTING, "## Run, test, check"), *table_after(CONTRIBUTING, "## Measure")]

    assert sorted(codes_in(row[0])[0].removeprefix("make ") for row in rows) == sorted(targets())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_target_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {
        word
        for words in re.findall(r"(?:`|^    )make((?: [a-z-]+)+)", text, re.MULTILINE)
        for word in words.split()
    }

    assert named - set(targets()) == set()


# Commands

COMMANDS = {
    "bettelheim_site": ("housekeeping", "backup", "restore"),
    "corpus_import": ("import_volume", "export_volume", "run_import"),
    "reader": ("publish_volumes", "create_reader_role", "supply_notes", "freeze", "archive"),
}


def options_of(app: str, command: str) -> set[str]:
    """The options of one of the project's commands, without those of every command."""
    parser = load_command_class(app, command).create_parser("manage.py", command)
    every = BaseCommand().create_parser("manage.py", command)
    return {option for action in parser._actions for option in action.option_strings} - {
        option for action in every._actions for option in action.option_strings
    }


def test_pages_name_every_option_of_our_commands_and_no_other() -> None:
    there = {option for app, names in COMMANDS.items() for name in names for option in options_of(app, name)}

    spans = [span for page in PAGES for span in CODE.findall(page.read_text(encoding="utf-8"))]
    named = {
        option
        for span in spans
        if span.startswith("--")
        or re.match(rf"(?:manage\.py )?(?:{'|'.join(sum(COMMANDS.values(), ()))}) ", span)
        for option in re.findall(r"--[a-z-]+", span)
    }
    assert named - {"--no-deps"} == there


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_is_there(page: Path) -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", page.read_text(encoding="utf-8")))

    assert named - set(get_commands()) == set()


# The manifest


def test_readme_shows_the_required_fields_of_a_manifest() -> None:
    [example] = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    required = {each.name for each in fields(Manifest) if each.default is MISSING}

    assert set(tomllib.loads(example)) == required


def test_readme_lists_the_optional_fields_of_a_manifest() -> None:
    optional = {each.name for each in fields(Manifest) if each.default is not MISSING}
    rows = table_after(README, "```\n\nThese fields are required. The others are optional:")

    assert {name for row in rows for name in codes_in(row[0])} == optional


# Examples


def test_the_worked_example_of_readme_is_what_the_importer_makes() -> None:
    section = README.split("## A worked example", 1)[1].split("\n## ", 1)[0]
    witness = "".join(f"{line[4:]}\n" for line in section.splitlines() if line.startswith("    ") or not line)
    said = dict(re.findall(r"^\| (\w+) \| (.*) \|$", section, re.MULTILINE))

    draft = parse_text(witness.replace("·", " ").strip("\n") + "\n")

    [division], [paragraph] = draft.divisions, draft.paragraphs
    assert said["division"] == f"{division.kind} {division.n}, *{division.head.string}*"
    assert said["paragraph"] == paragraph.text.string
    assert said["terms"] == "; ".join(f"{entry.headword}: {entry.definition}" for entry in draft.key)
    assert said["emendations"] == "; ".join(
        f"line {each.line}, `{each.before}` → `{each.after}` ({each.rule})" for each in draft.emendations
    )


def test_the_case_in_contributing_md_is_one_of_the_cases() -> None:
    [block] = re.findall(r"```\n(.*?)```", CONTRIBUTING, re.DOTALL)
    title, given, expected, _ = re.split(r"\n\.\n", block)

    assert (title, given.replace("·", " ") + "\n", expected) in [
        (case.title, case.given, case.expected) for case in read_cases("question_readings")
    ]


@pytest.mark.django_db
def test_the_export_in_contributing_md_exports() -> None:
    volume = make_volume()
    chapter = make_division(volume, head="Of *grain*")
    make_paragraph(chapter, "The plan[^1] came.")
    make_note(chapter, 1, "Late.")
    [example] = re.findall(r"```python\n(.*?)```", CONTRIBUTING, re.DOTALL)
    names: dict[str, Any] = {}

    exec(example, names)

    assert names["export_text"](Edition(volume)) == "Of grain\n\nThe plan came.\n\nLate.\n"


# Files

ROOMS = ("reader", "corpus_import")
BELOW = "|".join(
    sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name not in ("var", ".venv"))
).replace(".", r"\.")
NAME = re.compile(rf"(?<![\w./<-])(?:(?:{BELOW})/[\w./-]*|[\w-]+\.(?:md|cff|toml))(?![\w<*…])")
# Names that stand for a reader's own files, and folders that are made at work.
NOT_HERE = {"volume.toml", "fixtures/second-period/volume.toml"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    prose = re.sub(r"```(?:json|toml|python).*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    named = {
        name.rstrip(".")
        for code in [*CODE.findall(prose), *re.findall(r"^    .*$", prose, re.M)]
        for name in NAME.findall(code)
    }

    assert sorted(name for name in named - NOT_HERE if not (ROOT / name).exists()) == []


@pytest.mark.parametrize("package", ROOMS)
def test_contributing_md_gives_every_room_its_row(package: str) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    [layers] = [each["layers"] for each in contracts if each.get("containers") == [package]]
    in_order = [sorted(re.split(r" [:|] ", layer)) for layer in layers]
    heading = {"reader": "### The rooms of the reader", "corpus_import": "### The rooms of the import"}[
        package
    ]

    rows = table_after(CONTRIBUTING, heading)

    rooms = [sorted(re.findall(rf"{package}/(\w+)", row[0])) for row in rows]
    assert rooms == in_order


# Commands

ADMINISTRATION = (ROOT / "docs" / "administration.md").read_text(encoding="utf-8")


def test_every_command_of_administration_md_is_understood() -> None:
    lines = re.findall(r"^    .*manage\.py (.+)$", ADMINISTRATION, re.M)
    known = get_commands()
    for line in lines:
        name, *options = line.split()
        command = load_command_class(known[name], name)
        command.create_parser("manage.py", name).parse_args(options)

    ours = {name for name, app in known.items() if app in ("bettelheim_site", "reader")} - {"supply_notes"}
    assert ours - {line.split()[0] for line in lines} == set()


def test_the_settings_of_deploy_are_settings() -> None:
    lines = (ROOT / "deploy" / "archive.env").read_text(encoding="utf-8").splitlines()
    named = {line.partition("=")[0] for line in lines if not line.startswith("#")}

    assert named <= set(documented_settings())


# Files that the ecosystem expects


def test_the_citation_names_the_version_of_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = dict(re.findall(r'^([\w-]+): "?(.+?)"?$', (ROOT / "CITATION.cff").read_text(), re.MULTILINE))

    assert (citation["version"], citation["license"]) == (project["version"], project["license"])
    assert citation["abstract"] == project["description"]
    assert f"- **{project['version']}** " in README


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_module_that_a_page_runs_is_there(page: Path) -> None:
    modules = re.findall(r"python -m ([\w.]+)", page.read_text(encoding="utf-8"))

    assert [module for module in modules if find_spec(module) is None] == []


def test_every_file_that_code_names_is_there() -> None:
    """A comment that sends its reader to a file that has moved misleads."""
    path = re.compile(
        r"(?<![\w./])(?:(?:reader|corpus_import|glossary|bettelheim_site|tests|docs|bench)/[\w./-]+"
        r"|(?:static|templates)/[\w./-]+)\.(?:py|html|css|js|md|txt|toml|tsv)\b"
    )
    gone = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in ROOT.glob("**/*.py")
        if not {".venv", "var", "migrations"}.intersection(file.relative_to(ROOT).parts)
        for comment in COMMENTS.findall(file.read_text(encoding="utf-8"))
        for name in path.findall(comment)
        if not (ROOT / name).exists() and not (ROOT / "templates" / name).exists()
    ]

    assert gone == []
