"""The notebook runs from its first cell to its last, and says what the README promises."""

import ast
import contextlib
import io
import json
import os

import pytest


@pytest.fixture(scope="module")
def printed(root, examples):
    """Run the cells in order in one namespace, as a kernel does; each one's output."""
    notebook = json.loads((root / "tests" / "examples" / "tour.ipynb").read_text(encoding="utf-8"))
    before = os.environ.get("TRIALKG_DATA")
    os.environ["TRIALKG_DATA"] = str(examples)
    try:
        return [run(cell) for cell in cells(notebook)]
    finally:
        os.environ.pop("TRIALKG_DATA")
        if before is not None:
            os.environ["TRIALKG_DATA"] = before


def cells(notebook):
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


NAMES: dict[str, object] = {}


def run(source):
    """Run a cell; a last line that is an expression is shown, as in a notebook."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(tree, "tour.ipynb", "exec"), NAMES)  # noqa: S102 - the notebook of this repository
        if last is not None:
            shown = eval(compile(ast.Expression(last.value), "tour.ipynb", "eval"), NAMES)  # noqa: S307
            print("" if shown is None else shown)
    return output.getvalue()


def test_the_notebook_finds_the_trials_of_the_seed_question(printed):
    assert {line.split()[0] for line in printed[1].splitlines()} == {
        "NCT07366658",
        "NCT07480213",
        "NCT07744256",
    }


def test_the_notebook_shows_near_misses_and_quotes(printed):
    assert "near: DLL3" in printed[2]
    assert "DLL3" in printed[3]
    assert "/protocolSection/" in printed[3]


def test_the_notebook_ends_with_a_network(printed):
    assert "CD19" in printed[5]


def test_the_notebook_is_kept_without_outputs(root):
    notebook = json.loads((root / "tests" / "examples" / "tour.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
