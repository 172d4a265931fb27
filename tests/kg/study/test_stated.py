"""What registrations say of each other: who is one study, and who is only linked."""

import itertools

import pytest

from kg.iris import study_iri, trial_iri
from kg.study import read_refusals, study_quads
from kg.vocab import DCTERMS, RDF, TKG
from tests.kg.study.told import evidence, links, studies, text, told, triples

NCT, ISRCTN, EUDRACT = "NCT00000001", "ISRCTN00000002", "2020-000003-11"


def apart(registry, registry_id, **stated):
    """A registration that nothing but what it states joins to another."""
    return told(registry, registry_id, title=f"Something about {registry_id}", **stated)


def test_an_identifier_of_another_registry_joins_two_whoever_gives_it():
    bare, other = apart("clinicaltrials", NCT), apart("isrctn", ISRCTN)
    giving = apart("clinicaltrials", NCT, ids=[ISRCTN])
    naming = apart("isrctn", ISRCTN, ids=[(NCT, "ClinicalTrials.gov")])
    assert studies(bare, other) == [[ISRCTN], [NCT]]
    for pair in ((giving, other), (bare, naming), (giving, naming)):
        assert studies(*pair) == [[ISRCTN, NCT]]
    assert evidence(bare, naming)[0][1] < evidence(giving, naming)[0][1]


def test_the_first_member_names_the_study_and_the_other_name_lives_on():
    found = triples(apart("clinicaltrials", NCT, ids=[ISRCTN]), apart("isrctn", ISRCTN))
    study, replaced = study_iri("clinicaltrials", NCT), study_iri("isrctn", ISRCTN)
    assert (trial_iri("isrctn", ISRCTN), TKG.registrationOf, study) in found
    assert (replaced, DCTERMS.isReplacedBy, study) in found
    assert (replaced, RDF.type, TKG.Study) in found


def test_two_that_give_the_number_of_a_third_are_one_study_though_the_third_is_unknown():
    pair = apart("clinicaltrials", NCT, ids=[EUDRACT]), apart("isrctn", ISRCTN, ids=[EUDRACT])
    assert studies(*pair) == [[ISRCTN, NCT]]
    assert evidence(*pair) == [("SameStudy", 0.9, f"both give {EUDRACT}")]


def test_records_of_one_number_in_several_countries_are_one_study():
    pair = [apart("euclinicaltrials", f"{EUDRACT}-{country}") for country in ("DE", "FR")]
    assert studies(*pair) == [[f"{EUDRACT}-DE", f"{EUDRACT}-FR"]]


def test_of_two_of_one_registry_that_give_one_number_neither_is_joined():
    pair = [apart("clinicaltrials", f"NCT0000000{n}", ids=[EUDRACT]) for n in (1, 2)]
    third = apart("euclinicaltrials", f"{EUDRACT}-DE")
    assert len(studies(*pair, third)) == 3
    assert {verdict for verdict, *_ in evidence(*pair, third)} == {"UndecidedIdentity"}


def test_the_number_belongs_to_the_one_that_its_owner_names():
    pair = [apart("clinicaltrials", f"NCT0000000{n}", ids=[EUDRACT]) for n in (1, 2)]
    third = apart("euclinicaltrials", f"{EUDRACT}-DE", ids=["NCT00000002"])
    assert studies(*pair, third) == [[f"{EUDRACT}-DE", "NCT00000002"], ["NCT00000001"]]


@pytest.mark.parametrize("kind", ["NIH", "OTHER_GRANT", "associated trial"])
def test_a_grant_and_an_associated_trial_are_not_the_same_study(kind):
    pair = apart("clinicaltrials", NCT, ids=[(ISRCTN, kind)]), apart("isrctn", ISRCTN)
    assert len(studies(*pair)) == 2


@pytest.mark.parametrize(
    ("title", "said", "kind"),
    [
        ("Long-Term Follow-Up", f"A long-term follow-up of {ISRCTN}.", "followUpOf"),
        ("A Follow-up Study", f"Patients who completed the trial ({ISRCTN}).", "followUpOf"),
        ("An Open-label Extension", f"For who completed study X ({ISRCTN}).", "extensionOf"),
        ("Something", f"This is a continuation of the LEAP study ({ISRCTN}).", "extensionOf"),
        ("Something", f"A tissue substudy of study CP-1 ({ISRCTN}).", "substudyOf"),
        ("Expanded Access to X", f"Treated in the parent study ({ISRCTN}).", "expandedAccessFor"),
    ],
)
def test_what_a_sentence_says_of_another_trial_is_a_link_and_never_a_merge(title, said, kind):
    summary = text(said, "/summary")
    one = told("clinicaltrials", NCT, title=title, brief_summary=summary, ids=[ISRCTN])
    assert links(one, apart("isrctn", ISRCTN)) == {(kind, NCT, ISRCTN)}
    assert len(studies(one, apart("isrctn", ISRCTN))) == 2


