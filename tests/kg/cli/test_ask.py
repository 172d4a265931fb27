import json


def test_a_question_is_answered_and_each_word_accounted_for(examples, run_command):
    done = run_command(
        "ask", "DLL3 NK trials recruiting in China", "--data", str(examples), "--json"
    )
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert answer["total"] == 3
    assert answer["not_understood"] == []


def test_a_word_left_out_shows_in_the_exit_status(examples, run_command):
    done = run_command("ask", "CD19 trials that zorgle", "--data", str(examples))
    assert done.returncode == 3
    assert "'zorgle'" in done.stderr
