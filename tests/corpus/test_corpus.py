"""The real records as a whole, or a seeded sample of them: `TRIALKG_CORPUS=whole` takes all."""

import io
import json
import re
from collections import Counter

import pyoxigraph as ox
import pytest

from kg.history import History
from kg.pipeline import Settings, build
from kg.publish import current_snapshot
from kg.store import Store
from kg.vocab import OA, PREFIXES, RDF, TKG
from loaders import LOADERS
from tests.corpus.corpus import WHOLE, build_corpus, last_update, load, pointed
from tests.corpus.filled import count, read_table

DISTINCT_STUDIES = 3048
SEED_ROWS = [
    ("NCT07366658", 1),
    ("NCT07480213", 2),
    ("NCT07744256", 2),
]
SEED = """
SELECT DISTINCT ?id ?construct ?label WHERE {
  ?trial tkg:registryId ?id ; tkg:investigates ?construct ;
         tkg:site [ tkg:country country:CN ; tkg:openForEnrolment true ] .
  ?construct a tkg:NKCellTherapy ; tkg:targets antigen:DLL3 ; rdfs:label ?label .
}
"""
QUOTES = """
SELECT ?id ?construct ?antigen ?field ?exact ?start ?end WHERE {
  ?finding rdf:predicate tkg:targets ; rdf:subject ?construct ; rdf:object ?antigen ;
           tkg:inTrial/tkg:registryId ?id ; tkg:evidence ?quote .
  ?quote tkg:field ?field ; oa:exact ?exact ; oa:start ?start ; oa:end ?end .
}
"""
MASK = "█"
# A term with as many statements over the whole corpus is in every fair sample.
COMMON = 400


@pytest.fixture(scope="module")
def corpus(shared):
    return load(shared, whole=WHOLE)


@pytest.fixture(scope="module")
def built(corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    return folder / "data", build_corpus(corpus, folder)


@pytest.fixture(scope="module")
def store(built):
    with Store.read_only(current_snapshot(built[0])) as opened:
        yield opened


@pytest.fixture(scope="module")
def rejections(built):
    with History.open(built[0] / "history.sqlite") as history:
        return history.rejections()


def select(store, query):
    return store.engine.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=True)


def values(store, predicate, graph=None):
    for quad in store.engine.quads_for_pattern(None, predicate, None, graph):
        yield quad.subject, quad.object.value


def test_every_record_is_in_the_graph_or_kept_aside_with_a_reason(corpus, built, store, rejections):
    _, report = built
    shown = {text for _, text in values(store, TKG.registryId)}
    aside = {one.registry_id for one in rejections}
    assert shown | aside == corpus.shown.keys()
    assert not shown & aside
    assert all(one.reason for one in rejections)
    assert report.read == len(corpus.lines)
    assert report.records + report.rejected == len(corpus.shown)
    print(f"{report.records} in the graph, {report.rejected} kept aside")
    for one in rejections:
        print(f"  {one.registry_id}: {one.reason} {one.report[:1]}")
    if WHOLE:
        assert len(corpus.shown) == DISTINCT_STUDIES


def test_not_one_real_record_fails_the_shapes(rejections):
    assert [(one.registry_id, one.reason, one.report) for one in rejections] == []


def test_the_version_shown_is_the_latest(corpus, store):
    for trial, day in values(store, TKG.lastUpdatePosted):
        registry_id = trial.value.rsplit("/", 1)[1]
        assert last_update(corpus.shown[registry_id]) == day


