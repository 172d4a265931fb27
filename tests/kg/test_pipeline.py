import datetime as dt
import io
import json
import random
import shutil

import pyoxigraph as ox
import pytest

from kg.errors import UsageError
from kg.history import History
from kg.iris import named_graph, record_graph, trial_iri
from kg.pipeline import Settings, build, remove
from kg.publish import current_name, current_snapshot, snapshot_names
from kg.resources import LEXICON
from kg.store import Store
from kg.vocab import RDFS, TKG
from loaders import LOADERS
from tests.kg.registry_records import study, versions, write_lines

CT = "clinicaltrials"
HERE = Settings(processes=1)


def run(data, *sources, settings=HERE, **options):
    return build(data, sources, LOADERS, settings=settings, **options)


def dumped(data):
    output = io.BytesIO()
    with Store.read_only(current_snapshot(data)) as store:
        store.dump(output)
    return output.getvalue()


def tables(data):
    return {path.name: path.read_bytes() for path in current_snapshot(data).glob("*.parquet")}


def fresh(tmp_path, name, *studies, **options):
    folder = tmp_path / name
    folder.mkdir()
    run(folder / "data", write_lines(folder / "in.jsonl", studies), **options)
    return dumped(folder / "data")


def said(data, subject, predicate):
    with Store.read_only(current_snapshot(data)) as store:
        return {q.object.value for q in store.engine.quads_for_pattern(subject, predicate, None)}


def test_a_record_goes_in_and_its_graph_is_published(tmp_path):
    report = run(tmp_path / "data", write_lines(tmp_path / "a.jsonl", [study(1)]))
    assert (report.read, report.written, report.rejected, report.exit_status) == (1, 1, 0, 0)
    assert report.snapshot == current_name(tmp_path / "data")
    trial = trial_iri(CT, "NCT00000001")
    assert said(tmp_path / "data", trial, TKG.registryId) == {"NCT00000001"}
    with Store.read_only(current_snapshot(tmp_path / "data")) as store:
        names = {graph.value.rsplit("/graph/")[1] for graph in store.graphs()}
    assert names == {
        "changes",
        "clinicaltrials/NCT00000001",
        "inferred",
        "lexicon",
        "ontology",
        "shared",
        "studies",
        "void",
    }


def test_no_triple_stands_in_two_graphs(tmp_path):
    run(tmp_path / "data", write_lines(tmp_path / "a.jsonl", [study(n) for n in range(1, 9)]))
    with Store.read_only(current_snapshot(tmp_path / "data")) as store:
        triples = [(q.subject, q.predicate, q.object) for q in store.engine]
    assert len(triples) == len(set(triples))


def test_a_record_with_no_change_is_not_written_again_and_nothing_is_published(tmp_path):
    source = write_lines(tmp_path / "a.jsonl", [study(1), study(2)])
    first = run(tmp_path / "data", source)
    again = run(tmp_path / "data", source)
    assert (again.unchanged, again.written, again.snapshot) == (2, 0, first.snapshot)
    assert snapshot_names(tmp_path / "data") == [first.snapshot]


def test_a_change_of_contacts_alone_is_no_change(tmp_path):
    contact = {"centralContacts": [{"name": "A. Person", "phone": "+1 555 0100"}]}
    for name, module in (("a", {}), ("b", contact)):
        record = study(1)
        record["protocolSection"]["contactsLocationsModule"] |= module
        report = run(tmp_path / "data", write_lines(tmp_path / f"{name}.jsonl", [record]))
    assert (report.unchanged, report.written) == (1, 0)
    assert b"A. Person" not in b"".join(
        path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()
    )


def test_a_later_version_replaces_an_earlier_one_and_not_the_other_way_round(tmp_path):
    new, old = study(1, title="New", updated="2026-02-01"), study(1, title="Old")
    for order in ((old, new), (new, old)):
        data = tmp_path / order[0]["protocolSection"]["identificationModule"]["briefTitle"]
        for number, one in enumerate(order):
            report = run(data, write_lines(tmp_path / f"{number}.jsonl", [one]))
        assert said(data, trial_iri(CT, "NCT00000001"), TKG.briefTitle) == {"New"}
    assert (report.superseded, report.written) == (1, 1)


