"""The page of a trial: what it says beside the record, and what it explains."""

import datetime as dt
import gzip
import itertools
import json

import msgspec
import pytest

from kg.api.claims import compared
from kg.api.criteria import Item, nested, outlined
from kg.api.terms import explaining, terms
from kg.api.trial_page import trial_page
from kg.query.marking import warnings
from kg.query.trial import (
    Change,
    Claim,
    Criterion,
    Date,
    Identity,
    Link,
    OtherRecord,
    Study,
    Trial,
    Use,
)
from kg.query.triples import Named
from kg.resources import EXAMPLES, WEB
from kg.vocab import TKG
from loaders import LOADERS

IRI = "https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001"


def named(label, iri="https://w3id.org/trialkg/trial/ctis/2024-500000-11-00"):
    return Named(iri=iri, curie="", label=label)


@pytest.fixture(scope="module")
def trial(server):
    body = server.get("/trial/clinicaltrials/NCT00000001.json").content
    return msgspec.json.decode(body, type=Trial)


def text(trial, **changes):
    return trial_page(msgspec.structs.replace(trial, **changes)).body.decode()


def test_a_list_in_a_criterion_is_a_list():
    split = nested("One of the following: a. bleeding of grade 3; b. thrombosis")
    below = (Item("bleeding of grade 3"), Item("thrombosis"))
    assert split == Item("One of the following:", below)
    said = nested("Either 1) ALT high, or 2) AST high").items
    assert [one.text for one in said] == ["ALT high, or", "AST high"]
    assert nested("Liver: • ALT high; • AST high") == Item(
        "Liver:", (Item("ALT high"), Item("AST high"))
    )
    assert nested("1. Age over 18") == Item("Age over 18")


@pytest.mark.parametrize(
    "words",
    [
        "ECOG 0-1",
        "Hepatitis b. Or hepatitis C",
        "grade 2. and 1. and 3.",
        "version 1.1 of RECIST",
        "",
    ],
)
def test_words_that_are_no_list_stay_whole(words):
    assert nested(words) == Item(words)


def criterion(order, text, parent=None, polarity=TKG.Inclusion):
    name = polarity.value.rpartition("#")[2] if polarity else ""
    kind = Named(iri="", curie=f"tkg:{name}", label=name) if polarity else None
    return Criterion(text=text, polarity=kind, order=order, parent=parent)


def test_criteria_stand_under_the_one_that_they_belong_to(trial):
    told = (
        criterion(1, "Organ function:"),
        criterion(2, "liver: a. ALT low; b. AST low", 1),
        criterion(3, "kidney", 1),
        criterion(4, "Age 18"),
        criterion(5, "Infection", polarity=TKG.Exclusion),
        criterion(6, "no heading", polarity=None),
    )
    liver = Item("liver:", (Item("ALT low"), Item("AST low")))
    assert outlined(told) == [
        ("Inclusion", (Item("Organ function:", (liver, Item("kidney"))), Item("Age 18"))),
        ("Exclusion", (Item("Infection"),)),
        ("Not sorted by the record", (Item("no heading"),)),
    ]
    page = "".join(text(trial, criteria=told).split("\n"))
    assert "<li>Organ function:<ul><li>liver:<ul><li>" in page


def test_no_criterion_is_lost_however_deep_the_record_goes():
    def count(items):
        return sum(1 + count(one.items) for one in items)

    def depth(items):
        return max((1 + depth(one.items) for one in items), default=0)

    told = [criterion(1, "0"), *(criterion(n, str(n), n - 1) for n in range(2, 500))]
    ((_, items),) = outlined(told)
    assert count(items) == len(told)
    assert depth(items) < 10


def test_abbreviations_are_explained_with_a_source_and_the_text_stays_the_same():
    explain = explaining(None)
    words = "ECOG 0-1, no CRS; <b>ICANS</b> (ECOGs)"
    pieces = explain(words)
    assert "".join(piece for piece, _ in pieces) == words
    meant = {piece: meaning for piece, meaning in pieces if meaning}
    assert set(meant) == {"ECOG", "CRS", "ICANS"}
    assert "doi:" in meant["CRS"]