def test_a_follow_up_that_a_record_announces_is_linked_from_there():
    summary = text("They are followed in a separate long-term follow-up study (NCT00000009).")
    one = apart("clinicaltrials", NCT, brief_summary=summary)
    assert links(one) == {("followUpOf", "NCT00000009", NCT)}


@pytest.mark.parametrize(
    "said",
    [
        "A trial of the same drug (ISRCTN00000002) has shown that it works.",
        "Exclusion Criteria: has completed study ISRCTN00000002",
    ],
)
def test_a_trial_that_is_only_spoken_of_is_neither_linked_nor_joined(said):
    one = apart("clinicaltrials", NCT, brief_summary=text(said))
    assert links(one) == set()
    assert len(studies(one, apart("isrctn", ISRCTN))) == 2


def test_a_link_is_a_finding_that_quotes_the_identifier():
    one = apart("clinicaltrials", NCT, brief_summary=text(f"An extension of {ISRCTN}.", "/summary"))
    found = triples(one)
    (finding,) = {s for s, p, o in found if (p, o) == (RDF.predicate, TKG.extensionOf)}
    (quote,) = {o for s, p, o in found if (s, p) == (finding, TKG.evidence)}
    said = {p.value.rpartition("#")[2]: o.value for s, p, o in found if s == quote}
    assert (said["exact"], said["field"], said["start"]) == (ISRCTN, "/summary", "16")


def test_this_trial_is_registered_under_another_number_says_that_it_is_the_same():
    summary = text(f"This trial is also registered as {ISRCTN}.")
    pair = apart("clinicaltrials", NCT, brief_summary=summary), apart("isrctn", ISRCTN)
    assert studies(*pair) == [[ISRCTN, NCT]]


def test_a_refused_pair_is_never_one_study_and_says_so(tmp_path):
    header = "registry\tid\tother_registry\tother_id\twhy\tsource\tas_of\n"
    row = f"clinicaltrials\t{NCT}\tisrctn\t{ISRCTN}\tanother cohort\tread\t2026-11-21\n"
    (tmp_path / "identity_refusals.tsv").write_text(header + row, encoding="utf-8")
    refusals = read_refusals([tmp_path])
    pair = apart("clinicaltrials", NCT, ids=[ISRCTN]), apart("isrctn", ISRCTN, ids=[NCT])
    assert len(studies(*pair, refusals=refusals)) == 2
    assert [verdict for verdict, *_ in evidence(*pair, refusals=refusals)] == ["RefusedIdentity"]


def test_a_refused_pair_is_not_joined_by_way_of_a_third(tmp_path):
    header = "registry\tid\tother_registry\tother_id\twhy\tsource\tas_of\n"
    row = f"clinicaltrials\t{NCT}\tisrctn\t{ISRCTN}\tanother cohort\tread\t2026-11-21\n"
    (tmp_path / "identity_refusals.tsv").write_text(header + row, encoding="utf-8")
    trio = (
        apart("clinicaltrials", NCT, ids=[EUDRACT]),
        apart("isrctn", ISRCTN, ids=[EUDRACT]),
        apart("euclinicaltrials", f"{EUDRACT}-DE"),
    )
    together = studies(*trio, refusals=read_refusals([tmp_path]))
    assert not any({NCT, ISRCTN} <= set(members) for members in together)
    assert len(together) == 2


def test_studies_do_not_depend_on_the_order_of_registrations():
    known = [
        apart("clinicaltrials", NCT, ids=[EUDRACT]),
        apart("clinicaltrials", "NCT00000002", ids=[ISRCTN, EUDRACT]),
        apart("isrctn", ISRCTN),
        apart("euclinicaltrials", f"{EUDRACT}-DE", ids=[NCT]),
    ]
    made = {tuple(study_quads(order)) for order in itertools.permutations(known)}
    assert len(made) == 1
