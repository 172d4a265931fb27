from tests.kills.killing import kills


def test_a_killed_build_loses_nothing_that_was_published_and_the_next_build_works(tmp_path):
    for kill in kills(tmp_path, count=3, seed=1):
        assert kill.published in {"before", "after"}, kill
        assert kill.mended, kill
