"""`trialkg registries`: what can be read, and what each form leaves out."""

import json

from typer.testing import CliRunner

from kg.cli import app
from loaders import LOADERS


def run(*arguments):
    return CliRunner().invoke(app, ["registries", *arguments])


def test_every_loader_is_listed_with_its_terms_and_where_it_is_had():
    lines = run().stdout
    for loader in LOADERS.values():
        assert loader.name in lines
        assert loader.licence in lines
        assert f"{len(loader.unread)} fields" in lines


def test_one_form_is_shown_with_all_that_it_leaves_out():
    shown = run("isrctn").stdout
    assert [one for one in LOADERS["isrctn"].unread if one not in shown] == []
    assert "ictrp" not in shown


def test_scripts_get_the_whole_list():
    found = json.loads(run("--json").stdout)
    assert [one["name"] for one in found] == list(LOADERS)
    assert found[0]["unread"] == list(LOADERS["clinicaltrials"].unread)


def test_a_form_that_is_not_there_is_refused():
    assert run("nowhere").exit_code != 0
