import io
import json
import sys

import msgspec
import pytest

from kg.cli import main
from tests.kg.registry_records import study, write_lines


@pytest.fixture
def trialkg(monkeypatch, capfd):
    """Run a command in this process; return exit status, standard output and standard error."""

    def run(*arguments, given=b""):
        monkeypatch.setattr(sys, "argv", ["trialkg", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capfd.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return run


@pytest.fixture
def record(tmp_path):
    return write_lines(tmp_path / "records.jsonl", [study(1)])


def test_plain_text_is_read_as_title_and_summary(trialkg):
    status, printed, _ = trialkg("extract", "-", given=b"CD19/CD22 dual CAR-T cells\nAutologous.")
    assert status == 0
    assert "CD19" in printed
    assert "CD22" in printed
    assert "Autologous" in printed


def test_json_holds_the_quotes(trialkg):
    _, printed, _ = trialkg("extract", "-", "--json", given=b"CD19 CAR-T cells")
    (construct,) = json.loads(printed)["findings"]["constructs"]
    (target,) = construct["targets"]
    assert target["value"] == "CD19"
    assert target["evidence"] == [{"field": "/title", "exact": "CD19", "start": 0, "end": 4}]


def test_a_record_is_read_from_a_file_and_from_standard_input(trialkg, record):
    _, from_file, _ = trialkg("extract", record)
    _, from_input, _ = trialkg("extract", "-", given=record.read_bytes())
    assert from_file == from_input
    assert "NCT" in from_file


def test_a_file_that_is_not_there_is_named(trialkg, tmp_path):
    status, _, complaint = trialkg("extract", tmp_path / "nowhere.txt")
    assert status == 2
    assert "nowhere.txt" in complaint


def test_no_text_is_an_error(trialkg):
    status, _, complaint = trialkg("extract", "-", given=b"  \n")
    assert status == 1
    assert "no text" in complaint


@pytest.fixture
def gold(tmp_path, record):
    identifier = json.loads(record.read_text().splitlines()[0])["protocolSection"][
        "identificationModule"
    ]["nctId"]
    labels = {"id": identifier, "class": "none", "constructs": [], "antigens": [], "conditions": []}
    path = tmp_path / "gold.jsonl"
    path.write_bytes(msgspec.json.encode(labels) + b"\n")
    return path


def test_evaluate_prints_every_measure_as_table_and_as_json(trialkg, gold, record):
    options = ("evaluate", "--gold", gold, "--records", record)
    status, table, _ = trialkg(*options)
    assert status == 0
    assert "1 labelled trials" in table
    _, printed, _ = trialkg(*options, "--json", "--without-products")
    found = json.loads(printed)
    assert found["trials"] == 1
    assert {score["measure"] for score in found["scores"]["all"]} >= {"targets", "constructs"}


def test_a_class_that_is_none_is_named(trialkg, gold, record):
    status, _, complaint = trialkg(
        "evaluate", "--gold", gold, "--records", record, "--class", "nonsense"
    )
    assert status == 2
    assert "nonsense" in complaint
