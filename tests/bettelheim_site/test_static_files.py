import re
import shutil
from pathlib import Path

from django.conf import settings

from bettelheim_site.static_files import ModuleStorage

IMPORT = re.compile(r"""(?:from|import)\s*\(?["']\./([^"']+)["']""")


def test_modules_import_each_other_by_their_digests(tmp_path: Path) -> None:
    shutil.copytree(settings.BASE_DIR / "static" / "js", tmp_path / "js")
    storage = ModuleStorage(location=tmp_path, base_url="/static/")
    names = [f"js/{file.name}" for file in (tmp_path / "js").iterdir()]

    list(storage.post_process({name: (storage, name) for name in names}))

    imported = {
        name
        for file in (tmp_path / "js").glob("*.????????????.js")
        for name in IMPORT.findall(file.read_text())
    }
    assert imported
    assert imported <= {Path(name).name for name in storage.hashed_files.values()}