def test_every_term_names_a_source_that_there_is():
    told = terms()
    assert {source for _, source in told.terms.values()} == set(told.sources)


@pytest.mark.parametrize(
    ("precision", "claimed", "differs"),
    [
        ("month", "2020-05-17", False),
        ("month", "2020-06-01", True),
        ("year", "2020-12-01", False),
        ("day", "2020-05-17", True),
        ("day", "2020-05", False),
        ("day", "2020-06", True),
        ("month", "2020", False),
        ("year", "2020-12", False),
    ],
)
def test_a_date_is_compared_as_exactly_as_both_give_it(trial, precision, claimed, differs):
    start = Date(day=dt.date(2020, 5, 1), precision=precision, date_type=None)
    dated = msgspec.structs.replace(trial, dates={"startDate": start})
    other = OtherRecord(
        iri="urn:x",
        source="x",
        standing=None,
        page=None,
        last_updated=None,
        sites=0,
        claims=(Claim(about="start", value=claimed),),
        statements=(),
    )
    assert [one.differs for one in compared(dated, other)] == [differs]


def test_what_another_source_claims_stands_beside_the_registry(trial):
    other = OtherRecord(
        iri="https://w3id.org/trialkg/source/pages/NCT00000001",
        source="pages",
        standing=named("page about a trial"),
        page="javascript:alert(1)",
        last_updated=dt.date(2026, 1, 1),
        claims=(
            Claim(about="title", value=(trial.brief_title or "").upper()),
            Claim(about="status", value="<b>closed</b>"),
            Claim(about="identifier", value="X-1"),
        ),
        sites=0,
        statements=(),
    )
    first, *others = compared(trial, other)
    assert (first.about, first.differs) == ("status", True)
    assert [one.differs for one in others] == [False, False]
    page = text(trial, other_records=(other,))
    assert "Differs from the registry in status" in page
    assert "&lt;b&gt;closed&lt;/b&gt;" in page
    assert "javascript:" not in page.split("What other sources say")[1]


def test_nothing_is_compared_with_the_copy_that_stands_in_for_the_record(trial):
    said = (Claim(about="title", value="Another title"),)
    copy, page = (
        OtherRecord(
            iri=f"https://w3id.org/trialkg/source/{source}/NCT00000001",
            source=source,
            standing=None,
            page=None,
            last_updated=None,
            claims=said,
            sites=0,
            statements=(),
        )
        for source in ("ictrp", "pages")
    )
    shown = msgspec.structs.replace(trial, copied_from="ictrp")
    assert [one.differs for one in compared(shown, copy)] == [False]
    assert [one.differs for one in compared(shown, page)] == [True]
    told = text(shown, other_records=(copy, page)).split("What other sources say")[1]
    of_copy, of_page = told.split("pages", 1)
    assert "this page rests on this copy" in of_copy
    assert "At the registry" not in of_copy
    assert "In the copy" not in of_copy
    assert "Differs from the copy that this page rests on in title" in of_page
    assert "In the copy" in of_page


def test_study_links_and_history_are_told_newest_first(trial):
    change = {"kind": named("status changed"), "property": None, "what": None}
    events = tuple(
        Change(
            iri=f"{IRI}/change/{day}",
            before="recruiting",
            after=f"after {day}",
            seen=dt.date.fromisoformat(day),
            registry_date=None,
            **change,
        )
        for day in ("2026-05-02", "2026-05-01")
    )
    other = named("2024-500000-11-00: The same")
    identity = Identity(members=(other,), reason="each names the other", score=1.0, verdict=None)
    page = text(
        trial,
        changes=events,
        study=Study(iri=f"{IRI}/s", registrations=(other,), identity=(identity,)),
        links=(Link(kind="follow-up of", trial=named("NCT00000002")),),
    )
    assert page.index("after 2026-05-02") < page.index("after 2026-05-01")
    assert "<del>recruiting</del>" in page
    assert "2024-500000-11-00: The same" in page
    assert "each names the other" in page
    assert "Follow-up of <a" in page


