"""The names of the tests themselves."""

import ast
from pathlib import Path

TESTS = Path(__file__).parent


def test_names_of_tests_are_below_eighty_characters() -> None:
    names = [
        node.name
        for path in TESTS.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]

    assert len(names) > 1000
    assert [name for name in names if len(name) >= 80] == []
