import pyoxigraph as ox
import pytest

from kg.errors import StoreError
from kg.iris import named_graph
from kg.publish import (
    current_name,
    current_snapshot,
    point_to,
    publish,
    publish_folder,
    snapshot_names,
)
from kg.store import Store
from kg.vocab import RDFS, TKG

GRAPH = named_graph("shared")


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store") as opened:
        yield opened


def say(store, text):
    store.replace(GRAPH, [ox.Quad(TKG.Trial, RDFS.label, ox.Literal(text), GRAPH)])


def said(path):
    with Store.read_only(path) as snapshot:
        return [quad.object.value for quad in snapshot.quads(GRAPH)]


def test_before_the_first_publication_there_is_nothing_to_serve(tmp_path):
    assert current_name(tmp_path) is None
    with pytest.raises(StoreError, match="trialkg build"):
        current_snapshot(tmp_path)


def test_a_publication_is_served_and_the_one_before_stays_as_it_was(store, tmp_path):
    say(store, "first")
    first = publish(store, tmp_path)
    say(store, "second")
    second = publish(store, tmp_path)
    assert current_snapshot(tmp_path) == second
    assert (said(first), said(second)) == (["first"], ["second"])


def test_what_stands_beside_a_snapshot_is_written_before_its_checkpoint(store, tmp_path):
    say(store, "first")
    checkpoints = []

    def beside(folder):
        checkpoints.extend((tmp_path / "snapshots").rglob("CURRENT"))
        (folder / "beside.txt").write_text("here")

    published = publish(store, tmp_path, beside=beside)
    assert checkpoints == []
    assert (published / "beside.txt").read_text() == "here"
    assert [path.name for path in (tmp_path / "snapshots").iterdir()] == [published.name]
    assert said(published) == ["first"]


def test_old_snapshots_are_pruned_and_the_published_one_never(store, tmp_path):
    for _ in range(5):
        publish(store, tmp_path, keep=2)
    assert snapshot_names(tmp_path) == ["000004", "000005"]
    publish(store, tmp_path, keep=0)
    assert snapshot_names(tmp_path) == ["000006"]
    assert current_name(tmp_path) == "000006"


def test_what_is_written_over_http_never_takes_builds_away(store, tmp_path):
    for _ in range(3):
        publish(store, tmp_path, keep=2)
    for _ in range(4):
        publish_folder(tmp_path, store.backup, keep=2, by="write")
    assert snapshot_names(tmp_path) == ["000002", "000003", "000006", "000007"]
    publish(store, tmp_path, keep=2)
    assert snapshot_names(tmp_path) == ["000003", "000006", "000007", "000008"]


def test_what_a_killed_run_left_behind_is_not_served_and_is_cleared(store, tmp_path):
    say(store, "published")
    published = publish(store, tmp_path)
    store.backup(tmp_path / "snapshots" / "000002.partial")
    (tmp_path / "current.partial").write_text("0000")
    assert current_snapshot(tmp_path) == published
    publish(store, tmp_path)
    assert sorted(p.name for p in (tmp_path / "snapshots").iterdir()) == ["000001", "000002"]


def test_a_pointer_can_be_set_back_to_a_snapshot_that_is_there(store, tmp_path):
    first = publish(store, tmp_path)
    publish(store, tmp_path)
    point_to(tmp_path, first.name)
    assert current_snapshot(tmp_path) == first
    with pytest.raises(StoreError, match="no snapshot '000009'"):
        point_to(tmp_path, "000009")


@pytest.mark.parametrize("written", ["", "../store", "000001"])
def test_a_pointer_that_names_no_snapshot_is_an_error(tmp_path, written):
    (tmp_path / "current").write_text(written)
    with pytest.raises(StoreError, match="publish again"):
        current_name(tmp_path)
