import threading
from functools import partial
from pathlib import Path

from kg import loads
from kg.loads import Loads
from kg.shards import Shard


def shard(name, quads):
    return Shard(path=Path(name), outcomes=(), quads=quads, process=0, peak=0)


def names(shards):
    return [one.path.name for one in shards]


def loaded(given, begin=lambda _: lambda: 1.0):
    with Loads(begin) as under_way:
        settled = [one for each in given for one in under_way.take(each)]
        return [names(shards) for shards, _ in [*settled, *under_way.finish()]]


def test_each_shard_is_loaded_once_and_told_of_in_the_order_in_which_it_came():
    given = [shard(f"{number:03d}", 31_000) for number in range(200)]
    assert [name for part in loaded(given) for name in part] == names(given)


def test_loads_grow_to_what_the_engine_sorts_at_once(monkeypatch):
    monkeypatch.setattr(loads, "_FIRST", 10)
    monkeypatch.setattr(loads, "_MOST", 40)
    sizes = [len(part) for part in loaded([shard(str(number), 1) for number in range(152)])]
    assert sizes == [10, 10, 20, 20, 40, 40, 6, 6]


def test_a_shard_larger_than_a_load_is_loaded_alone():
    assert loaded([shard(name, 3_000_000) for name in "abc"]) == [["a"], ["b"], ["c"]]


def test_nothing_to_load_is_nothing_loaded():
    assert loaded([]) == []


def test_two_loads_are_under_way_at_once():
    both = threading.Barrier(2, timeout=60)

    def wait():
        both.wait()
        return 1.0

    assert loaded([shard(name, 2_000_000) for name in "ab"], lambda _: wait) == [["a"], ["b"]]


def test_work_is_begun_in_the_thread_of_the_caller():
    begun = []

    def begin(shards):
        begun.append(threading.get_ident())
        return partial(float, len(shards))

    loaded([shard("a", 2_000_000), shard("b", 1)], begin)
    assert set(begun) == {threading.get_ident()}
