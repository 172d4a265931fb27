"""What the README says is run: its commands, its queries, its answer."""

import importlib
import re
from pathlib import Path

import pytest

import kg
from kg.cli import COMMANDS
from kg.export import EXPORTS
from kg.pipeline import Settings, build
from kg.query.questions import question_names
from kg.resources import EXAMPLES
from loaders import LOADERS


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    build(folder, [EXAMPLES], LOADERS, settings=Settings(processes=1))
    return folder


@pytest.fixture(scope="module")
def graph(data):
    with kg.open(data) as opened:
        yield opened


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def test_the_first_screen_holds_the_question_and_the_answer(readme):
    first = "\n".join(readme.splitlines()[:28])
    assert "DLL3-targeting NK therapies recruiting in China" in first
    assert "NCT07366658" in first


def test_ci_runs_the_test_command_word_for_word(readme, root):
    commands = [line for block in blocks(readme, "sh") for line in block.splitlines()]
    tests = [line for line in commands if line.endswith("pytest -q -n 2")]
    assert len(tests) == 1
    assert tests[0] in (root / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_command_and_export_named_exists_and_is_named(readme):
    code = "\n".join(blocks(readme, "sh")) + "\n".join(re.findall(r"`([^`\n]+)`", readme))
    named = set(re.findall(r"\btrialkg ([a-z]+)\b", code))
    assert named == set(COMMANDS)
    assert set(re.findall(r"trialkg export ([a-z-]+)", code)) <= set(EXPORTS)
    rows = re.findall(r"^\| ((?:`[a-z-]+` ?)+)\|", readme, flags=re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)}
    assert listed >= set(EXPORTS)


def test_paths_named_in_tables_and_text_exist(readme, root):
    named = re.findall(r"`((?:kg|loaders|ontology|shapes|tests)/[\w./*-]*)`", readme)
    assert len(named) > 8
    for path in named:
        assert any(root.glob(path.rstrip("/"))), path


def test_every_query_answers_on_the_bundled_examples(readme, graph):
    queries = blocks(readme, "sparql")
    assert len(queries) >= 2
    for query in queries:
        assert graph.query(query), query


def test_the_answer_in_the_first_screen_is_what_the_graph_says(readme, graph):
    rows = graph.query(blocks(readme, "sparql")[0])
    shown = re.findall(r"^\| (NCT\d{8}) \| ([^|]+) \|", readme, flags=re.MULTILINE)
    assert sorted((row["id"], row["label"]) for row in rows) == sorted(
        (registry_id, label.strip()) for registry_id, label in shown
    )


def test_the_python_example_runs(readme, data, tmp_path, monkeypatch):
    (code,) = blocks(readme, "python")
    opened = {}
    monkeypatch.chdir(tmp_path)
    Path("mydata").symlink_to(data)
    exec(compile(code, "README.md", "exec"), opened)  # noqa: S102 - the README's own example
    assert opened["rows"]
    assert len(opened["frame"])
    assert {hit.registry_id for hit in opened["found"]} >= {"NCT07480213", "NCT07366658"}
    assert opened["trial"].registry_id == "NCT07480213"
    assert len(opened["network"])


def test_the_page_about_the_data_gives_the_figures_of_the_readme(readme):
    from kg.api.about import accuracy

    known = accuracy()
    assert " | ".join(known.samples) in readme
    for measure in known.measures:
        assert f"| {measure.name} | {' | '.join(measure.figures)} |" in readme


def test_it_counts_as_many_example_questions_as_there_are(readme):
    assert f"{len(question_names())} questions are served" in readme


def test_every_benchmark_can_be_started(root):
    """No test runs them, so that a changed signature would be noticed by users alone."""
    names = [path.stem for path in (root / "tests" / "benchmarks").glob("*.py")]
    assert "build" in names
    for name in names:
        importlib.import_module(f"tests.benchmarks.{name}")
