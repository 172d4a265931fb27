"""A data folder is kept current with a server that behaves as the registry's, on bad days too."""

import datetime as dt
import io
import json
import pkgutil
import subprocess
import sys
import threading

import pytest

import loaders
from kg.cli import refresh as command_line
from kg.errors import ServerError
from kg.history import History
from kg.iris import trial_iri
from kg.pipeline import Settings, build
from kg.publish import current_name, current_snapshot
from kg.refresh import refresh, refresh_from_archive
from kg.refresh.archive import read_archive
from kg.refresh.run import fetch, settle
from kg.store import Store
from kg.vocab import TKG
from loaders import LOADERS
from loaders.clinicaltrials_api import Manners, Server, glance
from tests.kg.registry_records import study, write_lines
from tests.replay.registry import Registry, archive, served

CT = "clinicaltrials"
HERE = Settings(processes=1)


@pytest.fixture
def registry():
    made = Registry([study(n, updated=f"2026-08-{10 + n}") for n in range(1, 6)])
    made.page = 2
    with served(made) as made.address:
        yield made


def server(registry):
    return Server(registry.address, Manners(rate=1e6, timeout=60, sleep=lambda _: None))


def run(data, registry, **options):
    with server(registry) as asked:
        return refresh(data, asked, CT, LOADERS, settings=HERE, **options)


def fetched(data, registry, query="", most=None):
    """What `run` does but publishing, which is the longer part."""
    with server(registry) as asked:
        found = fetch(data, asked, LOADERS[CT], query, None, most)
    settle(data, found)
    return found.report


def dumped(data):
    output = io.BytesIO()
    with Store.read_only(current_snapshot(data)) as store:
        store.dump(output)
    return output.getvalue()


def events(data, number):
    trial = trial_iri(CT, f"NCT{number:08d}")
    with Store.read_only(current_snapshot(data)) as store:
        found = store.engine.quads_for_pattern(None, TKG.ofTrial, trial)
        types = (store.engine.quads_for_pattern(q.subject, TKG.changeType, None) for q in found)
        return {kind.object.value.rsplit("#")[1] for each in types for kind in each}


def counts(report):
    return (report.fetched, report.changed, report.unchanged, report.failed)


def retitled(number, day):
    return study(number, updated=day, title=f"Another title of study {number}")


def withdrawn(data):
    with History.open(data / "history.sqlite") as history:
        return {one.registry_id: str(one.withdrawn) for one in history.shown() if one.withdrawn}


def test_a_folder_follows_its_registry(tmp_path, registry):
    data = tmp_path / "data"
    first = run(data, registry)
    assert (counts(first), first.since, first.exit_status) == ((5, 5, 0, 0), None, 0)
    assert first.build.written == 5

    asked = len(registry.asked)
    again = run(data, registry)
    assert (counts(again), again.build, again.exit_status) == ((0, 0, 0, 0), None, 0)
    assert [path for path, _ in registry.asked[asked:]] == ["/version"]
    assert again.snapshot == first.snapshot

    registry.put(retitled(2, "2026-08-22"), study(6, updated="2026-08-23"))
    del registry.studies["NCT00000003"]
    registry.version = "2026-08-23T09:00:05"
    second = run(data, registry)
    assert (second.since, second.checked) == ("2026-08-21", True)
    assert (counts(second), second.withdrawn, second.build.written) == ((2, 2, 0, 0), 1, 3)
    assert "TitleChanged" in events(data, 2)
    assert "RecordWithdrawn" in events(data, 3)
    assert withdrawn(data) == {"NCT00000003": "2026-08-23"}

    registry.put(study(3, updated="2026-08-25"))
    registry.version = "2026-08-25T09:00:05"
    third = fetched(data, registry)
    assert (third.withdrawn, third.returned, withdrawn(data)) == (0, 1, {})


