import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import LexiconError
from kg.extract.concepts import load_concepts, mesh_curie
from kg.extract.condition_text import normal_name
from kg.extract.conditions import condition_terms
from kg.resources import LEXICON
from tests.kg.extract.trials import real_trials, with_conditions

SCLC, NSCLC, MYELOMA = "MONDO:0008433", "MONDO:0005233", "MONDO:0009693"


@pytest.fixture(scope="module")
def concepts():
    return load_concepts([LEXICON])


@pytest.fixture(scope="module")
def terms(concepts):
    lexicon = SimpleNamespace(concepts=concepts)
    return lambda *listed: condition_terms(with_conditions(*listed), lexicon)


@pytest.fixture(scope="module")
def term(terms):
    def one(listed):
        (found,) = terms(listed)
        return found

    return one


def curie(found):
    return found.concept.value if found.concept else None


def qualifiers(found):
    return {(each.axis, each.value) for each in found.qualifiers}


@pytest.mark.parametrize(
    ("listed", "concept"),
    [
        ("SCLC", SCLC),
        ("Small Cell Lung Cancer", SCLC),
        ("Acute Myeloid Leukemia Leukemia", "MONDO:0018874"),
        ("HER2 + Breast Cancer", "MONDO:0006244"),
        ("Small-cell lung cancer (SCLC)", SCLC),
        ("Lung Cancer, Small Cell", SCLC),
        ("NSCLC", NSCLC),
        ("Non Small Cell Lung Cancer", NSCLC),
        ("Multiple Myeloma", MYELOMA),
        ("Lymphoma, Non-Hodgkin", "MONDO:0018908"),
        ("Hodgkin's Disease", "MONDO:0004952"),
        ("Acute Myeloid Leukaemia", "MONDO:0018874"),
        ("Breast Tumours", "MONDO:0021100"),
        ("Systemic Lupus Erythematosus (SLE)", "MONDO:0007915"),
        ("Lymphoma Non-Hodgkin", "MONDO:0018908"),
        ("Metastatic Cancer", "MONDO:0024880"),
        ("SLE - Systemic Lupus Erythematosus", "MONDO:0007915"),
        ("TNBC, Triple Negative Breast Cancer", "MONDO:0005494"),
        ("Head &Amp; Neck Squamous Cell Carcinoma", "MONDO:0010150"),
        ("Light Chain Amyloidosis", "MONDO:0019438"),
        ("Solid Tumor", "NCIT:C9292"),
        ("Peanut Allergy", "MESH:D021183"),
    ],
)
def test_a_name_of_a_disease_is_the_disease(term, listed, concept):
    found = term(listed)
    assert (curie(found), found.mapping, found.qualifiers) == (concept, "ExactMapping", ())


