import pytest

from kg.ask import Meanings, read_question
from kg.errors import UsageError
from kg.find.catalogue import Catalogue
from kg.publish import current_snapshot
from tests.kg.ask.by_hand import QUESTIONS
from tests.kg.ask.grammar import questions

NUMBER = 600


@pytest.fixture(scope="module")
def catalogue(examples):
    return Catalogue(current_snapshot(examples))


@pytest.fixture(scope="module")
def meanings(catalogue):
    return Meanings(catalogue)


def facets(asked):
    found = {name: set(values) for name, values in asked.selection.facets}
    if asked.selection.both:
        found["both"] = set(asked.selection.both)
    return found


def test_the_seed_question_finds_three_trials(catalogue, meanings):
    asked = read_question("DLL3-targeting NK therapies recruiting in China", meanings)
    found = catalogue.newest(catalogue.find(asked.selection)).tolist()
    ids = sorted(catalogue.trials["registry_id"][place] for place in found)
    assert ids == ["NCT07366658", "NCT07480213", "NCT07744256"]
    assert not asked.unknown


def test_facets_of_made_questions_are_recovered(catalogue, meanings):
    total, missed = 0, []
    for text, wanted in questions(catalogue, NUMBER, seed=20261121):
        found = facets(read_question(text, meanings))
        for facet in wanted:
            total += 1
            if not wanted[facet] <= found.get(facet, set()):
                missed.append((text, facet, wanted[facet], found))
    assert total > NUMBER * 2
    assert len(missed) <= total * 0.02, missed[:20]


@pytest.mark.parametrize(
    ("text", "wanted", "unknown"), QUESTIONS, ids=[one[0] for one in QUESTIONS]
)
def test_competency_questions_are_understood_and_what_is_not_is_named(
    meanings, text, wanted, unknown
):
    asked = read_question(text, meanings)
    found = facets(asked)
    assert set(found) == set(wanted)
    # "since 2020" chooses every year that there is from then on.
    assert all(
        found[name] == wanted[name] or (name == "year" and wanted[name] <= found[name])
        for name in wanted
    )
    named = {token for word in asked.unknown for token in word.text.split()}
    assert set(unknown) <= named
    assert bool(unknown) == bool(named)


def test_there_are_enough_questions_by_hand():
    assert len({one[0] for one in QUESTIONS}) >= 60


@pytest.mark.parametrize(
    ("text", "near", "since"),
    [
        ("CAR-NK trials within 100 km of Beijing", 100, None),
        ("recruiting CAR-T trials near Shanghai", 50, None),
        ("DLL3 trials updated since 2026-03-01", None, "2026-03-01"),
    ],
)
def test_places_and_days_of_competency_questions(meanings, text, near, since):
    wanted = read_question(text, meanings).selection
    assert (wanted.near and wanted.near.kilometres) == near
    assert (wanted.since and wanted.since.isoformat()) == since


def test_every_character_of_a_name_is_accounted_for(catalogue, meanings):
    for text, _ in questions(catalogue, 100, seed=7):
        asked = read_question(text, meanings)
        covered = set()
        for word in asked.words:
            assert text[word.start : word.end] == word.text
            covered.update(range(word.start, word.end))
        named = {place for place, each in enumerate(text) if each.isalnum()}
        assert named <= covered


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("constructs for CD19 and CD22", {"antigen": {"CD19"}, "both": {"CD22"}}),
        ("constructs for CD19 or CD22", {"antigen": {"CD19", "CD22"}}),
        ("phase 1/2 BCMA trials", {"phase": {"Phase1", "Phase2"}, "antigen": {"BCMA"}}),
        ("ALL", {"condition": {"MONDO:0004967"}}),
        ("all CD7 trials", {"antigen": {"CD7"}}),
        ("recruiting CD7 trials", {"status": {"Recruiting"}, "antigen": {"CD7"}}),
        (
            "CD7 trials recruiting in Italy",
            {"open": {"true"}, "antigen": {"CD7"}, "country": {"IT"}},
        ),
        ("CD7 trials between 2020 and 2021", {"antigen": {"CD7"}, "year": {"2020", "2021"}}),
        ("DLL3 2023", {"antigen": {"DLL3"}, "year": {"2023"}}),
        ("CD7 CAR-T 2021", {"antigen": {"CD7"}, "modality": {"CARTTherapy"}, "year": {"2021"}}),
        (
            "DLL3 at Peking University Shenzhen Hospital",
            {"antigen": {"DLL3"}, "facility": {"cn/shenzhen/peking-university-shenzhen-hospital"}},
        ),
        ("cell therapy in China", {"modality": {"CellTherapy"}, "country": {"CN"}}),
        ("not yet recruiting", {"status": {"NotYetRecruiting"}}),
        ("trials without results", {"results": {"false"}}),
        ("靶向DLL3的NK细胞", {"antigen": {"DLL3"}, "modality": {"NKCellTherapy"}}),
        (
            "any neuroendocrine neoplasm, in vivo CAR",
            {"condition": {"MONDO:0019496"}, "modality": {"InVivoCARTherapy"}},
        ),
    ],
)
def test_words_choose_what_people_mean_by_them(meanings, text, wanted):
    asked = read_question(text, meanings)
    found = facets(asked)
    assert {name: found.get(name) for name in wanted} == wanted
    assert set(found) <= set(wanted)
    assert not asked.unknown


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("first-in-human CAR-T", {"design": {"FirstInHuman"}, "modality": {"CARTTherapy"}}),
        ("CD19 trials in the US", {"antigen": {"CD19"}, "country": {"US"}}),
        ("FIH trials of CD19", {"design": {"FirstInHuman"}, "antigen": {"CD19"}}),
        ("paediatric CD19 trials", {"age": {"Child"}, "antigen": {"CD19"}}),
        ("CD19 for children", {"age": {"Child"}, "antigen": {"CD19"}}),
        ("HLA-A*24:02 restricted TCR-T", {"hla": {"HLA-A*24:02"}, "modality": {"TCRTTherapy"}}),
        ("HLA-A2-restricted TCR-T", {"hla": {"HLA-A*02"}, "modality": {"TCRTTherapy"}}),
        ("HLA-A*1101 TCR-T", {"hla": {"HLA-A*11:01"}, "modality": {"TCRTTherapy"}}),
        ("HLA-A11 TCR-T", {"hla": {"HLA-A*11:01"}, "modality": {"TCRTTherapy"}}),
        ("CD19 in Germany outside China", {"antigen": {"CD19"}, "country": {"DE"}}),
        ("CD19 trials in the U.S.", {"antigen": {"CD19"}, "country": {"US"}}),
        ("cd19 trials in the us", {"antigen": {"CD19"}, "country": {"US"}}),
        ("cd19 trials in us centres", {"antigen": {"CD19"}, "country": {"US"}}),
        ("CD19 TRIALS IN THE US", {"antigen": {"CD19"}, "country": {"US"}}),
        ("CD19 CAR-T US", {"antigen": {"CD19"}, "country": {"US"}}),
        ("TRIALS OF CD19 IN ALL", {"antigen": {"CD19"}, "condition": {"MONDO:0004967"}}),
        ("tell us about CD19", {"antigen": {"CD19"}}),
        ("CAR-T for MS", {"modality": {"CARTTherapy"}, "condition": {"MONDO:0005301"}}),
        ("CD19 trials of adaptive design", {"antigen": {"CD19"}, "design": {"Adaptive"}}),
    ],
)
def test_age_design_and_restriction_are_chosen_as_they_are_told(meanings, text, wanted):
    found = facets(read_question(text, meanings))
    assert {name: found[name] for name in wanted} == {
        name: {one for one in meanings.catalogue.values("hla") if one.startswith(*values)} or values
        if name == "hla"
        else values
        for name, values in wanted.items()
    }


