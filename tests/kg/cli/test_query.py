"""`trialkg query` and `trialkg show`, as commands."""

import json

import pytest

QUERY = "SELECT ?c ?n { ?t tkg:site/tkg:country ?c ; tkg:enrollment ?n }"


def test_a_table_shortens_iris_and_counts_rows(published, run_command):
    done = run_command("query", "--data", str(published), "-e", QUERY)
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["c", "n"],
        ["country:CN", "12"],
    ]
    assert done.stderr == "1 row\n"


@pytest.mark.parametrize(
    ("query", "format_", "start"),
    [
        (QUERY, "csv", "c,n\n"),
        (QUERY, "tsv", "?c\t?n\n"),
        (QUERY, "json", '{"head"'),
        (QUERY, "xml", "<?xml"),
        ("ASK {}", "table", "yes\n"),
        ("CONSTRUCT WHERE { ?s a tkg:Trial }", "table", "@prefix"),
        ("CONSTRUCT WHERE { ?s a tkg:Trial }", "turtle", "@prefix"),
        ("CONSTRUCT WHERE { ?s a tkg:Trial }", "ntriples", "<https"),
        ("CONSTRUCT WHERE { ?s a tkg:Trial }", "jsonld", "["),
    ],
)
def test_the_answer_comes_in_the_format_that_was_asked_for(
    published, run_command, query, format_, start
):
    done = run_command("query", "--data", str(published), "--format", format_, "-e", query)
    assert done.returncode == 0
    assert done.stdout.startswith(start)


def test_a_query_is_read_from_a_file_or_from_standard_input(published, run_command, tmp_path):
    file = tmp_path / "query.rq"
    file.write_text("ASK {}", encoding="utf-8")
    from_file = run_command("query", "--data", str(published), str(file))
    from_input = run_command("query", "--data", str(published), "-", stdin="ASK {}")
    assert from_file.stdout == from_input.stdout == "yes\n"


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["-e", "SELECT * {"], 1, "never closed"),
        (["-e", "ASK { ?s tgk:a ?o }"], 1, "did you mean tkg:"),
        (["-e", "SELECT * { SERVICE <http://localhost/> {} }"], 1, "SERVICE is not allowed"),
        (["-e", "DROP ALL"], 1, "only reads"),
        (["-e", "ASK {}", "--format", "turtle"], 2, "cannot hold"),
        (["nowhere.rq"], 2, "nowhere.rq"),
        ([], 2, "either a file"),
    ],
)
def test_what_is_wrong_is_one_line_and_a_status(published, run_command, arguments, status, message):
    done = run_command("query", "--data", str(published), *arguments)
    assert done.returncode == status
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_runaway_query_ends_at_its_timeout(published, run_command):
    patterns = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(9))
    query = f"SELECT (COUNT(*) AS ?n) {{ {patterns} }}"
    done = run_command("query", "--data", str(published), "--timeout", "0.3", "-e", query)
    assert done.returncode == 1
    assert "longer than 0.3 seconds" in done.stderr


def test_words_of_a_record_cannot_command_the_terminal(tmp_path, publish, run_command):
    title = 'tkg:briefTitle "a\\u001b[31m [bold]b" .'
    statements = f"graph <https://w3id.org/trialkg/graph/x> {{ <https://e.example/> {title} }}"
    publish(tmp_path, "000001", statements)
    done = run_command("query", "--data", str(tmp_path), "-e", "SELECT ?t { ?s tkg:briefTitle ?t }")
    assert "a\ufffd[31m [bold]b" in done.stdout


def test_a_trial_is_shown_with_flags_and_quotes_in_their_context(published, run_command):
    done = run_command("show", "NCT00000001", "--data", str(published))
    assert done.returncode == 0
    for shown in (
        "shortened and reworded",
        "registered more than once",
        "Construct: DLL3 CAR-NK",
        "targets",
        "secreted IL-15 (Armour, Secretes)",
        "“DLL3 CAR-NK” <script>alert(1)</script> & more",
        "/protocolSection/identificationModule/briefTitle 0–11",
        "First Hospital",
    ):
        assert shown in done.stdout


def test_a_trial_as_json_is_the_typed_record(published, run_command):
    done = run_command("show", "NCT00000001", "--data", str(published), "--json")
    assert json.loads(done.stdout)["constructs"][0]["targets"][0]["curie"] == "antigen:DLL3"


def test_an_absent_trial_is_an_error_that_names_it(published, run_command):
    done = run_command("show", "NCT99999999", "--data", str(published))
    assert done.returncode == 2
    assert "NCT99999999" in done.stderr
