import shutil

import pytest

from kg.errors import LexiconError
from kg.extract import extract, load_lexicon
from kg.resources import LEXICON
from tests.kg.extract.told import lexicon, targets, told


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def write(folder, name, *rows):
    header = (LEXICON / f"{name}.tsv").read_text().split("\n", 1)[0]
    (folder / f"{name}.tsv").write_text("\n".join([header, *("\t".join(row) for row in rows), ""]))


def test_a_folder_of_the_user_adds_a_product(own):
    row = ["XQ-1", "XQ-1", "CARTTherapy", "TCell", "", "Autologous", "CD19", *[""] * 7]
    write(own, "products", [*row, "uncited", "2026-01-01"])
    write(own, "product_names", ["XQ-1-cel", "XQ-1", "code", "fold", "uncited", "2026-01-01"])
    found = extract(told("A study", "XQ-1-cel"), load_lexicon([LEXICON, own]))
    assert targets(found) == [{"CD19"}]
    assert extract(told("A study", "XQ-1-cel"), lexicon()).constructs == ()


def test_a_folder_of_the_user_adds_a_marker_of_cells(own):
    write(own, "antigen_parts", ["CD62L", "marker", "uncited", "2026-01-01"])
    trial = told("CD19 CAR T Cells in Leukemia", "CD19-CD62L CAR transduced T cells")
    roles = [
        {m.role for m in extract(trial, tables).mentions if m.antigen == "CD62L"}
        for tables in (lexicon(), load_lexicon([LEXICON, own]))
    ]
    assert [("MarkerMention" in one) for one in roles] == [False, True]


def test_a_folder_of_the_user_adds_another_use_of_an_antibody(own):
    words = ["eye-care", "VEGF-A", r"macular|retin", "around", "uncited", "2026-01-01"]
    write(own, "other_uses", words)
    trial = told(
        "CD19 CAR T Cells in Leukemia",
        "CD19 CAR-T cells",
        criteria="Exclusion Criteria:\n\n* Prior treatment with bevacizumab for macular oedema",
    )
    roles = [
        {m.role for m in extract(trial, tables).mentions if m.antigen == "VEGF-A"}
        for tables in (lexicon(), load_lexicon([LEXICON, own]))
    ]
    assert roles == [{"PriorTherapyMention"}, {"BackgroundMention"}]


def test_the_digest_changes_with_a_table_of_the_user(own):
    write(own, "therapy_agents", ["soup", "SupportiveRole", "fold", "uncited", "2026-01-01"])
    assert load_lexicon([LEXICON, own]).digest != lexicon().digest


@pytest.mark.parametrize(
    ("table", "row", "words"),
    [
        ("antigen_aliases", ["X9", "NOSUCH", "fold", "word", "", ""], "NOSUCH"),
        ("antigen_aliases", ["X9", "CD19", "fold", "word", "nowhere", ""], "nowhere"),
        ("product_names", ["X9", "no-such-product", "code", "fold"], "no-such-product"),
        ("role_cues", ["x", "BackgroundMention", "(", "", "any"], "no pattern"),
        ("role_cues", ["x", "BackgroundMention", "", "cells", "any"], "begin their pattern"),
        ("binder_ligands", ["NOSUCH", "CD19"], "NOSUCH"),
        ("antigen_parts", ["NOSUCH", "marker"], "NOSUCH"),
        ("antigen_parts", ["CD34", "handle"], "handle"),
        ("other_uses", ["eye-care", "NOSUCH", "eye", "around"], "NOSUCH"),
        ("other_uses", ["eye-care", "VEGF-A", "(", "around"], "no pattern"),
        ("other_uses", ["eye-care", "VEGF-A", "eye", "far"], "far"),
        ("condition_modifiers", [r"(more|less) and \1", "severity", "more"], "group"),
    ],
)
def test_a_wrong_row_is_named(own, table, row, words):
    write(own, table, [*row, "uncited", "2026-01-01"])
    with pytest.raises(LexiconError, match=words):
        load_lexicon([LEXICON, own])


def test_a_table_without_its_columns_is_named(tmp_path):
    folder = tmp_path / "lexicon"
    shutil.copytree(LEXICON, folder)
    (folder / "components.tsv").write_text("name\tkind\n")
    with pytest.raises(LexiconError, match=r"components\.tsv"):
        load_lexicon([folder])
