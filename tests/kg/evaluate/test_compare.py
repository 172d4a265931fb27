import msgspec
import pytest

from kg.errors import UsageError
from kg.evaluate import evaluate, read_gold
from kg.evaluate.compare import compare
from kg.evaluate.gold import GoldTrial
from kg.extract import extract
from tests.kg.extract.told import lexicon, told

CONSTRUCT = {
    "name": "CD19 CAR-T",
    "modality": "CAR-T",
    "effector": "T",
    "source": None,
    "donor": "unknown",
    "donor_stated": False,
    "targets": ["CD19"],
    "logic": "single",
    "combined": None,
    "architecture": None,
    "role": "experimental",
    "kb": False,
}


def labels(constructs=(), antigens=(), conditions=(), klass="cell") -> GoldTrial:
    return msgspec.convert(
        {
            "id": "NCT00000001",
            "class": klass,
            "constructs": list(constructs),
            "antigens": [
                {"key": key, "id": identifier, "role": role, "quote": ""}
                for key, identifier, role in antigens
            ],
            "conditions": list(conditions),
        },
        GoldTrial,
    )


def compared(gold, *told_args, **told_fields):
    return compare(gold, extract(told(*told_args, **told_fields), lexicon()), lexicon())


TARGET = ("CD19", "hgnc:1633", "target")


def test_a_right_target_counts_as_right():
    found = compared(labels([CONSTRUCT], [TARGET]), "CD19 CAR-T", "CD19 CAR-T cells")
    assert found.counts["targets"] == (1, 0, 0)
    assert found.counts["constructs"] == (1, 0, 0)
    assert found.confusions == ()


def test_a_wrong_and_a_missed_target_are_told_with_their_words():
    found = compared(labels([CONSTRUCT], [TARGET]), "CD22 CAR-T", "CD22 CAR-T cells")
    assert found.counts["targets"] == (0, 1, 1)
    kinds = {(item.measure, item.kind) for item in found.confusions}
    assert {("targets", "wrong"), ("targets", "missed")} <= kinds
    assert any("CD22" in item.quote for item in found.confusions)


def test_antigens_match_by_identifier_and_variants_by_key():
    her2 = {**CONSTRUCT, "targets": ["ERBB2"]}
    found = compared(
        labels([her2], [("ERBB2", "hgnc:3430", "target")]), "A study", "HER2 CAR-T cells"
    )
    assert found.counts["targets"] == (1, 0, 0)
    egfr = {**CONSTRUCT, "targets": ["EGFR"]}
    found = compared(
        labels([egfr], [("EGFR", "hgnc:3236", "target")]), "A study", "EGFRvIII CAR-T cells"
    )
    assert found.counts["targets"] == (0, 1, 1)


def test_what_only_an_outside_source_says_is_scored_apart():
    known = {**CONSTRUCT, "name": "tarlatamab", "modality": "T-cell-engager", "targets": ["DLL3"]}
    gold = labels([{**known, "kb": True}], [("DLL3", "hgnc:2909", "target")], klass="binder")
    found = compared(gold, "Tarlatamab in SCLC", "Tarlatamab")
    assert found.counts["targets"] == (0, 0, 0)
    assert found.counts["known products"] == (1, 0, 0)


def test_roles_are_counted_in_their_groups():
    gold = labels([CONSTRUCT], [TARGET, ("CD20", "hgnc:7315", "prior-therapy")])
    found = compared(
        gold,
        "CD19 CAR-T",
        "CD19 CAR-T cells",
        criteria="Exclusion Criteria:\n* prior anti-CD20 antibody\n* prior anti-CD22 antibody",
    )
    assert found.counts["role: prior therapy"] == (1, 1, 0)


def test_a_parent_condition_counts_half():
    concepts = lexicon().concepts
    child = next(concepts[c] for c in concepts if len(concepts[c].parents) == 1)
    listed = {"as_listed": child.label, "core": child.label, "mondo": child.curie}
    gold = labels(conditions=[listed])
    trial = told("A study", conditions=())
    found = compare(gold, extract(trial, lexicon()), lexicon())
    assert found.counts["conditions mapped"] == (0, 1, 1)


def test_labels_without_a_record_are_named():
    found = evaluate([labels([CONSTRUCT])], [], lexicon())
    assert found.without_record == ("NCT00000001",)
    assert found.trials == 0


def test_a_wrong_label_line_is_named(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "NCT1"}\n')
    with pytest.raises(UsageError, match="line 1"):
        read_gold([path])


def test_a_trial_labelled_twice_is_named(tmp_path):
    path = tmp_path / "gold.jsonl"
    line = msgspec.json.encode(labels([CONSTRUCT])) + b"\n"
    path.write_bytes(line * 2)
    with pytest.raises(UsageError, match="twice"):
        read_gold([path])


def test_an_antigen_that_only_one_side_gives_an_identifier_matches_by_key():
    gold = labels([CONSTRUCT], [TARGET, ("CD3", "hgnc:1674", "prior-therapy")])
    criteria = "Exclusion Criteria:\n\n* Prior anti-CD3 antibody therapy"
    found = compared(gold, "CD19 CAR-T", "CD19 CAR-T cells", criteria=criteria)
    assert lexicon().antigens["CD3"].hgnc == ""
    assert found.counts["role: prior therapy"] == (1, 0, 0)


MENU = {**CONSTRUCT, "name": "CAR-T", "targets": ["CD19", "CD20", "CD22"], "logic": "menu"}
OFFERED = [TARGET, ("CD20", "hgnc:7315", "target"), ("CD22", "hgnc:1643", "target")]


def test_what_answers_a_labelled_menu_is_left_out_as_the_menu_is():
    found = compared(labels([MENU], OFFERED), "A study", "CD19, CD20 or CD22 CAR-T cells")
    assert found.counts["targets"] == (3, 0, 0)
    assert found.counts["constructs"] == (0, 0, 0)
    assert "construct-target pairs" not in found.counts


def test_a_construct_with_an_antigen_that_no_menu_offers_counts():
    found = compared(labels([MENU], OFFERED), "A study", "CD19/CD7 dual CAR-T cells")
    assert found.counts["constructs"] == (0, 1, 0)


def test_a_construct_that_another_label_asks_for_answers_that_and_no_menu():
    gold = labels([MENU, CONSTRUCT], OFFERED)
    found = compared(gold, "CD19 CAR-T", "CD19 CAR-T cells")
    assert found.counts["constructs"] == (1, 0, 0)
