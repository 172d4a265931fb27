"""What is refused before the engine sees it, and what is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import QueryError, QueryTooLarge
from kg.query.guard import DEEPEST, LARGEST_TEXT, MOST_OPERATORS, MOST_PATTERNS, check
from kg.query.lexer import tokens

CALL = "SERVICE <http://localhost/> { ?a ?b ?c }"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://localhost/> {} }",
        "SELECT * { service<http://localhost/>{} }",
        "SELECT * { ?s ?p ?o SERVICE SILENT ?o { ?a ?b ?c } }",
        "SELECT * { SERVICEx:y{ ?s ?p ?o } }",
        "SELECT * { SERVICESILENTx:y{ ?s ?p ?o } }",
        "SELECT * { ?s ?p trueSERVICE<http://localhost/>{} }",
        "SELECT * { ?s ?p 1SERVICE<http://localhost/>{} }",
        "SELECT * { FILTER EXISTS { SERVICE <http://localhost/> {} } }",
        # A lexer that takes `<?s)SERVICE#>` for an IRI sees no call here.
        "SELECT * { ?s ?p ?o FILTER(?o<?s)SERVICE#>\nx:y{} }",
        "SELECT (1<2 AS ?x) { ?s ?p ?o FILTER(1<2)SERVICE#>\nx:y{} }",
        "SELECT * { { SELECT * { ?s ?p ?o } HAVING(?o<?s) } SERVICE#>\nx:y{} }",
        "SELECT * { 'a' ?p 'b' . # '\n SERVICE <http://localhost/> {} }",
    ],
)
def test_a_call_of_another_endpoint_is_refused_however_it_is_written(query):
    with pytest.raises(QueryError) as refusal:
        check(query)
    assert refusal.value.kind == "service"
    assert refusal.value.line is not None


@pytest.mark.parametrize(
    "query",
    [
        f'SELECT * {{ ?s ?p "{CALL}" }}',
        f"SELECT * {{ ?s ?p '''\n{CALL}''' }}",
        f"SELECT * {{ ?s ?p ?o # {CALL}\n }}",
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> ASK { ?s a sd:Service }",
        "SELECT ?service { ?service a ?x }",
        "SELECT * { GRAPH service:x { ?a ?b ?c } }",
        "SELECT * { ?s service:offers ?o }",
        "SELECT * { ?s ?p <http://localhost/SERVICE/> }",
        "DESCRIBE service:x",
    ],
)
def test_the_word_alone_is_not_refused(query):
    check(query)


def test_a_call_is_found_behind_any_string_comment_and_iri():
    pieces = st.sampled_from(
        [
            '"a"',
            "'''b'''",
            '"""c\n"""',
            "# d\n",
            "<http://a/b#c>",
            "?x",
            "ex:y",
            "{ }",
            "( 1 )",
            ".",
        ]
    )

    @given(st.lists(pieces, max_size=12), st.lists(pieces, max_size=12))
    @settings(max_examples=200, deadline=None)
    def holds(before, after):
        text = " ".join(["SELECT * {", *before, CALL, *after, "}"])
        with pytest.raises(QueryError) as refusal:
            check(text)
        assert refusal.value.kind == "service"

    holds()


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("{ ", " }"),
        ("OPTIONAL { ", " }"),
        ("FILTER(", ")"),
        ("?s ?p [ ?q ", " ]"),
        ("( ", " )"),
    ],
)
@given(depth=st.integers(min_value=1, max_value=3 * DEEPEST))
@settings(max_examples=60, deadline=None)
def test_nesting_is_refused_exactly_above_the_bound(opening, closing, depth):
    text = "ASK {" + opening * depth + " 1 " + closing * depth + "}"
    if depth + 1 <= DEEPEST:
        assert check(text).name == "ASK"
    else:
        with pytest.raises(QueryError) as refusal:
            check(text)
        assert refusal.value.kind == "too-deep"


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("ASK { " + "?s ?p ?o . " * (MOST_PATTERNS + 1) + "}", "too-wide"),
        ("ASK { ?s " + "/".join(["ex:p"] * (MOST_PATTERNS + 2)) + " ?o }", "too-wide"),
        ("ASK { ?s ?p (" + "1 " * MOST_PATTERNS + ") }", "too-wide"),
        ("ASK { FILTER(" + "||".join(["1"] * (MOST_OPERATORS + 2)) + ") }", "too-many-operators"),
        ("ASK { FILTER(" + "!" * (MOST_OPERATORS + 2) + "1) }", "too-many-operators"),
        ("ASK { " + " UNION ".join(["{}"] * MOST_OPERATORS) + " }", "too-many-operators"),
        ("ASK { " + "FILTER(1) " * MOST_OPERATORS + " }", "too-many-operators"),
    ],
)
def test_what_the_engine_cannot_plan_is_refused(query, kind):
    with pytest.raises(QueryError) as refusal:
        check(query)
    assert refusal.value.kind == kind


def test_a_long_list_of_values_is_not_refused():
    values = "<http://example.org/a> " * 8000
    assert check("SELECT * { VALUES ?x { " + values + "} ?x ?p ?o }").name == "SELECT"
    rows = '("a" 1) ' * 8000
    assert check("SELECT * { VALUES (?x ?y) { " + rows + "} ?x ?p ?o }").name == "SELECT"
    members = ", ".join(["<http://example.org/a>"] * 5000)
    assert check("SELECT * { ?x ?p ?o FILTER(?o IN (" + members + ")) }").name == "SELECT"


def test_a_query_above_the_size_is_refused():
    with pytest.raises(QueryTooLarge):
        check("ASK {} #" + "a" * LARGEST_TEXT)
    check("ASK {} #" + "a" * (LARGEST_TEXT - 8))


@pytest.mark.parametrize(
    ("text", "name", "dataset"),
    [
        ("SELECT?s{?s ?p ?o}", "SELECT", False),
        ("# SELECT\nBASE <http://a/> PREFIX select: <b> ask {}", "ASK", False),
        ("PREFIXa:<http://a/>CONSTRUCT{?s ?p ?o}WHERE{?s ?p ?o}", "CONSTRUCT", False),
        ("DESCRIBE <http://a/>", "DESCRIBE", False),
        ("DESCRIBE from:x {}", "DESCRIBE", False),
        ('VERSION "1.2" SELECT * FROM <http://a/> {}', "SELECT", True),
        ("SELECT * FROM NAMED a:b {}", "SELECT", True),
        ("SELECT * FROMa:b {}", "SELECT", True),
        ("SELECT ?from { ?from a from:x }", "SELECT", False),
        ("nonsense", "", False),
        ("", "", False),
    ],
)
def test_the_form_and_the_data_set_are_read(text, name, dataset):
    form = check(text)
    assert (form.name, form.dataset) == (name, dataset)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA {}",
        "PREFIX a: <b> DELETE WHERE {}",
        "LOAD <http://localhost/>",
        "clear all",
        "WITH <a> INSERT {} WHERE {}",
        "DROP ALL",
    ],
)
def test_updates_are_refused_with_an_explanation(text):
    with pytest.raises(QueryError) as refusal:
        check(text)
    assert refusal.value.kind == "update"
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ASK { ?s ?p 'a\n }", "does not end"),
        ("ASK { ?s ?p '''a }", "does not end"),
        ("ASK { \\ }", "no token"),
        ("ASK { ?s ?p \x00 }", "no token"),
    ],
)
def test_what_is_no_token_is_a_syntax_error_with_its_place(text, message):
    with pytest.raises(QueryError, match=message) as refusal:
        check(text)
    assert refusal.value.offset is not None


@given(st.text(alphabet=st.sampled_from("aA:.<>?\"'#{}()[]\\ \n1e@_-/^|!=,;é"), max_size=200))
@settings(max_examples=500, deadline=None)
def test_tokens_cover_the_text_in_order_or_say_where_they_stop(text):
    end = 0
    stopped = None
    try:
        for token in tokens(text):
            assert text[token.offset : token.offset + len(token.text)] == token.text
            assert token.offset >= end
            end = token.offset + len(token.text)
    except QueryError as error:
        stopped = error.offset
    assert stopped is None or end <= stopped < len(text)
