"""Records of one registry that repeat each other are flagged, and stay two studies."""

import itertools

import msgspec
import pytest

from kg.iris import study_iri, trial_iri
from kg.records import Text
from kg.study import Registration, likenesses, study_quads
from kg.vocab import OA, RDF, TKG

CT = "clinicaltrials"


def registration(number, **changed):
    title = "A Study of Something, in Adults"
    stated = {
        "registry": CT,
        "registry_id": f"NCT0000000{number}",
        "title": Text(field="/title", raw=title, plain=title),
        "sponsor": "beijing-biotech",
        "sites": ("CN/shenzhen/hospital",),
        "design": ("InterventionalStudy", "Phase1", "60"),
        "key": f"{CT}:{number}",
        "blocks": (1,),
    }
    return Registration(**(stated | changed))


def titled(text):
    return Text(field="/title", raw=text, plain=text)


def scores(*registrations):
    return [pair.score for pair in likenesses(registrations)]


def triples(quads):
    return {(quad.subject, quad.predicate, quad.object) for quad in quads}


def test_every_registration_is_a_study_of_its_own():
    found = triples(study_quads([registration(1, title=titled("One")), registration(2)]))
    for number in (1, 2):
        study = study_iri(CT, f"NCT0000000{number}")
        assert (study, RDF.type, TKG.Study) in found
        assert (trial_iri(CT, f"NCT0000000{number}"), TKG.registrationOf, study) in found
    assert len(found) == 4


def test_same_title_sponsor_design_and_site_look_like_one_study():
    other = registration(2, title=titled("A STUDY of “something” in adults"))
    assert scores(registration(1), other) == [0.9]


def test_a_record_without_sites_scores_less_than_one_that_shares_a_site():
    assert scores(registration(1), registration(2, sites=())) == [0.7]


@pytest.mark.parametrize(
    "changed",
    [
        {"title": titled("Another Study of Something, in Adults")},
        {"sponsor": "another-sponsor"},
        {"sponsor": None},
        {"design": ("InterventionalStudy", "Phase2", "60")},
        {"design": ()},
        {"sites": ("CN/beijing/another-hospital",)},
        {"registry": "chictr"},
    ],
)
def test_registrations_that_differ_in_one_of_these_are_not_flagged(changed):
    other = registration(2, **changed)
    assert scores(registration(1), other) == []


def test_both_of_a_pair_are_flagged_with_a_finding_that_quotes_their_title():
    found = triples(study_quads([registration(1), registration(2), registration(3, sponsor="x")]))
    flagged = {s for s, p, o in found if (p, o) == (TKG.recordFlag, TKG.PossibleDuplicate)}
    assert flagged == {trial_iri(CT, "NCT00000001"), trial_iri(CT, "NCT00000002")}
    for trial in flagged:
        (finding,) = {s for s, p, o in found if (p, o) == (RDF.subject, trial)}
        (quote,) = {o for s, p, o in found if (s, p) == (finding, TKG.evidence)}
        assert {o.value for s, p, o in found if (s, p) == (quote, OA.exact)} == {
            "A Study of Something, in Adults"
        }


def test_the_identity_evidence_of_a_pair_names_both_and_why():
    found = triples(study_quads([registration(1), registration(2)]))
    (pair,) = {s for s, p, o in found if (p, o) == (RDF.type, TKG.IdentityEvidence)}
    members = {o.value[-11:] for s, p, o in found if (s, p) == (pair, TKG.member)}
    assert members == {"NCT00000001", "NCT00000002"}
    (reason,) = {o.value for s, p, o in found if (s, p) == (pair, TKG.reason)}
    assert "CN/shenzhen/hospital" in reason


def test_a_block_that_is_too_common_is_not_compared():
    many = [registration(1, registry_id=f"NCT{n:08d}", key=f"{CT}:{n}") for n in range(41)]
    assert not scores(*many)
    assert len(scores(*many[:40])) == 40 * 39 // 2


def test_one_start_site_text_and_number_make_one_study_of_two_records():
    twins = [registration(n, start="2025-03-05", digest="a", protocols=("x1",)) for n in (1, 2)]
    (pair,) = likenesses(twins)
    assert (pair.flag, pair.merge, pair.score) == (True, True, 0.99)
    for changed in ({"protocols": ("x2",)}, {"start": "2025-04-05"}, {"digest": "b"}):
        (pair,) = likenesses([twins[0], msgspec.structs.replace(twins[1], **changed)])
        assert (pair.flag, pair.merge) == (True, False)


def test_studies_do_not_depend_on_the_order_of_registrations():
    known = [registration(1), registration(2), registration(3, sites=()), registration(4)]
    assert len({tuple(study_quads(order)) for order in itertools.permutations(known)}) == 1


def test_a_trial_with_several_likenesses_has_one_finding_of_the_strongest():
    found = triples(study_quads([registration(1), registration(2, sites=()), registration(3)]))
    first = trial_iri(CT, "NCT00000001")
    findings = {s for s, p, o in found if (p, o) == (RDF.subject, first)}
    assert len(findings) == 1
    assert {o.value for s, p, o in found if s in findings and p == TKG.confidence} == {"0.9"}
