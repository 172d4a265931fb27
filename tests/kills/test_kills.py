from tests.kills.killing import kills
from tests.kills.serving import kill_servers, kill_workers


def test_a_killed_build_loses_nothing_that_was_published_and_the_next_build_works(tmp_path):
    for kill in kills(tmp_path, count=3, seed=1):
        assert kill.published in {"before", "after"}, kill
        assert kill.mended, kill


def test_killed_workers_give_no_wrong_answer_and_are_replaced(tmp_path):
    seen, after = kill_workers(tmp_path, count=5, seed=1)
    assert seen.wrong == []
    assert seen.right > 0
    assert after.right == 1


def test_a_killed_server_leaves_no_process_and_the_next_one_answers(tmp_path):
    seen, orphans = kill_servers(tmp_path, count=2, seed=1)
    assert seen.wrong == []
    assert seen.right >= 2
    assert orphans == 0