def test_no_triple_stands_in_two_graphs_and_counts_are_right(store):
    seen, twice = set(), []
    for quad in store.engine:
        key = hash((quad.subject.value, quad.predicate.value, str(quad.object)))
        if key in seen:
            twice.append(quad)
        seen.add(key)
    assert [str(quad) for quad in twice[:5]] == []
    (counted,) = select(store, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    assert int(counted["n"].value) == len(seen) == len(store.engine)


def test_no_node_is_blank(store):
    kinds = Counter(
        type(term).__name__ for quad in store.engine for term in (quad.subject, quad.object)
    )
    assert kinds["BlankNode"] == 0


@pytest.mark.parametrize("distinct", ["DISTINCT", ""])
def test_the_seed_question_has_its_five_rows(store, distinct):
    rows = [row["id"].value for row in select(store, SEED.replace("DISTINCT", distinct))]
    assert sorted(Counter(rows).items()) == SEED_ROWS


def test_the_seed_constructs_target_what_the_record_says(store):
    query = """
    SELECT ?label (GROUP_CONCAT(?key; separator="/") AS ?keys) WHERE {
      { SELECT ?label ?key WHERE {
          ?trial tkg:registryId "NCT07480213" ; tkg:investigates ?construct .
          ?construct rdfs:label ?label ; tkg:targets ?antigen .
          BIND(STRAFTER(STR(?antigen), "antigen/") AS ?key) } ORDER BY ?key }
    } GROUP BY ?label"""
    found = {row["keys"].value for row in select(store, query)}
    assert found == {"CD56/DLL3", "DLL3/GD2", "CD56/GD2"}


def test_the_example_that_describes_itself_as_one_is_flagged_as_that_and_as_a_duplicate(store):
    query = """SELECT ?id ?flag WHERE { ?trial tkg:registryId ?id ; tkg:recordFlag ?flag
                 FILTER(?id IN ("NCT07480213", "NCT07744256")) }"""
    found = {
        (row["id"].value, row["flag"].value.rpartition("#")[2]) for row in select(store, query)
    }
    assert found >= {
        ("NCT07480213", "PossibleDuplicate"),
        ("NCT07744256", "PossibleDuplicate"),
        ("NCT07744256", "SelfDescribedExample"),
    }
    assert ("NCT07480213", "SelfDescribedExample") not in found


def test_every_target_leads_to_its_quote_or_to_the_row_that_states_it(store):
    stated = {
        (q.subject, q.object) for q in store.engine.quads_for_pattern(None, TKG.targets, None)
    }
    quoted = {(row["construct"], row["antigen"]) for row in select(store, QUOTES)}
    cited = """SELECT ?construct ?antigen WHERE { ?finding rdf:predicate tkg:targets ;
        rdf:subject ?construct ; rdf:object ?antigen ; tkg:lexiconSource ?row }"""
    cited = {(row["construct"], row["antigen"]) for row in select(store, cited)}
    assert stated
    assert stated <= quoted | cited


def test_every_quote_is_a_slice_of_the_source_record(corpus, store):
    checked = 0
    fields = dict(values(store, TKG.field)) | criteria_fields(store)
    quoted = dict(values(store, TKG.criterionText)) | dict(values(store, OA.exact))
    starts = dict(values(store, OA.start))
    for node, exact in quoted.items():
        record = corpus.shown[node.value.split("/trial/clinicaltrials/")[1][:11]]
        raw = pointed(record, fields[node])
        start = int(starts[node])
        assert same_words(raw[start : start + len(exact)], exact), node
        checked += 1
    assert checked > len(corpus.shown)


def criteria_fields(store):
    """The field in which the place of each criterion is counted."""
    of_trial = dict(values(store, TKG.eligibilityField))
    links = store.engine.quads_for_pattern(None, TKG.criterion, None)
    return {quad.object: of_trial[quad.subject] for quad in links}


def same_words(raw, exact):
    """Tell whether a quote is the slice, but for names of people, masked sign by sign."""
    return len(raw) == len(exact) and all(
        stands in (said, MASK) for said, stands in zip(raw, exact, strict=True)
    )


def test_no_contact_of_a_person_is_in_the_graph_or_the_ledger(corpus, built, store):
    contacts = set()
    for line in corpus.lines:
        for found in re.findall(r'"(?:email|phone)":\s*"([^"]{7,})"', line):
            contacts.add(found.lower())
    texts = {
        quad.object.value.lower() for quad in store.engine if isinstance(quad.object, ox.Literal)
    }
    words = {word.strip(".,;:()<>[]") for text in texts for word in text.split()}
    with History.open(built[0] / "history.sqlite") as history:
        for shown in history.shown():
            content = json.loads(history.content(shown))
            module = content["protocolSection"].get("contactsLocationsModule", {})
            assert not {"centralContacts", "overallOfficials"} & module.keys()
            assert not any("contacts" in site for site in module.get("locations", ()))
    assert not contacts & (texts | words)


def test_what_the_contract_names_is_filled_from_the_real_records(store):
    table = read_table()
    counted = count(store, list(table))
    if WHOLE:
        stale = {term for term, told in table.items() if abs(counted[term] - told) > 0.05 * told}
        assert stale == set(), "write the table anew: python -m tests.corpus.filled"
    empty = [name for (kind, name), number in counted.items() if number == 0]
    assert [name for _, name in table if table[_, name] >= COMMON and name in empty] == []
    for name in ("Trial", "Construct", "Evidence"):
        assert table["class", name] >= COMMON


def test_a_sample_in_two_halves_and_backwards_gives_the_same_dump(shared, tmp_path):
    sample = load(shared, whole=False)
    lines = [line for line in sample.lines if hash_of(line) % 4 == 0]
    dumps = []
    for name, parts in (("once", [lines]), ("halves", [lines[1::2][::-1], lines[::2][::-1]])):
        for number, part in enumerate(parts):
            source = tmp_path / f"{name}-{number}.jsonl"
            source.write_text("".join(part), encoding="utf-8")
            build(tmp_path / name, [source], LOADERS, settings=Settings(processes=1))
        output = io.BytesIO()
        with Store.read_only(current_snapshot(tmp_path / name)) as snapshot:
            snapshot.dump(output)
        dumps.append(output.getvalue())
    assert dumps[0] == dumps[1]


def hash_of(line):
    return sum(line.encode())


def test_types_of_constructs_stand_with_all_their_superclasses(store):
    for quad in store.engine.quads_for_pattern(None, RDF.type, TKG.CARNKTherapy):
        types = {q.object for q in store.engine.quads_for_pattern(quad.subject, RDF.type, None)}
        assert types >= {TKG.CARTherapy, TKG.NKCellTherapy, TKG.CellTherapy, TKG.Construct}
