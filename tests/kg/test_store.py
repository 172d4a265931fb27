import io
import subprocess
import sys

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.difference import Difference
from kg.errors import StoreError
from kg.iris import named_graph, record_graph
from kg.sort import sort_lines
from kg.store import Store, in_key_order
from kg.vocab import RDF, RDFS, TKG

ONE = record_graph("clinicaltrials", "NCT00000001")
TWO = record_graph("clinicaltrials", "NCT00000002")


def quad(graph, text):
    return ox.Quad(graph, RDFS.label, ox.Literal(text), graph)


def dumped(store):
    output = io.BytesIO()
    store.dump(output)
    return output.getvalue()


def test_replacing_a_graph_leaves_nothing_of_what_it_held():
    with Store.in_memory() as store:
        store.replace(ONE, [quad(ONE, "old"), quad(ONE, "kept")])
        store.replace(ONE, [quad(ONE, "new"), quad(ONE, "kept")])
        assert set(store.quads(ONE)) == {quad(ONE, "new"), quad(ONE, "kept")}


def test_a_quad_of_another_graph_is_refused_and_nothing_is_changed():
    with Store.in_memory() as store:
        store.replace(ONE, [quad(ONE, "old")])
        with pytest.raises(StoreError, match="does not belong"):
            store.replace(ONE, [quad(TWO, "new")])
        assert list(store.quads(ONE)) == [quad(ONE, "old")]


TEXTS = st.sets(st.sampled_from(["a", "b c", "d\n e", 'f "g" <h> .', "\\ i", "é", ""]))
HELD = st.fixed_dictionaries({ONE: TEXTS, TWO: TEXTS})


@given(before=HELD, after=HELD, beside=TEXTS)
def test_graphs_changed_by_the_difference_are_as_if_replaced_and_what_differs_is_noted(
    before, after, beside
):
    other = named_graph("changes")
    stated = [quad(graph, text) for graph, texts in after.items() for text in texts]
    stated += [quad(other, text) for text in beside]
    nquads = ox.serialize(stated, format=ox.RdfFormat.N_QUADS)
    with Store.in_memory() as changed, Store.in_memory() as replaced:
        for store in (changed, replaced):
            for graph, texts in before.items():
                store.replace(graph, [quad(graph, text) for text in texts])
        held = set(changed.engine)
        changed.followed = Difference()
        changed.change_all([ONE, TWO], nquads)
        replaced.replace_all([ONE, TWO], nquads)
        assert dumped(changed) == dumped(replaced)
        assert changed.graphs() == replaced.graphs()
        assert changed.followed.removed == held - set(changed.engine)
        assert changed.followed.added == set(changed.engine) - held


def test_of_some_nodes_a_graph_says_what_is_stated_now_and_of_others_what_it_said():
    def about(node, name, text, graph=ONE):
        return ox.Quad(node, name, ox.Literal(text), graph)

    kept = [about(TWO, RDFS.label, "other"), about(ONE, RDFS.comment, "kept"), quad(TWO, "there")]
    beside = about(ONE, RDFS.label, "beside", named_graph("changes"))
    stated = [about(ONE, RDFS.label, "new"), about(ONE, RDFS.label, "same"), beside]
    with Store.in_memory() as store:
        gone = [about(ONE, RDFS.label, "old"), about(RDFS.label, RDFS.label, "gone")]
        store.engine.extend([*kept, *gone, stated[1]])
        store.followed = Difference()
        nodes = [(ONE, str(ONE), (str(RDFS.label),)), (ONE, str(RDFS.label), ())]
        store.change_nodes(nodes, ox.serialize(stated, format=ox.RdfFormat.N_QUADS))
        assert set(store.engine) == {*kept, *stated}
        assert store.followed.removed == set(gone)
        assert store.followed.added == {stated[0], beside}


def test_setting_a_graph_counts_what_had_to_be_changed():
    with Store.in_memory() as store:
        assert store.set_graph(ONE, [quad(ONE, "a"), quad(ONE, "b")]) == 2
        assert store.set_graph(ONE, [quad(ONE, "b"), quad(ONE, "c")]) == 2
        assert store.set_graph(ONE, [quad(ONE, "b"), quad(ONE, "c")]) == 0
        assert store.set_graph(ONE, []) == 2
        assert store.graphs() == []


def test_graphs_are_listed_in_order_and_leave_with_their_last_quad():
    with Store.in_memory() as store:
        for graph in (TWO, named_graph("shared"), ONE):
            store.replace(graph, [quad(graph, "x")])
        store.remove(TWO)
        assert store.graphs() == [ONE, named_graph("shared")]


