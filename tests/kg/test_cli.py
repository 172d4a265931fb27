import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import kg.cli
from kg import client
from kg.cli import COMMANDS, main
from kg.resources import EXAMPLES
from tests.kg.registry_records import study, write_lines


@pytest.fixture
def trialkg(monkeypatch, capfd):
    """Run a command in this process; return exit status, standard output and standard error."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["trialkg", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capfd.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return run


@pytest.fixture
def source(tmp_path):
    return write_lines(tmp_path / "records.jsonl", [study(1), study(2)])


@pytest.fixture
def built(tmp_path, source, trialkg):
    assert trialkg("build", "--data", tmp_path / "data", source)[0] == 0
    return tmp_path / "data"


def test_every_module_of_commands_is_in_the_table():
    shared = {"__init__", "dataset", "options", "records", "run_report", "seed", "temporary"}
    modules = {path.stem for path in Path(kg.cli.__file__).parent.glob("*.py")} - shared
    assert {place.partition(":")[0].rsplit(".")[-1] for place in COMMANDS.values()} == modules


@pytest.mark.parametrize("name", [*COMMANDS, None])
def test_every_command_explains_itself(trialkg, name):
    status, printed, _ = trialkg(*([name] if name else []), "--help")
    assert status == 0
    assert "Usage: trialkg" in printed


def test_build_prints_a_report_and_exits_with_0_where_all_is_published(tmp_path, source, trialkg):
    status, printed, _ = trialkg("build", "--data", tmp_path / "data", source, "--json")
    report = json.loads(printed)
    assert (status, report["written"], report["exit_status"]) == (0, 2, 0)
    assert {"read", "graphs", "derive", "publish"} <= report["seconds"].keys()
    assert report["peak_memory_mb"] > 10
    status, printed, _ = trialkg("build", "--data", tmp_path / "data", source)
    assert "unchanged" in printed


def test_build_exits_with_3_where_some_records_are_kept_aside_and_says_where_to_look(
    tmp_path, source, trialkg
):
    source.write_text(source.read_text() + "{torn\n")
    status, _, said = trialkg("build", "--data", tmp_path / "data", source)
    assert status == 3
    _, printed, _ = trialkg("status", "--rejected", "--data", tmp_path / "data")
    assert "records.jsonl line 3" in printed
    # Lines are folded where the terminal ends.
    told = said.partition("kept aside:\n")[2]
    assert "".join(told.split()) == "".join(printed.split())
    whole = source.read_text().removesuffix("{torn\n")
    for torn in ("{of another run\n", "{a\n{b\n{c\n{d\n"):
        source.write_text(whole + torn)
        status, _, said = trialkg("build", "--data", tmp_path / "data", source)
        assert status == 3
        assert "kept aside; see why: trialkg status --rejected" in said


def test_build_reads_standard_input(tmp_path, source):
    command = [sys.executable, "-c", "from kg.cli import main; main()", "build", "--json", "-"]
    done = subprocess.run(
        [*command, "--data", str(tmp_path / "data")],
        input=source.read_bytes(),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["written"] == 2


def test_a_file_that_cannot_be_written_is_one_line(built, tmp_path, trialkg):
    (tmp_path / "taken").mkdir()
    status, _, said = trialkg("dump", "--data", built, "-o", tmp_path / "taken")
    assert status == 1
    assert "taken" in said
    assert len(said.splitlines()) == 1


def test_build_exits_with_1_where_nothing_is_published(tmp_path, trialkg):
    torn = tmp_path / "torn.json"
    torn.write_text("{torn")
    assert trialkg("build", "--data", tmp_path / "data", torn)[0] == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["build", "none.json"], "none.json: no such file or folder"),
        (["build", "--seen", "yesterday"], "no date such as 2026-08-22"),
        (["build", "--registry", "none"], "no loader for 'none'"),
        (["build", "--keep", "0"], "--keep"),
        (["export", "none", "-o", "x"], "no export 'none'"),
        (["build", "--lexicon", "none"], "--lexicon none: no such folder"),
        (["build", "--lexicon", "."], "--lexicon .: what is in it: no table"),
        (["nothing"], "No such command"),
    ],
)
def test_wrong_usage_is_one_clear_line_and_exits_with_2(
    tmp_path, monkeypatch, trialkg, arguments, told
):
    monkeypatch.chdir(tmp_path)
    status, _, said = trialkg(*arguments)
    assert status == 2
    assert told in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", [["status"], ["dump"], ["validate"]])
def test_without_data_the_error_says_what_to_run(tmp_path, trialkg, command):
    status, _, said = trialkg(*command, "--data", tmp_path / "none")
    assert status == 1
    assert "trialkg build" in said
    assert len(said.splitlines()) == 1


def test_a_table_that_the_lexicon_does_not_have_is_refused(tmp_path, source, trialkg):
    (tmp_path / "antigen.tsv").write_text("key\tlabel\n")
    status, _, said = trialkg("build", "--lexicon", tmp_path, "--data", tmp_path / "data", source)
    assert status == 2
    assert "antigen.tsv: no table of the lexicon; there are: antigen_aliases.tsv" in said


def test_an_id_in_another_case_or_of_another_registry_is_told(built, trialkg):
    known = client.open(built).query("SELECT ?id { ?trial tkg:registryId ?id }", as_="polars")
    name = min(known["id"])
    for arguments in ([name.lower()], [name, "--registry", "chictr"]):
        status, _, said = trialkg("show", *arguments, "--data", built)
        assert status == 2
        assert f"there is: trialkg show {name} --registry clinicaltrials" in said


def test_status_counts_what_is_there(built, trialkg):
    _, printed, _ = trialkg("status", "--data", built, "--json")
    found = json.loads(printed)
    assert (found["records"], found["record_graphs"], found["rejected"]) == (2, 2, 0)
    assert found["published"] == found["snapshots"][-1]
    assert "statements" in trialkg("status", "--data", built)[1]


def test_dump_writes_the_same_sorted_lines_to_a_file_and_to_the_output(built, tmp_path, trialkg):
    _, printed, _ = trialkg("dump", "--data", built)
    lines = printed.encode().splitlines()
    assert lines == sorted(lines)
    trialkg("dump", "--data", built, "-o", tmp_path / "new" / "dump.nq")
    assert (tmp_path / "new" / "dump.nq").read_text() == printed


def test_validate_looks_at_records_at_rdf_and_at_what_is_published(
    built, source, tmp_path, trialkg
):
    assert "2 checked, 0 do not conform" in trialkg("validate", source)[1]
    trialkg("dump", "--data", built, "-o", tmp_path / "dump.nq")
    wrong = tmp_path / "wrong.nq"
    lines = (tmp_path / "dump.nq").read_text().splitlines(keepends=True)
    wrong.write_text("".join(line for line in lines if "ontology#briefTitle>" not in line))
    status, printed, _ = trialkg("validate", wrong)
    assert status == 3
    assert "briefTitle" in printed
    status, printed, _ = trialkg("validate", "--data", built, "--json")
    assert (status, json.loads(printed)["wrong"]) == (0, [])


def test_validate_takes_two_versions_of_one_record_for_what_they_are(tmp_path, trialkg):
    both = [study(1, updated="2026-01-01"), study(1, title="New", updated="2026-02-01")]
    status, printed, _ = trialkg("validate", write_lines(tmp_path / "a.jsonl", both))
    assert (status, printed.strip()) == (0, "2 checked, 0 do not conform")


def test_removed_records_leave_with_the_next_build(built, trialkg):
    assert trialkg("remove", "--data", built, "NCT00000001")[0] == 0
    trialkg("build", "--data", built)
    found = json.loads(trialkg("status", "--data", built, "--json")[1])
    assert (found["records"], found["record_graphs"]) == (1, 1)
    status, _, said = trialkg("remove", "--data", built, "NCT00000001")
    assert (status, "has no record" in said) == (2, True)


def test_the_demo_answers_the_seed_question_with_evidence(tmp_path, trialkg):
    status, printed, _ = trialkg("demo", "--data", tmp_path / "demo")
    assert status == 0
    for told in ("NCT07480213", "NCT07366658", "DLL3", "abridged", "Try next", "trialkg serve"):
        assert told in printed


def test_the_demo_gives_scripts_the_rows_and_their_quotes(tmp_path, trialkg):
    found = json.loads(trialkg("demo", "--data", tmp_path / "demo", "--json")[1])
    assert found["report"]["records"] >= len(list(EXAMPLES.glob("*.json"))) >= 25
    rows = {(row["trial"], row["construct"]) for row in found["answer"]}
    assert {trial for trial, _ in rows} >= {"NCT07480213", "NCT07366658"}
    assert len([trial for trial, _ in rows if trial == "NCT07480213"]) == 2
    assert all(row["evidence"] and row["sites"] and row["abridged"] for row in found["answer"])


def test_the_command_runs_from_an_empty_folder_and_is_quiet_where_nobody_watches(tmp_path):
    root = str(Path(kg.cli.__file__).parent.parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", "from kg.cli import main; main()", "demo"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": root},
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    assert (tmp_path / "trialkg-demo" / "current").is_file()


def test_a_reader_that_goes_away_is_no_traceback(built):
    command = f"{sys.executable} -c 'from kg.cli import main; main()' dump --data {built} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=True)
    assert b"Traceback" not in done.stderr
    assert done.stdout.count(b"\n") == 1