def test_dates_come_from_the_sources_and_never_from_the_clock(tmp_path):
    source = write_lines(tmp_path / "a.jsonl", [study(1, updated="2026-01-05")])
    run(tmp_path / "data", source)
    trial = trial_iri(CT, "NCT00000001")
    assert said(tmp_path / "data", trial, TKG.firstSeen) == {"2026-01-05"}
    later = write_lines(tmp_path / "b.jsonl", [study(1, updated="2026-03-01")])
    run(tmp_path / "data", later, seen=dt.date(2026, 8, 22))
    assert said(tmp_path / "data", trial, TKG.firstSeen) == {"2026-01-05"}
    assert said(tmp_path / "data", trial, TKG.lastChanged) == {"2026-08-22"}


def test_the_dump_does_not_depend_on_order_halves_or_processes(tmp_path):
    studies = versions(60)
    expected = fresh(tmp_path, "once", *studies)
    assert fresh(tmp_path, "backwards", *studies[::-1]) == expected
    assert fresh(tmp_path, "pool", *studies, settings=Settings(processes=2)) == expected
    shards = Settings(processes=2, many=1)
    assert fresh(tmp_path, "shards", *studies, settings=shards) == expected
    data = tmp_path / "halves"
    for number, half in enumerate((studies[1::2], studies[::2])):
        run(data, write_lines(tmp_path / f"{number}.jsonl", half))
    assert dumped(data) == expected


def test_a_changed_lexicon_row_and_no_source_give_the_dump_of_a_fresh_build(tmp_path):
    lexicon = Settings(lexicon=(shutil.copytree(LEXICON, tmp_path / "lexicon"),), processes=1)
    source = write_lines(tmp_path / "a.jsonl", [study(n) for n in range(1, 6)])
    run(tmp_path / "data", source, settings=lexicon)
    table = tmp_path / "lexicon" / "antigen_aliases.tsv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(row for row in rows if not row.startswith("GD2\t")), encoding="utf-8")
    before = dumped(tmp_path / "data")
    report = run(tmp_path / "data", settings=lexicon)
    run(tmp_path / "fresh", source, settings=lexicon)
    assert (report.read, report.written) == (0, 5)
    assert dumped(tmp_path / "data") == dumped(tmp_path / "fresh") != before


@pytest.mark.parametrize("seed", range(2))
def test_after_random_changes_the_dump_is_that_of_a_fresh_build(tmp_path, seed):
    chance = random.Random(seed)
    kept: dict[str, dict[str, dict]] = {}
    data = tmp_path / "data"
    for step in range(4):
        batch = chance.sample(versions(12, seed=chance.random()), 8)
        for one in batch:
            registry_id = one["protocolSection"]["identificationModule"]["nctId"]
            kept.setdefault(registry_id, {})[json.dumps(one)] = one
        run(data, write_lines(tmp_path / f"{step}.jsonl", batch))
        for gone in chance.sample(sorted(kept), 2):
            assert remove(data, CT, gone) == len(kept.pop(gone))
    run(data)
    left = [one for texts in kept.values() for one in texts.values()]
    assert dumped(data) == fresh(tmp_path, "fresh", *chance.sample(left, len(left)))
    assert tables(data) == tables(tmp_path / "fresh" / "data")


def test_a_change_of_status_and_conditions_gives_dump_and_tables_of_a_fresh_build(tmp_path):
    glioma, fever = ({"conditions": [name]} for name in ("Glioblastoma", "Dengue Fever"))
    first = [*map(study, (1, 2, 3)), study(5, conditionsModule=glioma)]
    completed = {"overallStatus": "COMPLETED", "lastUpdatePostDateStruct": {"date": "2026-03-01"}}
    again = study(5, updated="2026-03-02", conditionsModule=fever)
    later = [study(2, statusModule=completed), again, study(4)]
    for number, studies in enumerate((first, later[:1], later[1:])):
        run(tmp_path / "data", write_lines(tmp_path / f"{number}.jsonl", studies))
    assert dumped(tmp_path / "data") == fresh(tmp_path, "fresh", *first, *later)
    assert tables(tmp_path / "data") == tables(tmp_path / "fresh" / "data")


