"""WHO ICTRP in both exports: every record under the registry that it is a copy from."""

import gzip
import json
from collections import Counter

import pytest

from kg.errors import RecordError
from kg.records import COPY
from loaders import LOADERS
from loaders.ictrp.codes import NO_AGE_LIMIT
from loaders.ictrp.registers import IDENTIFIERS, NAMES, registry_and_id
from tests.loaders.reading import found, read, trial, versions

XML, CSV = LOADERS["ictrp"], LOADERS["ictrp_csv"]
CONTACTS = {"Contact_Firstname": "Xiaowei Xu", "Contact_Email": "x@y.cn", "Contact_Tel": "+86 1"}


def export(**fields):
    stated = {"TrialID": "ChiCTR2000029850", "Public_title": "A trial", **fields}
    inside = "".join(f"<{key}>{value}</{key}>" for key, value in stated.items())
    return f"<Trials_downloaded_from_ICTRP><Trial>{inside}</Trial></Trials_downloaded_from_ICTRP>"


def test_both_exports_are_copies_that_name_no_registry_of_their_own():
    assert (XML.standing, XML.registry) == (CSV.standing, CSV.registry) == (COPY, None)
    assert found(export()) == "ictrp"
    assert found("TrialID,Source Register,Public title\r\n") == "ictrp_csv"


@pytest.mark.parametrize(
    ("stated", "registry", "registry_id"),
    [
        ("NCT04252885", "clinicaltrials", "NCT04252885"),
        ("ChiCTR-TRC-12002345", "chictr", "ChiCTR-TRC-12002345"),
        ("EUCTR2015-002340-14-NL", "euclinicaltrials", "2015-002340-14-NL"),
        ("CTIS2023-508143-51-01", "ctis", "2023-508143-51-01"),
        ("JPRN-jRCTs031190227", "jrct", "jRCTs031190227"),
        ("JPRN-UMIN000039988", "umin", "UMIN000039988"),
        ("IRCT20100228003449N27", "irct", "IRCT20100228003449N27"),
        ("CTRI/2020/04/024567", "ctri", "CTRI/2020/04/024567"),
        ("NL8490", "ntr", "NL8490"),
        ("KCT0004567", "cris", "KCT0004567"),
    ],
)
def test_an_identifier_says_its_registry(stated, registry, registry_id):
    assert registry_and_id(stated) == (registry, registry_id)


def test_every_register_that_is_named_has_a_form_of_identifiers():
    assert set().union(*NAMES.values()) == set(IDENTIFIERS)


def test_registers_that_do_not_go_with_the_identifier_are_refused():
    (error,) = versions(XML, export(Source_Register="ISRCTN"))
    assert isinstance(error, RecordError)
    assert (error.registry_id, error.field) == ("ChiCTR2000029850", "Source_Register")
    (error,) = versions(XML, export(TrialID="XYZ1"))
    assert error.field == "TrialID"


def test_people_are_neither_kept_nor_left_in_texts():
    (version,) = versions(XML, export(**CONTACTS, Public_title="A trial of Xiaowei Xu"))
    assert json.loads(version.content)["Public_title"] == f"A trial of {'█' * 10}"
    assert b"Xiaowei" not in version.content
    assert b"y.cn" not in version.content


def test_a_change_of_contacts_alone_is_no_version():
    one, other = (
        versions(XML, export(Contact_Firstname=name))[0].content for name in ("Li Wei", "Wang Fang")
    )
    assert one == other


def test_arms_of_the_chinese_register_stand_before_what_is_given():
    made = trial(
        XML,
        export(
            Intervention="experimental group:CAR-NK cells;control group:saline;",
            Target_size="experimental group:10;control group:12;",
            Phase="1-2",
            Inclusion_gender="Both",
            Study_type="Interventional study",
        ),
    )
    assert [arm.label.raw for arm in made.arms] == ["experimental group", "control group"]
    assert [one.name.raw for one in made.interventions] == ["CAR-NK cells", "saline"]
    assert [one.arms for one in made.interventions] == [(0,), (1,)]
    assert (made.enrollment, made.phases, made.sex) == (22, ("Phase1", "Phase2"), "AllSexes")


def test_the_lines_of_the_eu_register_are_read_as_codes():
    phase = "Human pharmacology (Phase I): yes&lt;br&gt;Therapeutic exploratory (Phase II): no"
    made = trial(
        XML,
        export(
            TrialID="EUCTR2015-002340-14-NL",
            Phase=phase,
            Inclusion_gender="&lt;br&gt;Female: yes&lt;br&gt;Male: yes&lt;br&gt;",
            Study_design="Controlled: yes&lt;br&gt;Randomised: yes&lt;br&gt;Open: yes",
            Intervention="&lt;br&gt;Trade Name: X&lt;br&gt;INN or Proposed INN: Y&lt;br&gt;",
        ),
    )
    assert (made.phases, made.sex, made.masking) == (("Phase1",), "AllSexes", "OpenLabel")
    assert made.allocation == "RandomizedAllocation"
    assert [one.name.raw for one in made.interventions] == ["X"]
    assert made.secondary_ids[0].value == "2015-002340-14"


def test_a_state_that_is_any_but_recruiting_is_dropped_verbatim():
    made = trial(XML, export(Recruitment_Status="Not Recruiting"))
    assert made.recruitment_status is None
    assert [(one.field, one.value) for one in made.dropped] == [
        ("/Recruitment_Status", "Not Recruiting")
    ]


def test_the_two_exports_of_one_record_are_the_same_content():
    row = 'TrialID,Public title,Source Register\r\nNCT04252885,"A\rtrial",ClinicalTrials.gov\r\n'
    xml = export(
        TrialID="NCT04252885", Public_title="A\ntrial", Source_Register="ClinicalTrials.gov"
    )
    assert versions(CSV, row)[0].content == versions(XML, xml)[0].content


def test_no_limit_has_no_words_that_are_an_age():
    assert not any(word.isdigit() and word != "0" for word in NO_AGE_LIMIT)


@pytest.mark.parametrize(
    ("name", "loader", "counts"),
    [
        (
            "ictrp_export_2020-03-18.xml.gz",
            XML,
            {"chictr": 311, "clinicaltrials": 66},
        ),
        (
            "ictrp_covid_export_1135.csv.gz",
            CSV,
            {"chictr": 384, "clinicaltrials": 281, "euclinicaltrials": 33, "anzctr": 9, "irct": 7}
            | {"ntr": 7, "jrct": 3, "umin": 2, "isrctn": 5, "drks": 1, "tctr": 1},
        ),
    ],
)
def test_every_real_record_is_read_under_its_registry(shared, name, loader, counts):
    with gzip.open(shared / "data" / "who_ictrp" / name) as stream:
        content = stream.read()
    assert found(content) == loader.name
    made = versions(loader, content)
    assert [one for one in made if isinstance(one, RecordError)] == []
    assert {key for one in made for key in one.unknown_keys} == set()
    trials = [loader.parse(one.content) for one in made]
    assert Counter(one.registry for one in trials) == Counter(counts)
    assert Counter(one.registry for one in made) == Counter(counts)
    assert len({(one.registry, one.registry_id) for one in trials}) == len(read(loader, content))
    assert {one.field for each in trials for one in each.dropped} <= {
        "/Recruitment_Status",
        "/Phase",
        "/Inclusion_agemin",
        "/Inclusion_agemax",
        "/Target_size",
    }
    assert not any(b"@" in one.content for one in made)