@pytest.mark.parametrize(
    ("listed", "concept", "expected"),
    [
        ("SCLC, Extensive Stage", SCLC, {("stage", "extensive stage")}),
        ("Relapsed/Refractory SCLC", SCLC, {("line", "relapsed or refractory")}),
        ("R/R Multiple Myeloma", MYELOMA, {("line", "relapsed or refractory")}),
        ("Myeloma, Refractory to Standard Treatment", MYELOMA, {("line", "refractory")}),
        ("SCLC Recurrent SCLC", SCLC, {("line", "recurrent")}),
        ("Allergic Rhinitis Due to Pollen", "MONDO:0011786", {("detail", "Pollen")}),
        ("Migraine in Adolescence", "MONDO:0005277", {("age", "in adolescence")}),
        ("Colorectal Cancer Liver Metastases", "MONDO:0005575", {("status", "liver metastasis")}),
        ("Basal Cell Carcinoma of the Head and Neck", "MONDO:0020804", {("site", "Head and Neck")}),
        ("Sjogren's Disease With Dry Eyes", "MONDO:0010030", {("detail", "Dry Eyes")}),
        ("Systemic Sclerosis - 2013 Criteria", "MONDO:0005100", {("detail", "2013 Criteria")}),
        ("Cat Allergy", "MONDO:0005271", {("trigger", "cat")}),
        ("Pediatric Cancer", "MONDO:0004992", {("age", "pediatric")}),
        (
            "Pathologic Stage IIIC Cutaneous Melanoma AJCC v8",
            "MONDO:0005012",
            {("stage", "stage IIIC"), ("stage", "AJCC")},
        ),
        (
            "Advanced Non-Small Cell Lung Cancer (NSCLC)",
            NSCLC,
            {("status", "advanced")},
        ),
        ("CD7+ Lymphoma", "MONDO:0005062", {("biomarker", "cd7 positive")}),
        ("Pediatric Osteosarcoma", "MONDO:0009807", {("age", "pediatric")}),
        (
            "Platinum-resistant Ovarian Cancer",
            "MONDO:0008170",
            {("response", "platinum-resistant")},
        ),
        ("Severe Asthma", "MONDO:0004979", {("severity", "severe")}),
    ],
)
def test_qualifiers_are_split_off_and_kept(term, listed, concept, expected):
    found = term(listed)
    assert (curie(found), found.mapping) == (concept, "BroaderMapping")
    assert qualifiers(found) == expected


@pytest.mark.parametrize(
    "listed",
    [
        "CAR-T",
        "CAR-T Cell Therapy",
        "Refractory",
        "CD19 Positive",
        "Healthy Volunteers",
        "Relapse",
        "Immunotherapy",
        "HER-2 Gene Amplification",
        "Quality of Life",
        "Minimal Residual Disease",
    ],
)
def test_what_is_no_disease_is_said_to_be_none(term, listed):
    found = term(listed)
    assert (found.mapping, found.concept) == ("NotADisease", None)


@pytest.mark.parametrize(
    "listed",
    [
        "Malignant Melanoma, Lung Cancer, or Colorectal Cancer",
        "AML/MDS",
        "B Cell Leukemia and Lymphoma",
        "Transformed Follicular Lymphoma",
        "Cancer of the Chest Wall",
        "Psoriasis - Asthma",
        "A disease that nobody has named",
    ],
)
def test_several_diseases_in_one_string_and_unknown_words_stay_unmapped(term, listed):
    found = term(listed)
    assert (found.mapping, found.concept) == ("Unmapped", None)


def test_the_names_that_are_easily_confused_are_not(term):
    assert curie(term("Non-Hodgkin Lymphoma")) != curie(term("Hodgkin Lymphoma"))
    assert curie(term("Small Cell Lung Cancer")) != curie(term("Non-Small Cell Lung Cancer"))
    assert curie(term("CLL")) != curie(term("CML"))
    assert curie(term("AL amyloidosis")) != MYELOMA


def test_the_quote_of_a_condition_is_the_whole_string(term):
    (quote,) = term("Small-cell lung cancer (SCLC)").concept.evidence
    assert (quote.exact, quote.start, quote.end) == ("Small-cell lung cancer (SCLC)", 0, 29)


def test_terms_keep_the_order_and_the_number_of_the_conditions(terms):
    found = terms("SCLC", "CAR-T", "no such thing at all", "SCLC")
    assert [each.position for each in found] == [0, 1, 2, 3]
    assert found[0].concept == found[3].concept


@given(st.text(max_size=60))
def test_any_string_has_a_mapping_and_only_mapped_ones_a_concept(term, listed):
    found = term(listed)
    mapped = found.mapping in {"ExactMapping", "BroaderMapping"}
    assert mapped == (found.concept is not None)
    assert (found.mapping != "ExactMapping") or not found.qualifiers


@given(st.text(max_size=60))
def test_the_normal_form_of_a_normal_form_is_itself(listed):
    once = normal_name(listed)
    assert normal_name(once) == once


# The concepts