def test_a_record_that_only_left_the_query_is_not_withdrawn(tmp_path, registry):
    data = tmp_path / "data"
    assert fetched(data, registry, "another").fetched == 0
    registry.put(retitled(1, "2026-08-22"), retitled(2, "2026-08-22"))
    registry.version = "2026-08-23T09:00:05"
    assert fetched(data, registry, "another").changed == 2
    registry.put(study(1, updated="2026-08-24"))
    registry.version = "2026-08-25T09:00:05"
    left = fetched(data, registry, "another")
    assert (left.checked, left.withdrawn, left.unfetched) == (True, 0, 0)


def test_each_query_goes_on_from_its_own_last_refresh(tmp_path, registry):
    data = tmp_path / "data"
    assert fetched(data, registry).fetched == 5
    other = fetched(data, registry, "GD2")
    assert (other.since, counts(other)) == (None, (1, 0, 1, 0))


def test_a_run_that_breaks_off_is_gone_on_with_at_its_page(tmp_path, registry):
    data = tmp_path / "data"
    registry.faults = dict.fromkeys(range(2, 99), "broken")
    with pytest.raises(ServerError, match="run it again"):
        fetched(data, registry)
    registry.faults = {}
    asked = len(registry.asked)
    report = fetched(data, registry)
    assert report.resumed
    assert counts(report) == (5, 5, 0, 0)
    pages = [asked for path, asked in registry.asked[asked:] if path == "/studies"]
    assert len(pages) == 2
    assert all("pageToken" in one for one in pages)


def test_a_range_whose_token_expired_is_begun_anew(tmp_path, registry):
    registry.faults = {3: "expired"}
    report = fetched(tmp_path / "data", registry)
    assert (counts(report), report.began_anew) == ((5, 5, 0, 0), 1)


def test_data_of_another_day_begin_a_broken_range_anew(tmp_path, registry):
    data = tmp_path / "data"
    registry.faults = dict.fromkeys(range(2, 99), "broken")
    with pytest.raises(ServerError):
        fetched(data, registry)
    registry.faults, registry.version = {}, "2026-08-23T09:00:05"
    registry.put(retitled(1, "2026-08-23"))
    report = fetched(data, registry)
    assert (report.resumed, report.fetched, report.began_anew) == (False, 5, 1)
    # Both versions of the first record are kept; a record that changed counts once.
    assert report.changed == 5
    with History.open(data / "history.sqlite") as history:
        assert history.count() == (5, 6)


def test_tokens_that_never_hold_end_in_an_error(tmp_path, registry):
    registry.faults = {2 * n + 2: "expired" for n in range(9)}
    with pytest.raises(ServerError, match="again and again"):
        fetched(tmp_path / "data", registry)


def test_a_registry_that_seems_empty_is_not_believed(tmp_path, registry):
    data = tmp_path / "data"
    fetched(data, registry)
    registry.studies.clear()
    registry.version = "2026-08-23T09:00:05"
    report = fetched(data, registry, most=4)
    report.snapshot = "000001"
    report.finish()
    assert (report.withdrawn, report.doubtful, report.exit_status) == (0, 5, 3)
    registry.version = "2026-08-24T09:00:05"
    assert fetched(data, registry, most=5).withdrawn == 5
    assert set(withdrawn(data).values()) == {"2026-08-24"}


def test_a_record_that_cannot_be_read_is_told_and_the_others_go_on(tmp_path, registry):
    registry.put(unreadable())
    report = fetched(tmp_path / "data", registry)
    assert counts(report) == (6, 5, 0, 1)
    with History.open(tmp_path / "data" / "history.sqlite") as history:
        (told,) = history.rejections()
    assert "'NCT7'" in told.reason


def unreadable():
    broken = study(7)
    broken["protocolSection"]["identificationModule"]["nctId"] = "NCT7"
    return broken


def packed(tmp_path, registry):
    path = tmp_path / "all.zip"
    path.write_bytes(archive(registry.studies.values()))
    return path