def test_withdrawal_and_copies_are_in_plain_view(trial):
    copy = Named(iri=TKG.CopyOfRecord.value, curie="tkg:CopyOfRecord", label="copy of a record")
    changed = msgspec.structs.replace(trial, withdrawn_since=dt.date(2026, 5, 1), standing=copy)
    notes = warnings(changed)
    assert any("2026-05-01" in note for note in notes)
    assert any(note.startswith("A copy") for note in notes)
    page = trial_page(changed).body.decode()
    assert all(note.split(":")[0] in page for note in notes)


def test_each_fact_names_its_field(trial):
    page = text(trial)
    assert "/protocolSection/statusModule/overallStatus" in page
    assert 'href="#from"' in page


# Source -> where its records stand, and the loader that reads them.
RECORDS = {
    "clinicaltrials": ("ctgov/ctgov_v2.jsonl.gz", "clinicaltrials"),
    "chictr": ("chictr/chictr_detail_page.html.gz", "chictr"),
    "ctis": ("eu_ctis/ctis_records.jsonl.gz", "ctis"),
    "euclinicaltrials": ("eu_ctr/euctr_records.jsonl.gz", "euclinicaltrials_json"),
    "ictrp": ("who_ictrp/ictrp_export_2020-03-18.xml.gz", "ictrp"),
    "isrctn": ("isrctn/isrctn_records.jsonl.gz", "isrctn_json"),
}


# What JSON made of the XML of ISRCTN leaves out: attributes, and what stands beside the trial.
ONLY_XML = {"/trial/isrctn/@dateAssigned", "/trial/@lastUpdated", "/sponsor"}


def paths(value, path=""):
    yield path
    if isinstance(value, dict):
        for key, below in value.items():
            yield from paths(below, f"{path}/{key}")
    if isinstance(value, list):
        for below in value:
            yield from paths(below, path)


@pytest.mark.parametrize("source", json.loads((WEB / "fields.json").read_bytes()))
def test_a_field_that_is_named_is_one_of_a_record(shared, source):
    place, name = RECORDS[source]
    loader = LOADERS[name]
    with gzip.open(shared / "data" / place) as stream:
        raw = list(itertools.islice(loader.read(stream, place), 60))
    contents = [json.loads(loader.version(one).content) for one in raw]
    examples = sorted((EXAMPLES / "elsewhere").glob(f"{source}*.json"))
    contents += [json.loads(one.read_bytes()) for one in examples]
    known = {path for content in contents for path in paths(content)}
    fields = json.loads((WEB / "fields.json").read_bytes())[source]
    assert set(fields.values()) <= known | ONLY_XML


def test_a_copy_names_the_fields_of_its_source(trial):
    page = text(trial, copied_from="ictrp")
    assert "/Recruitment_Status" in page
    assert "/protocolSection/statusModule/overallStatus" not in page.split("Why it is believed")[0]


def used(trial, role):
    (construct,) = {one.label for one in trial.constructs}
    return (
        Use(
            arm=None,
            intervention=None,
            construct=construct,
            role=named(role.value.rpartition("#")[2], role.value),
            dose_text=None,
            route=None,
            schedule=None,
            findings=(),
        ),
    )


def test_a_partner_is_not_said_to_be_tested(trial):
    tested = text(trial, uses=used(trial, TKG.ExperimentalRole))
    assert "<h2>What is tested</h2>" in tested
    assert "beside it" not in tested
    beside = text(trial, uses=used(trial, TKG.PartnerRole))
    assert "<h2>What is tested</h2>" not in beside
    assert "no construct recognised as what is tested" in beside
    assert "(PartnerRole)" in beside


def test_a_page_that_did_not_change_is_not_sent_again(server):
    for path in ("/", "/trial/clinicaltrials/NCT00000001.html"):
        first = server.get(path)
        assert first.status_code == 200
        again = server.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert server.get(path).content == first.content
