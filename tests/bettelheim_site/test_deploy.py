"""The files of deploy/: the page of administration names each, they agree, and deploy/manage runs as the service."""

import getpass
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.processes import CHECKOUT

DEPLOY = CHECKOUT / "deploy"
ADMINISTRATION = (CHECKOUT / "docs" / "administration.md").read_text(encoding="utf-8")
SERVICES = sorted(DEPLOY.glob("*.service"))


def key(unit: Path, name: str) -> list[str]:
    """The values of a key of a unit."""
    return re.findall(rf"^{name}=(.*)$", unit.read_text(encoding="utf-8"), re.M)


def manage(folder: Path, settings: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run deploy/manage with these settings in a checkout whose Python prints its environment and arguments."""
    for name in ("deploy", ".venv/bin"):
        (folder / name).mkdir(parents=True)
    shutil.copy(DEPLOY / "manage", folder / "deploy" / "manage")
    (folder / "manage.py").touch()
    python = folder / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\nenv\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    (folder / "archive.env").write_text(settings, encoding="utf-8")
    return subprocess.run(
        [str(folder / "deploy" / "manage"), *arguments],
        env={
            "PATH": "/usr/bin:/bin",
            "ARCHIVE_ENV": str(folder / "archive.env"),
            "ARCHIVE_ACCOUNT": getpass.getuser(),
        },
        capture_output=True,
        text=True,
    )


def test_administration_md_names_every_file_of_deploy() -> None:
    named = re.findall(r"deploy/([\w.*-]+)", ADMINISTRATION)
    there = {path.name for path in DEPLOY.iterdir()}

    assert {path.name for name in named for path in DEPLOY.glob(name.rstrip("."))} == there


def test_every_unit_runs_as_one_account_in_one_folder_with_one_file_of_settings() -> None:
    for name in ("User", "WorkingDirectory", "EnvironmentFile"):
        assert len({tuple(key(unit, name)) for unit in SERVICES}) == 1, name
    assert all(unit.with_suffix(".service") in SERVICES for unit in DEPLOY.glob("*.timer"))


def test_every_timer_of_deploy_is_enabled_by_the_page() -> None:
    [enabled] = re.findall(r"^    systemctl enable --now (.*)$", ADMINISTRATION, re.M)

    assert {each.name for each in DEPLOY.glob("*.timer")} < set(enabled.split())


def test_the_daily_backup_goes_where_the_page_makes_a_folder_for_it() -> None:
    [command, clearing] = key(DEPLOY / "archive-backup.service", "ExecStart")

    assert "install -d -m 700 -o archive -g archive /var/backups/archive\n" in ADMINISTRATION
    assert 'manage.py backup "/var/backups/archive/daily-$$(date +%%Y%%m%%d-%%H%%M%%S).dump"' in command
    assert "/var/backups/archive -name daily-* -mtime +30 " in clearing


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    for unit in (*SERVICES, *DEPLOY.glob("*.timer")):
        text = unit.read_text(encoding="utf-8")
        # Programs of the archive are where the page puts them, not on this machine.
        (tmp_path / unit.name).write_text(re.sub(r"=/srv/archive/\S+|=/bin/kill", "=/bin/true", text))
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, tmp_path.iterdir())], capture_output=True, text=True
    )

    assert [line for line in done.stderr.splitlines() if "archive" in line] == []


# Commands


def test_manage_gives_commands_the_settings_as_systemd_reads_them(tmp_path: Path) -> None:
    settings = (
        "# A comment\n\n; another\nSECRET_KEY=a$HOME`id`b\nDATABASE_URL=postgresql://a:p@/archive?host=x,y&a=b\n"
        "REPORT_ADDRESS=\"me @ archive\"\nADMIN_PATH='desk/'\nLOG_LEVEL=INFO"
    )

    done = manage(tmp_path / "the archive", settings, "import_volume", "my volume.toml")

    assert done.stdout.splitlines()[-3:] == [
        str(tmp_path / "the archive" / "manage.py"),
        "import_volume",
        "my volume.toml",
    ]
    assert {
        "SECRET_KEY=a$HOME`id`b",
        "DATABASE_URL=postgresql://a:p@/archive?host=x,y&a=b",
        "REPORT_ADDRESS=me @ archive",
        "ADMIN_PATH=desk/",
        "LOG_LEVEL=INFO",
    } <= set(done.stdout.splitlines())


@pytest.mark.parametrize("line", ["export SECRET_KEY=a", "SECRET_KEY = a", "SECRET_KEY", "=a"])
def test_manage_refuses_a_line_that_is_no_setting(line: str, tmp_path: Path) -> None:
    done = manage(tmp_path, f"LOG_LEVEL=INFO\n{line}\n", "check")

    assert done.returncode == 1
    assert "archive.env, line 2 is no setting" in done.stderr
    assert done.stdout == ""


def test_manage_says_how_to_get_at_settings_that_it_cannot_read(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(DEPLOY / "manage"), "check"],
        env={"PATH": "/usr/bin:/bin", "ARCHIVE_ENV": str(tmp_path / "none.env")},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "none.env cannot be read: make it from deploy/archive.env, and run this as root." in done.stderr
