"""The record page of ChiCTR: Chinese and English fields, and what is no record."""

import gzip

import pytest

from kg.errors import RecordError
from loaders import LOADERS
from tests.loaders.reading import found, read, trial, versions

CHICTR = LOADERS["chictr"]


def pair(label, value):
    return f"<tr><td class='left_title'><p>{label}</p></td><td>{value}</td></tr>"


def page(*rows):
    return f"<html><head><title>x</title></head><body><table>{''.join(rows)}</table></body></html>"


NUMBER = pair("注册号：</p><p>Registration number：", "ChiCTR2400084905&nbsp;")
GROUPS = (
    "<table>"
    + pair("组别：", "试验组")
    + pair("Group：", "experimental")
    + pair("样本量：", "12")
    + pair("干预措施：", "嵌合抗原受体NK细胞")
    + pair("Intervention：", "CAR-NK cells")
    + pair("组别：", "对照组")
    + pair("样本量：", "10")
    + pair("干预措施：", "安慰剂")
    + "</table>"
)
RECORD = page(
    NUMBER,
    pair("注册题目：", "张伟教授的研究"),
    pair("Public title：", "CAR-NK of Wei Zhang"),
    pair("Applicant：", "Wei Zhang"),
    pair("研究负责人：", "张伟"),
    pair("Primary sponsor：", "A Hospital"),
    pair("Study type：", "Interventional study"),
    pair("Study phase：", "1-2"),
    "<tr><td>征募研究对象情况：</td><td><p>正在进行</p><p>Recruiting</p></td>"
    "<td>年龄范围：</td><td><table>" + pair("最小 Min age", "18") + "</table></td></tr>",
    pair("盲法：", "双盲"),
    pair("Inclusion criteria", "<p>1. Adults<br>2. AML</p>"),
    pair("Gender：", "Both"),
    f"<tr><td>干预措施：<br>Interventions：</td><td>{GROUPS}</td></tr>",
    pair("Novelty：", "x"),
)


def test_fields_are_read_by_their_labels_in_either_language():
    made = trial(CHICTR, RECORD)
    assert found(RECORD) == "chictr"
    assert (made.registry_id, made.recruitment_status) == ("ChiCTR2400084905", "Recruiting")
    assert (made.phases, made.masking, made.sex) == (
        ("Phase1", "Phase2"),
        "DoubleMasking",
        "AllSexes",
    )
    assert made.eligibility.raw == "Inclusion Criteria:\n1. Adults\n2. AML"
    assert made.minimum_age.duration == "P18Y"
    assert made.dropped == ()


def test_arms_keep_their_chinese_names_and_give_the_enrolment():
    made = trial(CHICTR, RECORD)
    assert [arm.label.raw for arm in made.arms] == ["experimental", "对照组"]
    assert [one.name.raw for one in made.interventions] == ["CAR-NK cells", "安慰剂"]
    assert [name.raw for name in made.interventions[0].other_names] == ["嵌合抗原受体NK细胞"]
    assert made.enrollment == 22


def test_people_are_masked_in_both_scripts():
    (version,) = versions(CHICTR, RECORD)
    made = CHICTR.parse(version.content)
    assert made.brief_title.raw == f"CAR-NK of {'█' * 9}"
    assert "Wei Zhang" not in version.content.decode()
    assert version.unknown_keys == ("Novelty",)


def test_a_page_of_results_is_refused_with_what_to_do():
    rows = "<tr><td>注册号</td><td>注册题目</td><td>研究类型</td></tr>"
    with pytest.raises(RecordError, match=r"search results.*open each trial"):
        read(CHICTR, page(rows))
    with pytest.raises(RecordError, match="no registration number"):
        read(CHICTR, page(pair("x", "y")))


@pytest.mark.parametrize("content", [b"", b"   "])
def test_an_empty_page_is_refused(content):
    with pytest.raises(RecordError, match="holds no page"):
        read(CHICTR, content)


def test_a_page_that_is_nested_beyond_measure_ends():
    deep = page(NUMBER, "<div>" * 50_000, pair("Public title：", "T"))
    try:
        made = trial(CHICTR, deep)
    except RecordError:
        return
    assert made.registry_id == "ChiCTR2400084905"


def test_the_real_record_is_read_and_the_real_search_page_refused(shared):
    content = gzip.decompress((shared / "data/chictr/chictr_detail_page.html.gz").read_bytes())
    assert found(content) == "chictr"
    (version,) = versions(CHICTR, content)
    made = CHICTR.parse(version.content)
    assert version.unknown_keys == ()
    assert made.dropped == ()
    assert (made.registry_id, made.enrollment) == ("ChiCTR2400084905", 936)
    assert made.recruitment_status == "NotYetRecruiting"
    assert (len(made.arms), len(made.outcomes), len(made.sites)) == (4, 3, 32)
    assert made.sites[0].facility == "Jilin Cancer Hospital"
    for person in ("张娇", "Jiao Zhang", "程颖", "cheng ying", "张宁", "lilly.com", "5683"):
        assert person not in version.content.decode()
    search = gzip.decompress((shared / "data/chictr/chictr_search_page.html.gz").read_bytes())
    with pytest.raises(RecordError, match="search results"):
        read(CHICTR, search)