def test_small_cell_lung_cancer_is_a_neuroendocrine_neoplasm_and_not_hereditary(concepts):
    above = concepts.ancestors(SCLC)
    assert "MONDO:0019496" in above
    assert "MONDO:0003847" not in above


def test_no_concept_is_above_itself(concepts):
    assert not [each for each in concepts if each in concepts.ancestors(each)]


def test_every_parent_is_a_concept_and_no_parent_is_implied_by_another(concepts):
    for each in concepts:
        parents = concepts[each].parents
        assert all(parent in concepts for parent in parents)
        implied = frozenset().union(*(concepts.ancestors(parent) for parent in parents))
        assert not implied & set(parents), each


def test_every_name_of_the_cut_table_is_in_normal_form(concepts):
    assert not [name for name in concepts.names if normal_name(name) != name]


def test_a_name_that_points_to_no_concept_is_an_error(tmp_path):
    (tmp_path / "condition_names.tsv").write_text(
        "name\tcurie\tsource\tas_of\nodd disease\tMONDO:9999999\tuncited\t2026-11-21\n"
    )
    with pytest.raises(LexiconError, match=r"odd disease.*MONDO:9999999"):
        load_concepts([LEXICON, tmp_path])


def test_a_row_of_a_user_overrides_and_adds(tmp_path):
    (tmp_path / "condition_names.tsv").write_text(
        f"name\tcurie\tsource\tas_of\nour own Disease\t{SCLC}\tuncited\t2026-11-21\n"
    )
    lexicon = SimpleNamespace(concepts=load_concepts([LEXICON, tmp_path]))
    (found,) = condition_terms(with_conditions("Our own diseases"), lexicon)
    assert curie(found) == SCLC
    assert found.concept.confidence < 0.9


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("D009369", "MESH:D009369"),
        ("D000009369", "MESH:D009369"),
        ("D000086982", "MESH:D000086982"),
        ("C000024352", "MESH:C024352"),
        ("C000712049", "MESH:C000712049"),
    ],
)
def test_descriptors_padded_by_the_registry_are_those_of_mesh(listed, expected):
    assert mesh_curie(listed) == expected


# Real records


def test_gold_conditions_are_mapped_rightly(shared, concepts, terms):
    lines = [
        json.loads(line)
        for path in sorted((shared / "data" / "gold").glob("dev*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    wanted = [
        (label["mondo"], curie(found))
        for line in lines
        for label, found in zip(
            line["conditions"],
            terms(*(each["as_listed"] for each in line["conditions"])),
            strict=True,
        )
        if label["mondo"]
    ]
    mapped = [(gold, got) for gold, got in wanted if got]
    right = sum(
        1.0 if got == gold else 0.5 if got in concepts[gold].parents else 0.0
        for gold, got in mapped
    )
    assert len(mapped) / len(wanted) >= 0.95
    assert right / len(mapped) >= 0.97


def test_most_conditions_of_real_records_are_read(shared, concepts):
    lexicon = SimpleNamespace(concepts=concepts)
    found = [each for one in real_trials(shared) for each in condition_terms(one, lexicon)]
    unmapped = sum(each.mapping == "Unmapped" for each in found)
    assert unmapped / len(found) < 0.15


def test_the_registry_seldom_contradicts_the_concept(shared, concepts):
    """A concept's MeSH equivalent is among what the registry derived, where it derived anything."""
    lexicon = SimpleNamespace(concepts=concepts)
    agree = differ = 0
    for one in real_trials(shared):
        given = (*one.registry_mesh, *one.registry_mesh_ancestors)
        derived = {mesh_curie(each.id) for each in given}
        for found in condition_terms(one, lexicon) if derived else ():
            exact = concepts[curie(found)].exact if curie(found) else ()
            same = {each for each in exact if each.startswith("MESH:")}
            agree += bool(same & derived)
            differ += bool(same) and not same & derived
    assert agree > 900
    assert differ / (agree + differ) < 0.15
