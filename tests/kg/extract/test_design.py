import pytest

from kg.errors import LexiconError
from kg.extract.design import features_and_risks, load_design_cues
from kg.resources import LEXICON
from tests.kg.extract.trials import real_trials, text, trial, with_arm, with_criteria, with_outcome


@pytest.fixture(scope="module")
def cues():
    return load_design_cues([LEXICON])


@pytest.fixture(scope="module")
def features(cues):
    return lambda one: {each.value for each in features_and_risks(one, cues)[0]}


@pytest.fixture(scope="module")
def risks(cues):
    return lambda one: {each.value for each in features_and_risks(one, cues)[1]}


def titled(title):
    return trial(official_title=text(title, "/officialTitle"))


def summarised(summary):
    return trial(brief_summary=text(summary, "/summary"))


@pytest.mark.parametrize(
    ("title", "feature"),
    [
        ("Adaptive Phase 1/2 Study of Dual-Target CAR-NK Cells", "Adaptive"),
        ("A Dose Escalation Study of a CAR-T Product", "DoseEscalation"),
        ("A 3+3 Design to Find the Dose", "DoseEscalation"),
        ("Dose Escalation and Expansion Cohort Study", "DoseExpansion"),
        ("A First-in-Human Study of X", "FirstInHuman"),
        ("A Multi-center, Open-label Trial", "MultiCentre"),
        ("A Multicentric Trial", "MultiCentre"),
        ("Master Protocol for Rare Tumours", "Platform"),
        ("An Open-label Basket Trial", "Basket"),
        ("An Umbrella Study of X", "Umbrella"),
        ("Long-term Follow-up of Participants Treated With X", "LongTermFollowUp"),
    ],
)
def test_a_design_feature_is_named(features, title, feature):
    assert feature in features(titled(title))


@pytest.mark.parametrize(
    "title",
    [
        "Innate and adaptive immunity in asthma",
        "MR-Guided Adaptive Reirradiation",
        "Adaptive Radiotherapy in Prostate Cancer",
        "Expansion of T Cells ex Vivo",
        "T-cell expansion phase in culture",
        "A Single-center Study Without Dose Escalation",
        "A Study in a Basket of Services",
    ],
)
def test_words_that_only_look_like_a_design_feature_are_none(features, title):
    assert features(titled(title)) == set()


def test_a_study_that_selects_a_construct_says_so(features):
    assert features(summarised("An interim analysis will select the most suitable construct.")) == {
        "ConstructSelection"
    }


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (with_outcome("Incidence of cytokine release syndrome"), {"CytokineReleaseSyndrome"}),
        (
            with_outcome("Safety", "CRS and ICANS by ASTCT grade"),
            {"CytokineReleaseSyndrome", "ICANS"},
        ),
        (with_outcome("Rates of Acute GvHD"), {"GraftVersusHostDisease"}),
        (with_outcome("Tumor lysis syndrome"), {"TumorLysisSyndrome"}),
        (
            with_outcome("Participants with any grade of IEC-HS"),
            {"HemophagocyticLymphohistiocytosis"},
        ),
        (with_outcome("Incidence of a new malignancy at 5 years"), {"SecondaryMalignancy"}),
        (with_outcome("Grade 3 Prolonged Cytopenia at Day 29"), {"ProlongedCytopenia"}),
        (with_outcome("Occurrence of a severe infection"), {"SeriousInfection"}),
        (
            summarised("Close monitoring of risks such as Cytokine Release Syndrome (CRS)."),
            {"CytokineReleaseSyndrome"},
        ),
    ],
)
def test_a_risk_that_is_measured_or_watched_for_is_monitored(risks, one, expected):
    assert risks(one) == expected


@pytest.mark.parametrize(
    "one",
    [
        with_criteria("Exclusion Criteria:\n* Active graft-versus-host disease\n* ICANS"),
        summarised("The edit avoids the potential graft-versus-host disease of the product."),
        summarised("NK cells carry a lower risk of cytokine release syndrome."),
        summarised("Patients with CRS (chronic rhinosinusitis) and nasal polyps."),
        with_outcome("Change in CRS symptoms of the nose"),
        with_arm("Donors", "Cells without graft-versus-host disease"),
        with_criteria("Exclusion Criteria:\n* Secondary malignancy\n* Serious infection"),
        with_outcome("Response of hemophagocytic lymphohistiocytosis to the antibody"),
        summarised("Neutropenia makes people susceptible to severe infections."),
    ],
)
def test_a_risk_that_excludes_is_lessened_or_means_another_disease_is_not_monitored(risks, one):
    assert risks(one) == set()


def test_a_feature_is_stated_once_with_its_words(cues):
    one = trial(
        brief_title=text("Dose escalation of X", "/title"),
        brief_summary=text("A dose-escalation study.", "/summary"),
    )
    (found,) = features_and_risks(one, cues)[0]
    (quote,) = found.evidence
    assert (quote.field, quote.exact, quote.start) == ("/title", "Dose escalation", 0)


def test_a_cue_that_is_no_expression_is_an_error(tmp_path):
    (tmp_path / "design_cues.tsv").write_text(
        "words\tpattern\tvalue\tzones\tconfidence\tsource\tas_of\n"
        "x\t(\tAdaptive\ttitle\t0.9\tuncited\t2026-11-21\n"
    )
    with pytest.raises(LexiconError, match="design_cues"):
        load_design_cues([LEXICON, tmp_path])


def test_the_values_of_the_cues_are_individuals_of_the_ontology(cues, root):
    stated = (root / "ontology" / "trial.ttl").read_text(encoding="utf-8")
    for cue in (*cues.features, *cues.risks):
        assert f"tkg:{cue.value} a owl:NamedIndividual" in stated, cue.value


def test_one_of_the_words_of_a_cue_is_in_every_match_of_real_records(shared, cues):
    for one in real_trials(shared):
        for each in (one.brief_title, one.brief_summary, one.detailed_description):
            for cue in (*cues.features, *cues.risks) if each else ():
                for match in cue.pattern.finditer(each.raw):
                    assert any(word in match[0].lower() for word in cue.words), match[0]


@pytest.mark.parametrize(
    "summary",
    [
        "At a planned interim look one construct is chosen.",
        "A single construct is taken forward to expansion.",
        "An interim analysis will select the most suitable construct.",
    ],
)
def test_a_construct_is_chosen_among_several(features, summary):
    assert "ConstructSelection" in features(summarised(summary))


def test_a_risk_is_watched_for_in_any_word_order_and_by_the_drug_against_it(risks):
    watched = "Cytokine release syndrome (CRS) and ICANS are watched for closely."
    assert risks(summarised(watched)) == {"CytokineReleaseSyndrome", "ICANS"}
    rescue = with_arm("Rescue", "For example tocilizumab for cytokine release syndrome (CRS).")
    assert risks(rescue) == {"CytokineReleaseSyndrome"}
    assert risks(with_arm("Nose", "Budesonide is used to treat CRS.")) == set()
