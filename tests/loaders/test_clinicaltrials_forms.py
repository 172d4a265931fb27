"""ClinicalTrials.gov in its other forms: each becomes a study of the API v2."""

import gzip
import io
import json
import zipfile

import pytest

from kg.errors import RecordError
from kg.forms import raw_records
from kg.records import COPY, PRIMARY
from loaders import LOADERS
from loaders.aact.tables import PEOPLE, READ, UNREAD
from loaders.clinicaltrials import codes
from loaders.clinicaltrials.rebuilding import IRREGULAR, coded, date, phases
from tests.loaders.reading import found, trial, versions

XML, XML_JSON = LOADERS["clinicaltrials_xml"], LOADERS["clinicaltrials_xml_json"]
CSV, AACT, API = LOADERS["clinicaltrials_csv"], LOADERS["aact"], LOADERS["clinicaltrials"]

STUDY = """<clinical_study>
  <id_info><org_study_id>X-1</org_study_id><nct_id>NCT01234567</nct_id></id_info>
  <brief_title>CAR-NK</brief_title>
  <overall_status>Active, not recruiting</overall_status>
  <start_date type="Actual">August 24, 2018</start_date>
  <phase>Phase 1/Phase 2</phase>
  <study_design_info><masking>None (Open Label)</masking></study_design_info>
  <arm_group><arm_group_label>A</arm_group_label></arm_group>
  <intervention><intervention_type>Drug</intervention_type>
    <intervention_name>x</intervention_name><arm_group_label>A</arm_group_label></intervention>
  <eligibility><criteria><textblock>
        Inclusion Criteria:

          -  one that
             goes on

        Exclusion Criteria by Jane Doe
      </textblock></criteria><gender>Both</gender></eligibility>
  <overall_contact><last_name>Jane Doe, MD</last_name><phone>1</phone></overall_contact>
</clinical_study>"""


def test_the_old_xml_becomes_a_study_with_its_codes():
    made = trial(XML, STUDY)
    assert found(STUDY) == "clinicaltrials_xml"
    assert (made.registry_id, made.recruitment_status) == ("NCT01234567", "ActiveNotRecruiting")
    assert (made.phases, made.masking, made.sex) == (("Phase1", "Phase2"), "OpenLabel", "AllSexes")
    assert (str(made.start_date.day), made.start_date.date_type) == ("2018-08-24", "ActualDate")
    assert [arm.interventions for arm in made.arms] == [(0,)]
    assert made.dropped == ()


def test_wrapped_lines_are_joined_and_people_masked():
    made = trial(XML, STUDY)
    assert made.eligibility.raw == (
        f"Inclusion Criteria:\n\n  - one that goes on\n\nExclusion Criteria by {'█' * 8}"
    )


def test_xml_as_json_is_the_same_study():
    record = {"id_info": {"nct_id": "NCT01234567"}, "brief_title": "CAR &amp; NK", "condition": "x"}
    made = trial(XML_JSON, json.dumps(record))
    assert found(json.dumps(record)) == "clinicaltrials_xml_json"
    assert (made.brief_title.raw, [one.raw for one in made.conditions]) == ("CAR & NK", ["x"])


def test_a_label_without_code_is_dropped_as_it_stands():
    made = trial(XML, STUDY.replace("Active, not recruiting", "Dormant"))
    assert [one.value for one in made.dropped] == ["Dormant"]


def test_labels_are_the_codes_of_the_tables():
    for table in (codes.STATUS, codes.STUDY_TYPE, codes.ARM_TYPE, codes.INTERVENTION_TYPE):
        for key in table:
            assert coded(key, table) == key
            assert coded(key.replace("_", " ").capitalize(), table) == key
    known = set().union(*(table for table in vars(codes).values() if isinstance(table, dict)))
    assert set(IRREGULAR.values()) <= known
    assert phases("PHASE1|PHASE2") == phases("Phase 1/Phase 2") == ["PHASE1", "PHASE2"]
    assert [date(one) for one in ("April 2011", "2011", "soon")] == ["2011-04", "2011", "soon"]


ROW = (
    "NCT Number,Study Title,Study Status,Conditions,Interventions,Sponsor,Phases,Age,Locations,"
    "Study Design,Enrollment\r\n"
    "NCT01234567,CAR-NK,ACTIVE_NOT_RECRUITING,AML|MDS,BIOLOGICAL: NK-1|DRUG: x,A Uni,PHASE1|PHASE2,"
    '"ADULT, OLDER_ADULT","Beijing Hospital, Beijing, Beijing, 100000, China",'
    "Allocation: NA|Intervention Model: SINGLE_GROUP|Masking: NONE,12\r\n"
)
FORMER = (
    "Rank,NCT Number,Title,Status,Phases,Sponsor/Collaborators,Funded Bys\r\n"
    "1,NCT01234567,T,Recruiting,Phase 2,A Uni|B Ltd,NIH\r\n"
)


