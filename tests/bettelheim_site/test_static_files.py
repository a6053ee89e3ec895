import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from bettelheim_site.static_files import ModuleStorage

IMPORT = re.compile(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""")
STATIC = settings.BASE_DIR / "static"


def test_modules_import_each_other_by_their_digests(tmp_path: Path) -> None:
    for folder in ("js", "admin-archive"):
        shutil.copytree(STATIC / folder, tmp_path / folder)
    storage = ModuleStorage(location=tmp_path, base_url="/static/")
    names = [str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.js")]

    list(storage.post_process({name: (storage, name) for name in names}))

    imported = {
        (file.parent / name).resolve().relative_to(tmp_path.resolve()).as_posix()
        for file in tmp_path.rglob("*.????????????.js")
        for name in IMPORT.findall(file.read_text())
    }
    assert any(name.startswith("js/say.") for name in imported)
    assert imported <= set(storage.hashed_files.values())


def test_the_admin_and_the_pages_have_one_serif_face() -> None:
    sheets = [STATIC / "css" / "tokens.css", STATIC / "admin-archive" / "reading.css"]

    faces = [re.findall(r"--serif: (.+);", sheet.read_text()) for sheet in sheets]

    assert len(faces[0]) == 1
    assert faces[0] == faces[1]


@pytest.mark.parametrize("sheet", sorted(STATIC.rglob("*.css")), ids=lambda sheet: sheet.stem)
def test_every_style_sheet_is_loaded_by_a_template_or_an_admin_class(sheet: Path) -> None:
    name = sheet.relative_to(STATIC).as_posix()
    places = [
        *settings.BASE_DIR.glob("templates/**/*.html"),
        *settings.BASE_DIR.glob("reader/**/*.py"),
        *settings.BASE_DIR.glob("corpus_import/**/*.py"),
    ]

    assert any(re.search(rf"['\"]{name}['\"]", place.read_text()) for place in places)


def test_an_editor_that_cannot_grow_has_room_instead() -> None:
    """Safari cannot fit a field to its text (field-sizing), and would show three lines of it."""
    sheets = {sheet.name: sheet.read_text() for sheet in STATIC.rglob("*.css")}
    growing = {name for name, sheet in sheets.items() if re.search(r"^  field-sizing: content", sheet, re.M)}

    assert growing
    assert {name for name in growing if "@supports not (field-sizing: content)" not in sheets[name]} == set()


def test_reading_css_alone_says_how_differences_and_marks_look() -> None:
    """Other style sheets of the admin may hide, place or reset these elements, but not style them."""
    subject = re.compile(r"(?<![\w-])(?:ins|del|mark)(?![\w-])")
    looks = re.compile(r"(?:background|text-decoration): (?!none)|font|padding|border-block")
    rules = [
        (sheet.name, selector, declared)
        for sheet in (STATIC / "admin-archive").glob("*.css")
        for selector, declared in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet.read_text())
    ]

    dressing = {
        name for name, selector, declared in rules if subject.search(selector) and looks.search(declared)
    }

    assert dressing == {"reading.css"}
