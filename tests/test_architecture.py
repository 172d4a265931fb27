"""What the layout promises: who uses which library, where IRIs stand, how long things get."""

import ast
import re
from pathlib import Path

import pytest

# Library: the modules that may import it.
HOMES = {
    "fastapi": ("kg/api/",),
    "uvicorn": ("kg/api/", "kg/cli/"),
    "networkx": ("kg/export/", "kg/client"),
    "owlready2": ("kg/ontology/",),
    "pyshacl": ("kg/validate",),
    "mcp": ("kg/mcp/",),
    "typer": ("kg/cli/",),
    "rich": ("kg/cli/",),
    "httpx": ("kg/client/", "kg/notify/", "loaders/clinicaltrials_api/"),
}
IRIS_STAND_IN = ("kg/vocab.py", "kg/iris.py")
LONGEST_FUNCTION = 40
LONGEST_MODULE = 400
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}


@pytest.fixture(scope="module")
def sources(root) -> dict[str, ast.Module]:
    paths = sorted(path for part in ("kg", "loaders") for path in (root / part).rglob("*.py"))
    return {
        str(path.relative_to(root)): ast.parse(path.read_text(encoding="utf-8")) for path in paths
    }


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def functions(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def code_lines(function):
    docstring = ast.get_docstring(function, clean=False)
    stated = function.end_lineno - function.lineno + 1
    return stated - (len(docstring.splitlines()) if docstring else 0)


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_is_used_only_where_it_belongs(sources, library):
    users = {path for path, tree in sources.items() if library in imported(tree)}
    assert {path for path in users if not path.startswith(HOMES[library])} == set()


def test_iris_stand_in_the_vocabulary_and_the_minting_functions_only(sources):
    found = {
        (path, node.value)
        for path, tree in sources.items()
        if path.startswith("kg/") and path not in IRIS_STAND_IN
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.match(r"https?://.", node.value)
    }
    assert found == set()


def test_functions_stay_short(sources):
    long = {
        f"{path} {function.name}": code_lines(function)
        for path, tree in sources.items()
        for function in functions(tree)
        if code_lines(function) > LONGEST_FUNCTION
    }
    assert long == {}


def test_modules_stay_short(sources, root):
    long = {
        path: lines
        for path in sources
        if path != "kg/vocab.py"
        and (lines := len((root / path).read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }
    assert long == {}


def test_modules_are_named_by_what_they_hold(sources):
    assert {path for path in sources if Path(path).stem in NAMELESS} == set()