def test_the_site_s_csv_becomes_a_study_in_both_of_its_headers():
    made, old = trial(CSV, ROW), trial(CSV, FORMER)
    assert found(ROW) == found(FORMER) == "clinicaltrials_csv"
    assert (made.recruitment_status, made.phases) == ("ActiveNotRecruiting", ("Phase1", "Phase2"))
    assert [one.intervention_type for one in made.interventions] == [
        "BiologicalIntervention",
        "DrugIntervention",
    ]
    assert [(site.facility, site.city, site.country) for site in made.sites] == [
        ("Beijing Hospital", "Beijing", "China")
    ]
    assert (made.masking, made.intervention_model) == ("OpenLabel", "SingleGroupAssignment")
    assert (old.recruitment_status, old.phases) == ("Recruiting", ("Phase2",))
    assert made.dropped == old.dropped == ()


def test_forms_that_leave_out_much_are_copies():
    assert (XML.standing, CSV.standing, AACT.standing) == (PRIMARY, COPY, COPY)
    assert {one.registry for one in (XML, XML_JSON, CSV, AACT)} == {"clinicaltrials"}


TABLES = {
    "studies": "nct_id|brief_title|overall_status|phase|start_month_year|start_date\n"
    'NCT01234567|"CAR-NK | of Jane Doe"|RECRUITING|PHASE1/PHASE2|2020-03|2020-03-31\n'
    "NCT00000002|Second|COMPLETED|NA||\n",
    "conditions": "id|nct_id|name|downcase_name\n1|NCT01234567|AML|aml\n2|NCT09999999|x|x\n",
    "design_groups": "id|nct_id|group_type|title|description\n7|NCT01234567|EXPERIMENTAL|A|\n",
    "interventions": "id|nct_id|intervention_type|name|description\n8|NCT01234567|DRUG|x|\n",
    "design_group_interventions": "id|nct_id|design_group_id|intervention_id\n1|NCT01234567|7|8\n",
    "facilities": "id|nct_id|status|name|city|state|zip|country|latitude|longitude\n"
    "1|NCT01234567|RECRUITING|H|Berlin|||Germany|52.5|13.4\n",
    "central_contacts": "id|nct_id|contact_type|name|phone\n1|NCT01234567|primary|Jane Doe|1\n",
    "outcomes": "id|nct_id|title\n1|NCT01234567|x\n",
}


@pytest.fixture(params=["folder", "archive"])
def dump(request, tmp_path):
    if request.param == "folder":
        for name, text in TABLES.items():
            (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
        return tmp_path
    with zipfile.ZipFile(tmp_path / "aact.zip", "w") as archive:
        for name, text in TABLES.items():
            archive.writestr(f"{name}.txt", text)
    return tmp_path / "aact.zip"


def test_the_tables_of_a_dump_are_joined_by_study(dump):
    made = [one for _, one in raw_records([dump], LOADERS, None)]
    errors = [one for one in made if isinstance(one, RecordError)]
    assert [(one.registry_id, one.reason) for one in errors] == [
        ("NCT09999999", "has rows but none in studies")
    ]
    contents = [AACT.version(one) for one in made if not isinstance(one, RecordError)]
    second, first = (AACT.parse(one.content) for one in contents)
    assert (second.registry_id, first.registry_id) == ("NCT00000002", "NCT01234567")
    assert first.brief_title.raw == f"CAR-NK | of {'█' * 8}"
    assert (str(first.start_date.day), first.start_date.precision) == ("2020-03-01", "Month")
    assert [arm.interventions for arm in first.arms] == [(0,)]
    assert first.sites[0].latitude == 52.5
    assert {key for one in contents for key in one.unknown_keys} == set()


def test_a_study_that_stands_twice_in_a_dump_is_refused():
    twice = TABLES["studies"] + "NCT00000002|Again|COMPLETED|NA||\n"
    made = list(AACT.read(io.BytesIO(twice.encode()), "studies.txt"))
    errors = [one for one in made if isinstance(one, RecordError)]
    assert [(one.registry_id, one.reason) for one in errors] == [
        ("NCT00000002", "stands 2 times in studies")
    ]
    assert len(made) == 2


def test_every_table_of_the_schema_is_read_or_known_to_be_left_out(shared):
    lines = (shared / "data/aact/aact_schema_columns.tsv").read_text().splitlines()[1:]
    tables = {line.split("\t")[1] for line in lines if line.startswith("ctgov_v2\t")}
    names = {table.removeprefix("ctgov_v2.") for table in tables}
    assert names <= READ.keys() | PEOPLE.keys() | UNREAD


# One file holds the document of another trial.
HOLDS = {"NCT00980226": "NCT00081588"}


def test_every_real_document_of_the_old_xml_is_read(shared):
    for path in sorted((shared / "data/ctgov_legacy/xml").glob("*.xml.gz")):
        (version,) = versions(XML, gzip.decompress(path.read_bytes()), path.name)
        made = XML.parse(version.content)
        assert made.registry_id == HOLDS.get(path.name[:11], path.name[:11])
        assert version.unknown_keys == ()
        assert {one.reason for one in made.dropped} <= {"a person, not a facility"}
        assert b"@" not in version.content


def test_real_xml_that_was_made_json_is_read(shared):
    content = gzip.decompress(
        (shared / "data/ctgov_legacy/ctgov_xml_as_json.jsonl.gz").read_bytes()
    )
    made = versions(XML_JSON, content)
    assert [one.unknown_keys for one in made] == [(), ()]
    assert all(XML_JSON.parse(one.content).dropped == () for one in made)
