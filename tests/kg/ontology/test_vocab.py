import csv
import gzip
import re
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

import kg.vocab
from kg.errors import OntologyError
from kg.ontology import (
    code_lists,
    load_ontology,
    ontology_digest,
    ontology_triples,
    own_base,
    own_terms,
    registry_codes,
    vocab_source,
    write_vocab,
)

BASE = own_base()
DEFINED_KINDS = {
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.NamedIndividual,
    SKOS.ConceptScheme,
}
# lists of CODES.tsv whose class is not the list's name with a capital
CLASS_OF_LIST = {
    "role (of a use)": "UseRole",
    "role (of a mention)": "MentionRole",
    "monitoredRisk (open list)": "MonitoredRisk",
    "sponsor (a person)": "PersonSponsor",
}


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return load_ontology()


@pytest.fixture(scope="module")
def codes(shared):
    with (shared / "design" / "CODES.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def class_of(list_name: str) -> str:
    return CLASS_OF_LIST.get(list_name, list_name[0].upper() + list_name[1:])


def test_vocab_is_what_the_ontology_generates():
    assert Path(kg.vocab.__file__).read_text(encoding="utf-8") == vocab_source()


def test_a_new_term_reaches_the_written_constants(tmp_path):
    folder = tmp_path / "ontology"
    folder.mkdir()
    (folder / "a.ttl").write_text(
        f"@prefix tkg: <{BASE}> .\ntkg:newTerm a <{OWL.DatatypeProperty}> .\n", encoding="utf-8"
    )
    (folder / "vocabularies.tsv").write_text(
        f"prefix\tconstants\tbase\tterms\ntkg\tTKG\t{BASE}\t*\n", encoding="utf-8"
    )
    written = write_vocab(folder, tmp_path / "vocab.py").read_text(encoding="utf-8")
    assert 'newTerm: Final = NamedNode(_TKG + "newTerm")' in written


def test_every_term_has_one_label_and_one_definition(ontology):
    for name in own_terms(ontology):
        term = URIRef(BASE + name)
        assert len(set(ontology.objects(term, RDFS.label))) == 1, name
        assert len(set(ontology.objects(term, SKOS.definition))) == 1, name
        assert set(ontology.objects(term, RDF.type)) & DEFINED_KINDS, name


def test_every_term_that_the_ontology_uses_is_defined_in_it(ontology):
    used = {str(node) for triple in ontology for node in triple if str(node).startswith(BASE)} - {
        BASE
    }
    assert {one[len(BASE) :] for one in used} == set(own_terms(ontology))


def test_each_individual_belongs_to_one_list_but_the_two_that_stand_for_no_value(ontology):
    lists: dict[str, set[str]] = {}
    for name, members in code_lists(ontology).items():
        for member in members:
            lists.setdefault(member, set()).add(name)
            assert (URIRef(BASE + member), RDF.type, URIRef(BASE + name)) in ontology
    several = {member for member, names in lists.items() if len(names) > 1}
    assert several == {"NotStated", "NotApplicable"}


def test_every_individual_of_the_contract_is_in_its_list(ontology, codes):
    lists = code_lists(ontology)
    for row in codes:
        if not row["list"].startswith(("modality", "class above")):
            assert row["individual"] in lists[class_of(row["list"])], row


# Beyond the contract: lists of our own, and what was added to its open list of risks.
ADDED = {
    "CopyOfRecord",
    "HemophagocyticLymphohistiocytosis",
    "PageAboutTrial",
    "PrimaryRecord",
    "ProlongedCytopenia",
    "ReadyMade",
    "RefusedIdentity",
    "SameStudy",
    "SecondaryMalignancy",
    "SeriousInfection",
    "TumorLysisSyndrome",
    "UndecidedIdentity",
}


def test_the_lists_hold_the_contract_and_what_is_known_to_be_added(ontology, codes):
    named = {row["individual"] for row in codes}
    assert {one for members in code_lists(ontology).values() for one in members} - named == ADDED


def test_every_modality_of_the_contract_is_a_class_of_constructs(ontology, codes):
    for row in codes:
        if row["list"].startswith(("modality", "class above")):
            term = URIRef(BASE + row["individual"])
            assert (term, RDFS.subClassOf, URIRef(BASE + "Construct")) in ontology, row


def test_every_code_of_the_registry_has_its_individual(ontology, codes):
    tables = registry_codes(ontology)
    for row in codes:
        if row["api_code"]:
            assert tables[class_of(row["list"])][row["api_code"]] == row["individual"]


def test_every_term_that_the_contract_names_is_defined(ontology, shared):
    contract = (shared / "design" / "CONTRACT.md").read_text(encoding="utf-8")
    body = contract[contract.index("## 2. ") : contract.index("## 9. ")]
    quoted = (word.removeprefix("tkg:") for word in re.findall(r"`([^`]+)`", body))
    words = {word for word in quoted if re.fullmatch(r"[A-Za-z]{3,}", word)}
    assert len(words) > 200
    assert words - set(own_terms(ontology)) == set()


@pytest.mark.parametrize("kind", ["shapes/*.ttl", "**/*.rq"])
def test_every_term_of_ours_in_shapes_and_queries_is_defined(ontology, root, kind):
    known = set(own_terms(ontology))
    for path in sorted(root.glob(kind)):
        text = path.read_text(encoding="utf-8")
        used = set(re.findall(rf"(?:\btkg:|{re.escape(BASE)})([A-Za-z]\w*)", text))
        assert used <= known, f"{path} uses terms that ontology/ does not define"


def test_properties_of_several_classes_have_no_domain(ontology):
    assert list(ontology.subject_objects(RDFS.domain)) == []


def test_dates_and_durations_have_no_range(ontology):
    ranges = {str(one) for one in ontology.objects(None, RDFS.range)}
    assert not {one for one in ranges if one.endswith(("#date", "#duration", "#dateTime"))}


def test_the_digest_changes_with_any_byte_of_the_ontology(tmp_path):
    for name in ("a.ttl", "vocabularies.tsv"):
        (tmp_path / name).write_text("one", encoding="utf-8")
    before = ontology_digest(tmp_path)
    (tmp_path / "a.ttl").write_text("two", encoding="utf-8")
    assert ontology_digest(tmp_path) != before


def test_triples_of_the_ontology_are_the_same_each_time():
    once, again = ontology_triples(), ontology_triples()
    assert once == again
    assert len(once) == len(set(once))
    assert len({t.subject for t in once}) < len(once)


def test_a_file_that_is_no_turtle_is_named(tmp_path):
    (tmp_path / "broken.ttl").write_text("tkg:Trial a", encoding="utf-8")
    with pytest.raises(OntologyError, match=r"broken\.ttl"):
        load_ontology(tmp_path)


def test_a_folder_without_turtle_is_an_error(tmp_path):
    with pytest.raises(OntologyError, match="no Turtle"):
        load_ontology(tmp_path)


def test_every_mapping_to_the_clinical_trials_ontology_is_to_a_term_that_it_has(ontology, shared):
    with gzip.open(shared / "data" / "vocab" / "cto.owl.gz", "rt", encoding="utf-8") as lines:
        known = set(re.findall(r"obo:([A-Z]+_\d+)", lines.read()))
    mapped = {
        str(value).rpartition("/")[2]
        for mapping in (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch)
        for value in ontology.objects(None, mapping)
    }
    ours = {one for one in mapped if one.startswith(("CTO_", "OBI_", "OPMI_", "OMIABIS_", "OAE_"))}
    assert len(ours) > 40
    assert ours <= known
