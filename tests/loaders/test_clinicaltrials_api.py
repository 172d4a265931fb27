"""What is asked of the registry's server, and what becomes of its bad days. Nobody waits."""

import datetime as dt
import io
import zipfile
from dataclasses import replace

import pytest

from kg.errors import ServerError, TokenExpired, UsageError
from kg.records import RawRecord
from loaders.clinicaltrials_api import Manners, Server, glance
from tests.kg.registry_records import study
from tests.replay.registry import Registry, nct_id, served

NOW = dt.datetime(2026, 8, 22, 12, 0, 0, tzinfo=dt.UTC)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self):
        self.slept = []
        self.time = 0.0

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def registry():
    made = Registry(study(n, updated=f"2026-08-{n:02d}") for n in range(1, 8))
    made.page = 3
    with served(made) as made.address:
        yield made


@pytest.fixture
def manners(clock):
    return Manners(rate=1e6, timeout=60, sleep=clock.sleep, clock=clock, now=lambda: NOW)


@pytest.fixture
def server(registry, manners):
    with Server(registry.address, manners) as opened:
        yield opened


def everything(server, query="", since=None):
    token, found = None, []
    while True:
        page = server.page(query, since, token)
        found += [glance(one)[0] for one in page.records]
        token = page.token
        if token is None:
            return found


def ids(*numbers):
    return [f"NCT{number:08d}" for number in numbers]


def test_pages_are_asked_for_with_the_token_of_the_one_before(server, registry):
    assert everything(server) == ids(1, 2, 3, 4, 5, 6, 7)
    first, second, third = (asked for _, asked in registry.asked)
    assert first["countTotal"] == "true"
    assert "pageToken" not in first
    apart = {"countTotal", "pageToken"}
    for later in (second, third):
        assert {k: v for k, v in later.items() if k not in apart} == {
            k: v for k, v in first.items() if k not in apart
        }
    assert second["pageToken"] != third["pageToken"]
    assert int(first["pageSize"]) == 1000


def test_the_first_page_counts_all(server):
    assert (server.page("", None, None).total, server.count("")) == (7, 7)


def test_a_day_is_asked_for_as_a_range_of_last_updates(server, registry):
    assert everything(server, since=dt.date(2026, 8, 6)) == ids(6, 7)
    assert registry.asked[0][1]["filter.advanced"] == (
        "AREA[LastUpdatePostDate]RANGE[2026-08-06,MAX]"
    )


def test_a_query_is_passed_on_as_it_stands(server, registry):
    assert everything(server, query="GD2 CAR-NK & more=?#") == []
    assert registry.asked[0][1]["query.term"] == "GD2 CAR-NK & more=?#"
    assert everything(server, query="gd2") == ids(2, 6)


def test_only_what_is_read_is_asked_for(server, registry):
    registry.put(study(8) | {"resultsSection": {"big": "x"}, "hasResults": True})
    server_page = [one.content for one in server.page("NCT00000008", None, None).records]
    assert b"resultsSection" not in server_page[0]
    assert b"hasResults" in server_page[0]


def test_identifiers_are_listed_and_asked_for(server):
    assert [one for page in server.ids("") for one in page] == ids(1, 2, 3, 4, 5, 6, 7)
    assert server.given(ids(2, 9)) == {"NCT00000002"}


def test_many_identifiers_are_asked_for_in_addresses_of_bearable_length(server, registry):
    registry.page = 1000
    assert server.given(ids(*range(1, 1200))) == set(ids(1, 2, 3, 4, 5, 6, 7))
    assert [len(asked["filter.ids"].split(",")) for _, asked in registry.asked] == [500, 500, 199]


def test_the_data_version_is_the_time_that_the_registry_tells(server, registry):
    assert server.data_version() == dt.datetime(2026, 8, 22, 9, 0, 5)  # noqa: DTZ001 - as it is told
    registry.version = "last week"
    with pytest.raises(ServerError, match="last week"):
        server.data_version()


def test_the_server_is_told_who_asks(server, registry):
    server.count("")
    (agent,) = registry.agents
    assert "trialkg" in agent


