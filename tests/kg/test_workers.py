import os
import signal

import pytest

from kg.errors import StoreError
from kg.workers import Workers, chunked


def double(number):
    return 2 * number, os.getpid()


def fail(number):
    raise ValueError(f"number {number}")


def die(_):
    os.kill(os.getpid(), signal.SIGKILL)


def test_chunks_keep_order_and_leave_nothing_out():
    assert list(chunked(range(5), 2)) == [(0, 1), (2, 3), (4,)]


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_order_of_the_items(processes):
    with Workers(processes) as workers:
        found = list(workers.map(double, iter(range(30))))
    assert [result for result, _ in found] == [2 * number for number in range(30)]
    assert (os.getpid() in {process for _, process in found}) is (processes == 1)


def test_a_short_list_is_not_worth_a_process():
    with Workers(2) as workers:
        assert {process for _, process in workers.map(double, [1, 2])} == {os.getpid()}


def test_only_a_few_items_are_read_ahead():
    taken = []
    with Workers(2) as workers:
        results = workers.map(double, (taken.append(n) or n for n in range(1000)))
        next(results)
        assert len(taken) < 20


def test_an_error_in_a_worker_reaches_the_caller():
    with Workers(2) as workers, pytest.raises(ValueError, match="number 0"):
        list(workers.map(fail, range(10)))


def test_a_killed_worker_is_an_error_that_says_what_to_do():
    with Workers(2) as workers, pytest.raises(StoreError, match="fewer --processes"):
        list(workers.map(die, range(10)))