def test_what_is_shared_leaves_with_the_last_record_that_links_to_it(tmp_path):
    run(tmp_path / "data", write_lines(tmp_path / "a.jsonl", [study(1), study(2)]))
    remove(tmp_path / "data", CT, "NCT00000001")
    report = run(tmp_path / "data")
    assert (report.removed, report.written) == (1, 0)
    assert dumped(tmp_path / "data") == fresh(tmp_path, "fresh", study(2))


def test_what_is_no_record_is_kept_aside_with_its_reason_and_the_rest_is_published(tmp_path):
    nameless = study(1)
    del nameless["protocolSection"]["identificationModule"]["nctId"]
    path = write_lines(tmp_path / "a.jsonl", [study(1), nameless, study(2)])
    path.write_text(path.read_text() + '{"protocolSection": torn\n')
    report = run(tmp_path / "data", path)
    assert (report.read, report.unreadable, report.records) == (4, 2, 2)
    assert report.exit_status == 3
    with History.open(tmp_path / "data" / "history.sqlite") as history:
        rejections = history.rejections()
    assert {one.origin.rsplit(" ", 2)[-2:][1] for one in rejections} == {"2", "4"}
    assert all(one.reason and one.length for one in rejections)


def test_a_record_that_does_not_conform_leaves_the_graph_and_comes_back_when_mended(tmp_path):
    run(tmp_path / "data", write_lines(tmp_path / "a.jsonl", [study(1), study(2)]))
    bad = study(1, updated="2026-02-01")
    bad["protocolSection"]["eligibilityModule"] |= {
        "minimumAge": "90 Years",
        "maximumAge": "18 Years",
    }
    report = run(tmp_path / "data", write_lines(tmp_path / "b.jsonl", [bad]))
    assert (report.records, report.rejected, report.exit_status) == (1, 1, 3)
    assert report.violations == {"Trial-minimumAgeYears-order": 1}
    assert said(tmp_path / "data", trial_iri(CT, "NCT00000001"), TKG.registryId) == set()
    assert run(tmp_path / "data").unchanged == 2
    mended = study(1, updated="2026-03-01")
    report = run(tmp_path / "data", write_lines(tmp_path / "c.jsonl", [mended]))
    assert (report.records, report.rejected, report.exit_status) == (2, 0, 0)