@pytest.mark.parametrize(
    ("fault", "waited"),
    [
        ("reset", 1.0),
        ("busy", 7.0),
        ("busy_until", 30.0),
        ("broken", 1.0),
        ("truncated", 1.0),
        ("cut_off", 1.0),
    ],
)
def test_what_fails_for_a_moment_is_asked_again(server, registry, clock, fault, waited):
    registry.faults = {1: fault}
    assert everything(server) == ids(1, 2, 3, 4, 5, 6, 7)
    assert [one for one in clock.slept if one >= 0.5] == [waited]
    assert server.repeated == 1


def test_waits_double_and_end(server, registry, clock):
    registry.faults = dict.fromkeys(range(99), "broken")
    with pytest.raises(ServerError, match=r"status 500.*run it again"):
        server.count("")
    assert [one for one in clock.slept if one >= 0.5] == [1, 2, 4, 8, 16, 32, 64]


def test_a_server_that_wants_days_is_not_waited_for(server, registry, clock):
    registry.faults = {0: "busy_for_days"}
    with pytest.raises(ServerError, match="604,800 s"):
        server.count("")
    assert [one for one in clock.slept if one >= 0.5] == []


def test_an_expired_token_is_told_apart_from_a_query_that_is_refused(server, registry):
    token = server.page("", None, None).token
    registry.version = "2026-08-23T09:00:05"
    with pytest.raises(TokenExpired):
        server.page("", None, token)
    registry.faults = {2: "refused"}
    with pytest.raises(ServerError, match=r"incorrect syntax \[2J") as refused:
        server.page("AREA[", None, None)
    assert not isinstance(refused.value, TokenExpired)
    assert "\x1b" not in str(refused.value)


def test_a_redirect_is_refused(server, registry):
    registry.faults = {0: "elsewhere"}
    with pytest.raises(ServerError, match=r"127\.0\.0\.1:9.*not followed"):
        server.count("")
    assert len(registry.asked) == 1


def test_a_gigantic_answer_is_not_read(registry, manners):
    registry.faults = {0: "endless"}
    small = replace(manners, largest=2**22)
    with Server(registry.address, small) as server, pytest.raises(ServerError, match="4,194,304"):
        server.count("")


def test_an_answer_that_stalls_is_given_up_and_asked_again(registry, manners):
    registry.faults = {0: "stalls"}
    quick = replace(manners, timeout=0.5)
    with Server(registry.address, quick) as server:
        assert server.count("") == 7
        # A busy machine may stall besides.
        assert server.repeated >= 1


def test_an_answer_that_drips_is_given_up_after_its_time(registry, manners, clock):
    registry.faults = {0: "endless"}

    def hours():
        clock.time += 3600 if len(registry.asked) == 1 else 0
        return clock.time

    with Server(registry.address, replace(manners, clock=hours, rate=9)) as server:
        assert server.count("") == 7
        assert server.repeated == 1


def test_each_wait_is_told_of(registry, manners):
    registry.faults, told = {0: "busy"}, []
    with Server(registry.address, replace(manners, tell=told.append)) as server:
        server.count("")
    assert told == [f"{registry.address}: status 429; asked again in 7 s"]


def test_requests_are_no_more_than_the_rate(registry, manners, clock):
    with Server(registry.address, replace(manners, rate=0.5)) as server:
        everything(server)
    assert clock.slept == [2.0, 2.0]


def test_what_is_no_address_is_refused():
    for base in ("file:///etc/passwd", "clinicaltrials.gov", ""):
        with pytest.raises(UsageError, match="no address"):
            Server(base)


def test_an_archive_is_downloaded_whole_or_again(server, registry):
    registry.faults = {0: "reset"}
    file = io.BytesIO()
    server.download(f"{registry.address}/archive.zip", file)
    with zipfile.ZipFile(file) as opened:
        assert [name.removesuffix(".json") for name in opened.namelist()] == [*registry.studies]


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"protocolSection":{}}', b"\xff"])
def test_a_glance_at_what_is_no_study_tells_nothing(content):
    assert glance(RawRecord(content=content, origin="here")) is None


def test_the_server_of_the_tests_gives_whole_records_under_their_own_identifier(registry):
    assert all(name == nct_id(one) for name, one in registry.studies.items())