def test_graphs_beside_those_of_records_are_listed_in_order():
    with Store.in_memory() as store:
        store.engine.extend([quad(TWO, "a"), quad(ONE, "b")])
        record = record_graph("ctri", "CTRI-1")
        store.engine.add(ox.Quad(record, RDF.type, TKG.RecordGraph, record))
        assert store.graphs_beside() == sorted((ONE, TWO), key=str)


@pytest.mark.parametrize("count", [1, 60_000])
def test_small_and_large_texts_replace_graphs_alike(tmp_path, count):
    stated = b"".join(f"{quad(TWO, str(number))} .\n".encode() for number in range(count))
    with Store.open(tmp_path / "store") as store:
        store.replace(ONE, [quad(ONE, "old")])
        store.replace_all([ONE, TWO], stated)
        assert store.graphs() == [TWO]
        assert dumped(store) == b"".join(sorted(stated.splitlines(keepends=True)))


def test_the_dump_does_not_depend_on_the_order_of_writing():
    ways = []
    for order in (1, -1):
        with Store.in_memory() as store:
            for graph in (ONE, TWO)[::order]:
                store.replace(graph, [quad(graph, text) for text in "cab"[::order]])
            ways.append(dumped(store))
    assert ways[0] == ways[1]
    assert ways[0].splitlines() == sorted(ways[0].splitlines())


@pytest.mark.parametrize("run_bytes", [1, 40, 1 << 20])
def test_lines_sorted_in_many_files_are_those_sorted_in_one(run_bytes):
    lines = [f"{(number * 7919) % 101:03d}\n".encode() for number in range(101)]
    output = io.BytesIO()
    assert sort_lines(lambda file: file.writelines(lines), output, run_bytes=run_bytes) == 101
    assert output.getvalue() == b"".join(sorted(lines))


def test_a_second_writer_is_told_that_another_build_is_writing(tmp_path):
    script = (
        "import sys, pathlib; from kg.store import Store; Store.open(pathlib.Path(sys.argv[1]))"
    )
    with Store.open(tmp_path / "store"):
        second = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "store")],
            capture_output=True,
            text=True,
            check=False,
        )
    assert second.returncode == 1
    assert "another build is writing there" in second.stderr


def test_a_closed_store_can_be_opened_again_and_not_used(tmp_path):
    store = Store.open(tmp_path / "store")
    store.replace(ONE, [quad(ONE, "kept")])
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.graphs()
    with Store.open(tmp_path / "store") as again:
        assert again.graphs() == [ONE]


def test_a_file_that_is_no_store_is_named(tmp_path):
    (tmp_path / "store").write_text("no store")
    with pytest.raises(StoreError, match="store"):
        Store.open(tmp_path / "store")


def test_a_backup_does_not_see_later_writes(tmp_path):
    with Store.open(tmp_path / "store") as store:
        store.replace(ONE, [quad(ONE, "before")])
        store.backup(tmp_path / "copy")
        store.replace(ONE, [quad(ONE, "after")])
        with Store.read_only(tmp_path / "copy") as copy:
            assert list(copy.quads(ONE)) == [quad(ONE, "before")]
        with pytest.raises(StoreError, match="checkpoint"):
            store.backup(tmp_path / "copy")


def test_a_snapshot_that_is_not_there_says_what_to_run(tmp_path):
    with pytest.raises(StoreError, match="trialkg build"):
        Store.read_only(tmp_path / "none")


def test_a_difference_gives_up_unless_others_have_begun_to_go_by_it():
    one, two = (ox.Quad(*[ox.NamedNode(f"urn:{n}")] * 4) for n in range(2))
    given_up, kept = Difference(most=1), Difference(most=1)
    kept.follow_on()
    for difference in (given_up, kept):
        difference.note((), [one, two])
    assert (given_up.is_complete, given_up.added) == (False, set())
    assert (kept.is_complete, kept.added) == (True, {one, two})


def test_names_of_graphs_are_ordered_as_a_store_keeps_them_and_nothing_is_left(tmp_path):
    graphs = [record_graph("clinicaltrials", f"NCT{number:08}") for number in range(300)]
    with Store.open(tmp_path / "full") as full:
        for graph in graphs:
            full.replace(graph, [quad(graph, "one")])
        kept = list(full.engine.named_graphs())
    (tmp_path / "empty").mkdir()
    assert in_key_order(graphs, tmp_path / "empty") == kept
    assert kept != sorted(kept, key=str)
    assert list((tmp_path / "empty").iterdir()) == []
