"""The pinned files are complete: an installation takes no other package, whatever a registry holds later."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires
from itertools import product
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PLATFORMS = (
    {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64", "os_name": "posix"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64", "os_name": "posix"},
)
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
FILES = {"requirements.txt": ("local", "pdf", "dev"), "deploy/requirements.txt": ()}

Environment = dict[str, str]


def environments() -> Iterator[Environment]:
    for python, platform in product(PYTHONS, PLATFORMS):
        yield {
            "python_version": python,
            "python_full_version": f"{python}.7",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "extra": "",
            **platform,
        }


def wanted(extras: tuple[str, ...]) -> list[Requirement]:
    """The requirements in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    optional = [each for extra in extras for each in project["optional-dependencies"][extra]]
    return [Requirement(each) for each in (*project["dependencies"], *optional)]


def pinned(text: str, environment: Environment) -> dict[str, Requirement]:
    """The packages that a pinned file installs in an environment, by their names."""
    lines = (line.rstrip(" \\") for line in text.splitlines() if line[:1].isalnum())
    found = (Requirement(line) for line in lines)
    return {
        canonicalize_name(each.name): each
        for each in found
        if each.marker is None or each.marker.evaluate(environment)
    }


def unpinned(
    wanted: list[Requirement], pins: Mapping[str, Requirement], environment: Environment
) -> list[str]:
    """The requirements, those of requirements included, that no pin meets."""
    missing = []
    seen = set()
    waiting = [(each, "pyproject.toml") for each in wanted]
    while waiting:
        requirement, asked_by = waiting.pop()
        name = canonicalize_name(requirement.name)
        pin = pins.get(name)
        version = next((spec.version for spec in pin.specifier), "") if pin is not None else ""
        if not requirement.specifier.contains(version or "0", prereleases=True) or not version:
            missing.append(f"{asked_by} asks for {requirement}")
            continue
        for extra in ("", *requirement.extras):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            try:
                further = [Requirement(each) for each in requires(name) or ()]
            except PackageNotFoundError:
                continue  # of another platform: its requirements are not known here
            waiting += [
                (each, name)
                for each in further
                if each.marker is None or each.marker.evaluate({**environment, "extra": extra})
            ]
    return missing


@pytest.mark.parametrize("file", FILES)
def test_every_requirement_of_every_pinned_package_is_pinned(file: str) -> None:
    text = (ROOT / file).read_text()
    for environment in environments():
        assert unpinned(wanted(FILES[file]), pinned(text, environment), environment) == []


def test_a_pin_that_is_taken_out_is_missed() -> None:
    text = (ROOT / "requirements.txt").read_text()
    environment = next(environments())
    pins = pinned(text, environment)
    del pins["psycopg-pool"]

    missing = unpinned(wanted(FILES["requirements.txt"]), pins, environment)

    assert [each for each in missing if "psycopg-pool" in each]


@pytest.mark.parametrize("file", ["Makefile", "README.md"])
def test_pins_are_installed_as_they_are_and_proved_complete(file: str) -> None:
    text = (ROOT / file).read_text()

    assert "--no-deps --require-hashes" in text
    assert "pip check" in text
