"""Chinese titles and names: what extraction reads in them, and that it quotes what stands there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract import extract
from kg.extract.normalise import normalise
from kg.extract.places import places
from kg.records import Site
from kg.resources import LEXICON
from tests.kg.extract.told import lexicon, told
from tests.kg.extract.trials import text, trial


def constructs(title, *interventions, **fields):
    made = told(title, *interventions, **fields)
    return extract(made, lexicon()).constructs


@pytest.mark.parametrize(
    ("title", "modality", "targets", "quote"),
    [
        ("靶向DLL3的CAR-NK细胞治疗复发难治小细胞肺癌", "CARNKTherapy", ["DLL3"], "DLL3"),
        ("抗CD19嵌合抗原受体T细胞治疗淋巴瘤", "CARTTherapy", ["CD19"], "CD19"),
        ("BCMA/CD19双靶点CAR-T细胞治疗骨髓瘤", "CARTTherapy", ["BCMA", "CD19"], "BCMA"),
        ("抗CD20/CD3双特异性抗体治疗淋巴瘤", "TCellEngager", ["CD20"], "CD20"),
        ("间皮素CAR-T细胞治疗晚期实体瘤", "CARTTherapy", ["MSLN"], "间皮素"),
        ("伊基奥仑赛注射液治疗多发性骨髓瘤", "CARTTherapy", ["BCMA"], "伊基奥仑赛"),
        ("自然杀伤细胞输注治疗急性髓系白血病", "UnmodifiedNKTherapy", [], None),
    ],
)
def test_a_chinese_title_gives_modality_and_targets_and_is_quoted(title, modality, targets, quote):
    (one,) = constructs(title, title)
    assert one.modality.value == modality
    assert [claim.value for claim in one.targets] == targets
    quotes = [words for claim in one.targets[:1] for words in claim.evidence]
    assert {words.exact for words in quotes} >= ({quote} if quote else set())
    assert all(title[words.start : words.end] == words.exact for words in quotes)


@pytest.mark.parametrize(
    ("words", "donor"),
    [("自体", "Autologous"), ("同种异体", "Allogeneic"), ("脐带血来源", "Allogeneic")],
)
def test_the_donor_is_read_from_chinese_words(words, donor):
    (one,) = constructs("一项研究", f"{words}CD19 CAR-T细胞")
    assert one.donor.value == donor


@pytest.mark.parametrize(
    ("listed", "concept", "mapping"),
    [
        ("多发性骨髓瘤", "MONDO:0009693", "ExactMapping"),
        ("复发/难治性多发性骨髓瘤", "MONDO:0009693", "BroaderMapping"),
        ("B细胞非霍奇金淋巴瘤", "MONDO:0015759", "ExactMapping"),
        ("小细胞肺癌", "MONDO:0008433", "ExactMapping"),
        ("系统性红斑狼疮", "MONDO:0007915", "ExactMapping"),
        ("晚期胃癌", "MONDO:0001056", "BroaderMapping"),
        ("没有这个名字", None, "Unmapped"),
    ],
)
def test_a_chinese_condition_is_mapped_and_quoted_as_listed(listed, concept, mapping):
    (term,) = extract(trial(conditions=(text(listed, "/condition"),)), lexicon()).conditions
    assert (term.concept and term.concept.value, term.mapping) == (concept, mapping)
    if term.concept:
        assert [words.exact for words in term.concept.evidence] == [listed]


@pytest.mark.parametrize(
    ("city", "facility", "keys"),
    [
        ("深圳", "北京大学深圳医院", ("CN", "shenzhen", "peking-university-shenzhen-hospital")),
        ("长春市", "吉林省肿瘤医院", ("CN", "changchun", "jilin-cancer-hospital")),
        ("北京市", "北京协和医院", ("CN", "beijing", "peking-union-medical-college-hospital")),
    ],
)
def test_a_chinese_site_is_the_place_of_its_english_name(city, facility, keys):
    site = Site(field="/site", country="中国", city=city, facility=facility)
    (place,) = places(trial(sites=(site,)), lexicon().gazetteer)
    assert (place.country, place.city, place.facility) == keys


@given(st.text(alphabet="抗靶向的细胞治疗CAR-T DLL3。、\\>\r\nα多发性骨髓瘤", max_size=40))
def test_every_span_of_a_glossed_text_leads_back_into_the_raw_one(raw):
    normal = normalise(raw, lexicon().concepts.glossary)
    for start in range(len(normal.text)):
        for end in (start + 1, len(normal.text)):
            first, last = normal.raw_span(start, end)
            assert 0 <= first < last <= len(raw)


def test_a_text_without_han_characters_is_left_as_it_is():
    assert lexicon().concepts.glossary.gloss("Anti-DLL3 CAR-NK cells ≥ 18 years") is None


def test_no_gloss_is_given_twice_and_none_is_empty_but_for_what_english_leaves_out():
    lines = (LEXICON / "glosses.tsv").read_text(encoding="utf-8").splitlines()[1:]
    words = [line.split("\t")[0] for line in lines]
    assert len(words) == len(set(words))
    assert [line.split("\t")[0] for line in lines if not line.split("\t")[1]] == ["的"]