def test_nothing_is_published_where_nothing_can_be_read(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("{torn\n")
    report = run(tmp_path / "data", path)
    assert (report.exit_status, report.snapshot) == (1, None)
    assert current_name(tmp_path / "data") is None


def test_a_damaged_file_is_kept_aside_and_what_was_read_before_is_published(tmp_path):
    write_lines(tmp_path / "a.jsonl", [study(1)])
    (tmp_path / "b.jsonl.gz").write_bytes(b"\x1f\x8b torn")
    report = run(tmp_path / "data", tmp_path)
    assert (report.records, report.unreadable, report.exit_status) == (1, 1, 3)


def test_a_graph_that_a_killed_run_left_half_written_is_made_again(tmp_path):
    source = write_lines(tmp_path / "a.jsonl", [study(1), study(2), study(3)])
    run(tmp_path / "data", source)
    expected = dumped(tmp_path / "data")
    half = record_graph(CT, "NCT00000001")
    with (
        Store.open(tmp_path / "data" / "store") as store,
        History.open(tmp_path / "data" / "history.sqlite") as history,
    ):
        history.unsettle([(CT, "NCT00000001")])
        history.remember("published", "")
        store.replace(half, list(store.quads(half))[:5])
        store.remove(record_graph(CT, "NCT00000002"))
        store.replace(named_graph("shared"), [])
    report = run(tmp_path / "data", source)
    assert (report.written, report.unchanged) == (2, 1)
    assert dumped(tmp_path / "data") == expected


def test_without_the_store_everything_comes_back_from_the_ledger(tmp_path):
    run(tmp_path / "data", write_lines(tmp_path / "a.jsonl", versions(9)))
    expected = dumped(tmp_path / "data")
    shutil.rmtree(tmp_path / "data" / "store")
    assert run(tmp_path / "data").written == 9
    assert dumped(tmp_path / "data") == expected


def test_the_report_counts_what_is_dropped_unknown_and_violated(tmp_path):
    odd = study(1)
    odd["protocolSection"]["designModule"]["phases"] = ["PHASE9"]
    odd["protocolSection"]["designModule"]["novelty"] = {"of": "2027"}
    report = run(tmp_path / "data", write_lines(tmp_path / "a.jsonl", [odd, study(2)]))
    assert report.fields_dropped == {"/protocolSection/designModule/phases/*": 1}
    assert list(report.unknown_keys.values()) == [1]
    (path,) = (tmp_path / "data" / "runs").iterdir()
    assert json.loads(path.read_bytes())["fields_dropped"] == report.fields_dropped


def test_a_table_that_makes_a_shared_graph_wrong_is_told_until_it_is_mended(tmp_path):
    lexicon = Settings(lexicon=(shutil.copytree(LEXICON, tmp_path / "lexicon"),), processes=1)
    table = tmp_path / "lexicon" / "antigens.tsv"
    right = table.read_text(encoding="utf-8")
    row = next(line for line in right.splitlines() if line.startswith("DLL3\t"))
    kind = row.split("\t")[2]
    table.write_text(
        right.replace(row, row.replace(f"\t{kind}\t", "\tRecruiting\t")), encoding="utf-8"
    )
    source = write_lines(tmp_path / "a.jsonl", [study(1)])
    for number in range(2):
        report = run(tmp_path / "data", *[source][number:], settings=lexicon)
        assert (report.rejected, report.records, report.exit_status) == (1, 1, 3)
        assert report.violations == {"Antigen-antigenKind": 1}
    table.write_text(right, encoding="utf-8")
    assert run(tmp_path / "data", settings=lexicon).exit_status == 0


def test_an_unknown_registry_names_those_there_are(tmp_path):
    with pytest.raises(UsageError, match=r"there are: .*clinicaltrials"):
        run(tmp_path / "data", registry="none")


def test_without_sources_and_records_there_is_nothing_to_build(tmp_path):
    with pytest.raises(UsageError, match="no records yet"):
        run(tmp_path / "data")


def test_labels_of_shared_nodes_survive_the_record_that_brought_them(tmp_path):
    both = [study(1, title="A"), study(22, title="B")]
    run(tmp_path / "data", write_lines(tmp_path / "a.jsonl", both))
    remove(tmp_path / "data", CT, "NCT00000001")
    run(tmp_path / "data")
    with Store.read_only(current_snapshot(tmp_path / "data")) as store:
        shared = store.engine.quads_for_pattern(None, RDFS.label, None, named_graph("shared"))
        labels = {quad.object.value for quad in shared if isinstance(quad.object, ox.Literal)}
    assert labels


def test_the_changes_of_a_record_are_told_whatever_came_first_and_leave_with_it(tmp_path):
    old, new = study(1, title="Old"), study(1, title="New", updated="2026-02-01")
    data = tmp_path / "data"
    for number, one in enumerate((new, old, new)):
        run(data, write_lines(tmp_path / f"{number}.jsonl", [one, study(2)]))
    trial = trial_iri(CT, "NCT00000001")
    with Store.read_only(current_snapshot(data)) as store:
        found = store.engine.quads_for_pattern(None, TKG.ofTrial, trial, named_graph("changes"))
        kinds = {
            kind.object.value.rsplit("#")[1]: kind.subject
            for event in found
            for kind in store.engine.quads_for_pattern(event.subject, TKG.changeType, None)
        }
    assert kinds.keys() == {"RecordAdded", "TitleChanged"}
    assert said(data, kinds["TitleChanged"], TKG.before) == {"Old"}
    assert said(data, kinds["TitleChanged"], TKG.after) == {"New"}
    with History.open(data / "history.sqlite") as history:
        history.mark_withdrawn(CT, "NCT00000001", dt.date(2026, 9, 1))
    assert run(data).written == 1
    assert said(data, trial, TKG.withdrawnSince) == {"2026-09-01"}
    remove(data, CT, "NCT00000001")
    run(data)
    assert dumped(data) == fresh(tmp_path, "fresh", study(2))