@pytest.mark.parametrize(
    "text",
    [
        "HLA-A2 CAR Treg",
        "HLA-A2-specific CAR-T",
        "HLA-A*02:01-specific CAR-T",
        "CAR-T targeting HLA-A*02:01",
        "CAR-T against HLA-A2",
    ],
)
def test_an_hla_type_that_is_bound_is_an_antigen_and_no_restriction(meanings, text):
    found = facets(read_question(text, meanings))
    assert found["antigen"] == {"HLA-A-02-01"}
    assert "hla" not in found


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("CD19 trials outside China", {"CN"}),
        ("CD19 trials outside of the USA and China", {"CN", "US"}),
        ("CD19 trials outside China, outside the US", {"CN", "US"}),
        ("CD19 trials outside the U.S. and the U.K.", {"GB", "US"}),
        ("CD19 trials outside China/Japan", {"CN", "JP"}),
        ("cd19 trials outside the us", {"US"}),
    ],
)
def test_outside_a_country_is_a_site_in_any_other(meanings, text, left):
    asked = read_question(text, meanings)
    known = set(meanings.catalogue.values("country"))
    assert left <= known
    assert facets(asked)["country"] == known - left
    assert not asked.unknown
    assert any("in a country other than" in word.meaning for word in asked.words)


def test_recruiting_outside_a_country_is_a_site_there_that_is_open(meanings):
    found = facets(read_question("CD19 trials recruiting outside China", meanings))
    assert found["open"] == {"true"}
    assert "CN" not in found["country"]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("CD19 trials not recruiting", ["not", "recruiting"]),
        ("CD19 without cyclophosphamide", ["without", "cyclophosphamide"]),
        ("CD19 trials for children under 12", ["under", "12"]),
        ("CD19 in children's hospitals", ["children", "s"]),
        ("CD19 and Child-Pugh class", ["Child", "Pugh", "class"]),
        ("CD19 trials in China outside China", ["outside China"]),
        ("CD19 trials not in China", ["not", "China"]),
        ("the best CAR-T", ["best", "CAR-T"]),
        ("trials excluding China", ["excluding", "China"]),
        ("CD19 trials outside Munich", ["outside", "Munich"]),
        ("CD19 trials outside China and outside Munich", ["outside", "Munich"]),
        ("CD19 outside Guinea worm disease", ["outside", "Guinea worm disease"]),
        ("HLA-B27 ankylosing spondylitis", ["HLA", "B27"]),
        ("adaptive NK cells", ["adaptive"]),
        ("CAR with AND gate", ["gate"]),
        ("TELL US ABOUT CD19", ["US"]),
        ("ALL TRIALS OF CD19", ["ALL"]),
        ("AM I ELIGIBLE FOR CD19 TRIALS", ["AM", "ELIGIBLE"]),
        ("NO CD19", ["NO", "CD19"]),
        ("non-CD19 CAR-T", ["non", "CD19"]),
        ("CD19-negative relapse", ["CD19", "negative", "relapse"]),
        ("prior BCMA therapy", ["prior", "BCMA"]),
        ("previously treated with BCMA", ["previously", "BCMA"]),
        ("CD19 trials that zorgle", ["zorgle"]),
    ],
)
def test_what_cannot_be_honoured_is_named_and_chooses_nothing(meanings, text, unknown):
    assert [word.text for word in read_question(text, meanings).unknown] == unknown


def test_a_question_that_is_no_question_is_refused(meanings):
    with pytest.raises(UsageError, match="more than 1000 characters"):
        read_question("x" * 1001, meanings)
    assert not read_question("", meanings).words
