import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.evaluate.counts import Count, score, share

COUNTS = st.lists(
    st.builds(Count, *[st.integers(0, 5).map(float) for _ in range(3)]), min_size=1, max_size=30
)


def test_precision_recall_and_f1_are_over_all_trials():
    found = score("targets", [Count(2, 1, 0), Count(1, 0, 2)])
    assert (found.precision, found.recall, found.f1) == (0.75, 0.6, 0.6667)
    assert found.trials == 2


@given(COUNTS)
def test_the_interval_holds_between_nothing_and_all_and_is_the_same_each_time(counts):
    first, second = score("x", counts), score("x", counts)
    assert first == second
    assert 0 <= first.f1_low <= first.f1_high <= 1


@pytest.mark.parametrize(("right", "f1"), [(True, 1.0), (False, 0.0)])
def test_a_share_is_precision_recall_and_f1_at_once(right, f1):
    found = score("share", [share(right)])
    assert found.precision == found.recall == found.f1 == f1


def test_many_equal_trials_have_a_narrow_interval():
    found = score("x", [share(True)] * 50)
    assert (found.f1_low, found.f1_high) == (1.0, 1.0)