def test_an_archive_is_read_for_what_changed_and_what_it_lacks(tmp_path, registry):
    data = tmp_path / "data"

    def from_zip(**options):
        return read_archive(data, packed(tmp_path, registry), LOADERS, CT, glance, **options)[1]

    day = dt.date(2026, 8, 24)
    assert counts(from_zip(seen=dt.date(2026, 8, 22))) == (5, 5, 0, 0)
    registry.put(retitled(2, "2026-08-23"))
    del registry.studies["NCT00000003"]
    changed = from_zip(seen=day)
    assert (counts(changed), changed.withdrawn) == ((4, 1, 3, 0), 1)
    assert withdrawn(data) == {"NCT00000003": "2026-08-24"}

    # What differs without an update is found only by reading all.
    registry.put(study(4, updated="2026-08-14", summary="DLL3 CAR-NK cells, in other words."))
    assert from_zip(seen=day).changed == 0
    assert from_zip(seen=day, thorough=True).changed == 1


def test_the_server_goes_on_from_the_day_of_an_archive(tmp_path, registry):
    data, path = tmp_path / "data", packed(tmp_path, registry)
    day = dt.date(2026, 8, 22)
    first = refresh_from_archive(data, path, CT, LOADERS, glance, seen=day, settings=HERE)
    assert (first.build.written, first.exit_status) == (5, 0)
    again = refresh_from_archive(data, path, CT, LOADERS, glance, seen=day, settings=HERE)
    assert (counts(again), again.build, again.exit_status) == ((5, 0, 5, 0), None, 0)
    registry.version = "2026-08-25T09:00:05"
    report = fetched(data, registry)
    assert (report.since, report.fetched, report.withdrawn) == ("2026-08-21", 0, 0)


def test_an_archive_that_is_downloaded_has_no_name_on_the_disk_and_is_read(tmp_path, registry):
    data, address = tmp_path / "data", f"{registry.address}/archive.zip"
    with server(registry) as asked, command_line._at_hand(data, asked, address) as file:
        # A run that is killed leaves nothing, since contacts of people stand in it.
        assert list(data.iterdir()) == []
        report = read_archive(data, file, LOADERS, CT, glance, source=address)[1]
    assert (counts(report), report.source) == ((5, 5, 0, 0), address)


def test_an_archive_with_a_damaged_part_marks_nothing(tmp_path, registry):
    data = tmp_path / "data"
    fetched(data, registry)
    del registry.studies["NCT00000003"]
    registry.put(unreadable())
    report = read_archive(data, packed(tmp_path, registry), LOADERS, CT, glance)[1]
    assert (report.failed, report.withdrawn, report.checked) == (1, 0, False)


def test_a_refresh_that_is_killed_is_gone_on_with(tmp_path, registry):
    data = tmp_path / "data"
    registry.faults = {3: "stalls"}
    registry.reached = {3: threading.Event()}
    command = [
        sys.executable, "-c", "from kg.cli import main; main()", "refresh", "--data", str(data),
        "--base-url", registry.address, "--rate", "100", "--processes", "1", "--json",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as killed:
        assert registry.reached[3].wait(300)
        killed.kill()
    assert current_name(data) is None
    registry.faults = {}
    done = subprocess.run(command, capture_output=True, check=True)
    report = json.loads(done.stdout)
    assert (report["resumed"], report["fetched"], report["changed"]) == (True, 5, 5)

    # What is published is what a build of the same records gives.
    source = write_lines(tmp_path / "all.jsonl", registry.studies.values())
    build(tmp_path / "other", [source], LOADERS, seen=dt.date(2026, 8, 22), settings=HERE)
    assert dumped(data) == dumped(tmp_path / "other")


def test_every_registry_whose_server_we_know_is_offered():
    found = {one.name for one in pkgutil.iter_modules(loaders.__path__)}
    fetched = {name.removesuffix("_api") for name in found if name.endswith("_api")}
    assert fetched == set(command_line._FETCHED) == {CT}
