import itertools
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.errors import UsageError
from kg.find.catalogue import Catalogue
from kg.find.facets import FACETS
from kg.find.selection import Selection, parameters, read_selection, selection
from kg.find.sparql import sparql
from kg.publish import current_snapshot


@pytest.fixture(scope="module")
def catalogue(examples):
    return Catalogue(current_snapshot(examples))


@pytest.fixture(scope="module")
def graph(examples):
    with kg.open(examples) as opened:
        yield opened


def ids(catalogue, wanted):
    found = catalogue.newest(catalogue.find(wanted)).tolist()
    return [catalogue.trials["registry_id"][place] for place in found]


def by_sparql(graph, wanted):
    return [row["id"] for row in graph.query(sparql(wanted))]


def test_the_seed_question_is_found_by_facets(catalogue):
    wanted = read_selection(
        [
            ("antigen", "DLL3"),
            ("modality", "NKCellTherapy"),
            ("country", "CN"),
            ("open", "true"),
        ]
    )
    assert sorted(ids(catalogue, wanted)) == ["NCT07366658", "NCT07480213", "NCT07744256"]


@pytest.mark.parametrize("facet", FACETS)
def test_each_value_of_a_facet_finds_what_its_query_finds(catalogue, graph, facet):
    values = catalogue.values(facet)
    assert values, f"no example has a value of {facet}"
    for value in values[:: max(1, len(values) // 12)]:
        wanted = selection({facet: [value]})
        assert sorted(ids(catalogue, wanted)) == by_sparql(graph, wanted), value


def chosen(catalogue, data):
    facets = data.draw(st.lists(st.sampled_from(sorted(FACETS)), max_size=4, unique=True))
    values = {}
    for name in facets:
        known = st.sampled_from(catalogue.values(name))
        values[name] = data.draw(st.lists(known, min_size=1, max_size=3))
    return values


@given(st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_selection_finds_what_its_query_finds(catalogue, graph, data):
    word = data.draw(st.sampled_from(["", "car", "lung", "phase 1 nk", "細胞", "nct07"]))
    since = data.draw(st.sampled_from(["", "2025-06-01"]))
    both = data.draw(st.sampled_from(["", "GD2", "CD20"]))
    pairs = [(n, v) for n, vs in chosen(catalogue, data).items() for v in vs]
    wanted = read_selection([*pairs, ("q", word), ("since", since), ("both", both)])
    assert sorted(ids(catalogue, wanted)) == by_sparql(graph, wanted)


@given(st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_count_is_what_choosing_its_value_finds(catalogue, data):
    wanted = selection(chosen(catalogue, data))
    facet = data.draw(st.sampled_from(sorted(FACETS)))
    (counts,) = catalogue.counts(wanted, [facet])
    others = {name: values for name, values in wanted.facets if name != facet}
    for count in counts.values[:5]:
        assert count.trials == len(ids(catalogue, selection({**others, facet: [count.value]})))
    if FACETS[facet].offered:
        return
    absent = set(catalogue.values(facet)) - {count.value for count in counts.values}
    for value in itertools.islice(absent, 3):
        assert ids(catalogue, selection({**others, facet: [value]})) == []


@given(st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_selection_is_its_own_address(catalogue, data):
    near = data.draw(st.sampled_from(["", "31.2,121.5"]))
    pairs = [(n, v) for n, vs in chosen(catalogue, data).items() for v in vs]
    wanted = read_selection([*pairs, ("near", near), ("q", "Lung Cancer")])
    assert read_selection(parameters(wanted)) == wanted


def test_what_lies_outside_a_country_has_an_address_where_all_others_have_sites():
    codes = ["".join(two) for two in itertools.product("ABCDEFGHIJ", string.ascii_uppercase)][:249]
    wanted = selection({"country": codes, "year": map(str, range(1990, 2030))})
    assert read_selection(parameters(wanted)) == wanted


def test_a_distance_finds_sites_within_it(catalogue):
    shenzhen = read_selection([("near", "22.54,114.06"), ("km", "30")])
    assert "NCT07480213" in ids(catalogue, shenzhen)
    berlin = read_selection([("near", "52.5,13.4"), ("km", "30")])
    assert "NCT07480213" not in ids(catalogue, berlin)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("colour", "red", "no facet 'colour'"),
        ("near", "here", "not as 31.23,121.47"),
        ("near", "91,0", "no such place"),
        ("since", "spring", "no date"),
        ("q", "a " * 21, "more than 20 words"),
        ("antigen", "x" * 301, "longer than 300"),
    ],
)
def test_what_cannot_be_honoured_is_refused(name, value, said):
    with pytest.raises(UsageError, match=said):
        read_selection([(name, value)])


def test_a_value_can_be_added_and_taken_away():
    one = Selection().with_value("antigen", "DLL3")
    assert one.with_value("antigen", "GD2").without_value("antigen", "GD2") == one
    assert one.without_value("antigen", "DLL3") == Selection()


def test_names_of_users_mean_values(catalogue):
    assert catalogue.resolve("country", "china") == "CN"
    assert catalogue.resolve("effector", "NK") == "NKCell"
    assert catalogue.resolve("antigen", "delta-like 3") == "DLL3"
    hospital = "cn/shenzhen/peking-university-shenzhen-hospital"
    assert catalogue.resolve("facility", "Peking University Shenzhen Hospital") == hospital
    assert catalogue.labels.label("facility", hospital) == "Peking University Shenzhen Hospital"
    with pytest.raises(UsageError, match="not known; near: DLL3"):
        catalogue.resolve("antigen", "DLL33")
    with pytest.raises(UsageError, match="there are: false, true"):
        catalogue.resolve("open", "perhaps")


@pytest.mark.parametrize(
    ("facet", "name"),
    [("design", "nonsense"), ("design", "Recruiting"), ("modality", "recruiting")],
)
def test_a_term_of_another_facet_is_refused_with_the_values_that_there_are(catalogue, facet, name):
    with pytest.raises(UsageError, match="no trial has this; there are") as refused:
        catalogue.resolve(facet, name)
    said = str(refused.value).partition("there are: ")[2]
    assert [one.partition(" (")[0] for one in said.split(", ")] == catalogue.values(facet)


def test_what_is_chosen_is_counted_however_rare(catalogue):
    (counts,) = catalogue.counts(selection({"antigen": ["DLL3"]}), ["antigen"], most=1)
    assert len(counts.values) == 2
    assert counts.values[-1].value == "DLL3"
    assert counts.values[-1].trials == len(ids(catalogue, selection({"antigen": ["DLL3"]})))


def test_conditions_that_no_record_names_are_found_and_not_offered(catalogue):
    broad = selection({"condition": ["MONDO:0000001"]})
    assert ids(catalogue, broad)
    (counts,) = catalogue.counts(selection({}), ["condition"])
    assert "MONDO:0000001" not in {one.value for one in counts.values}
