"""`trialkg examples run`."""

import json

from kg.query.questions import question_names


def test_all_questions_run_and_tell_their_rows_and_seconds(run_command, examples):
    done = run_command("examples", "run", "--data", str(examples), "--json")
    assert done.returncode == 0, done.stderr
    ran = json.loads(done.stdout)
    assert [one["name"] for one in ran] == question_names()
    assert all(one["rows"] > 0 and one["error"] is None for one in ran)
    assert all(one["seconds"] > 0 for one in ran)


def test_anything_but_run_is_refused(run_command, examples):
    done = run_command("examples", "walk", "--data", str(examples))
    assert done.returncode == 2
    assert "say: run" in done.stderr
