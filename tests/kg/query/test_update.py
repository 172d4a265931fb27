"""What an update would do, read from its tokens."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.query.update import after_prologue, check_update, runnable, targets

PREFIXES = {"e": "http://e/"}


def written(text):
    return [
        target.iri
        for operation in check_update(text, PREFIXES).operations
        for target in targets(operation)
    ]


@pytest.mark.parametrize(
    ("text", "graphs"),
    [
        ("INSERT DATA { <a:a> <a:b> 1, 2 }", {""}),
        ("INSERT DATA { GRAPH e:g { <a:a> <a:b> '}' } }", {"http://e/g"}),
        ("INSERT DATA { GRAPH <g:g> { <a:a> <a:b> 1 } . GRAPH <g:h> {} }", {"g:g", "g:h"}),
        ("PREFIX e: <f:> DELETE DATA { GRAPH e:g { <a:a> <a:b> 1 } }", {"f:g"}),
        ("DELETE WHERE { GRAPH <g:g> { ?s ?p ?o } }", {"g:g"}),
        ("WITH <g:w> DELETE { ?s ?p ?o } INSERT { GRAPH ?g { ?s ?p 1 } } WHERE { GRAPH <g:r> {} }",
         {"g:w", ""}),
        ("INSERT {} WHERE { GRAPH <g:r> { ?s ?p ?o } }", set()),
        ("CLEAR SILENT GRAPH <g:g>", {"g:g"}),
        ("DROP ALL", {""}),
        ("COPY SILENT GRAPH <g:a> TO <g:b>", {"g:b"}),
        ("ADD DEFAULT TO <g:b>", {"g:b"}),
        ("MOVE <g:a> TO <g:b>", {"g:a", "g:b"}),
        (r"CREATE GRAPH <g:\u0061>", {""}),
    ],
)  # fmt: skip
def test_the_graphs_that_are_written_are_known(text, graphs):
    assert set(written(text)) == graphs


@pytest.mark.parametrize(
    "text",
    [
        "INSERT { GRAPH <g:out> { ?s ?p ?o } } WHERE { ?s ?p ?o }",
        "INSERT{GRAPH<g:out>{?s ?p ?o}}WHERE{?s ?p ?o};CLEAR GRAPH <g:none2>",
        """INSERT DATA { GRAPH <g:in> { <a:y> <a:b> 'WHERE' } } ;
        INSERT { GRAPH <g:out> { ?s ?p ?o } } WHERE { ?s ?p ?o FILTER(?o < 3) }""",
    ],
)
def test_using_narrows_what_a_pattern_reads(text):
    store = ox.Store()
    store.update(
        "INSERT DATA { GRAPH <g:in> { <a:x> <a:b> 1 } <a:d> <a:b> 2 } ; CREATE GRAPH <g:none2>"
    )
    store.update(runnable(check_update(text, {}), ["g:in"], []))
    out = store.quads_for_pattern(None, None, None, ox.NamedNode("g:out"))
    assert {quad.subject.value for quad in out} == {"a:x"}


def test_the_short_form_of_delete_takes_using_too():
    store = ox.Store()
    store.update("INSERT DATA { GRAPH <g:in> { <a:x> <a:b> 1 } <a:x> <a:b> 1 . <a:d> <a:b> 2 }")
    store.update(runnable(check_update("DELETE WHERE { ?s ?p ?o }", {}), ["g:in"], []))
    assert {quad.subject.value for quad in store} == {"a:x", "a:d"}
    assert not list(store.quads_for_pattern(ox.NamedNode("a:x"), None, None, ox.DefaultGraph()))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("LOAD <http://a/>", "load"),
        ("LOAD SILENT <http://a/>", "load"),
        ("load silent <http://a/> into graph <g:g>", "load"),
        ("CLEAR ALL ; LOAD <file:///etc/passwd>", "load"),
        ("LOADSILENT<http://a/>", "syntax"),
        ("LOADe:x", "syntax"),
        ("CLEAR ALL ; LOADe:x", "syntax"),
        ("INSERTDATA{<a:a> <a:b> 1}", "syntax"),
        ("INSERT {} WHERE { SERVICE <http://a/> {} }", "service"),
        ("INSERT {} WHERE { SERVICEe:x{} }", "service"),
        ("INSERT DATA { " + "[" * 200 + "]" * 200 + " <a:b> 1 }", "too-deep"),
        ("#" + "x" * (1 << 20), "too-long"),
    ],
)
def test_what_must_not_reach_the_engine_is_refused(text, kind):
    with pytest.raises(QueryError) as found:
        check_update(text, PREFIXES)
    assert found.value.kind == kind


def test_load_silent_fails_silently_where_it_may():
    text = "LOAD SILENT <http://a/> INTO GRAPH e:g ; INSERT DATA { <a:a> <a:b> 1 }"
    ready = runnable(check_update(text, PREFIXES, silent_loads=True), [], [])
    assert "LOAD" not in ready
    store = ox.Store()
    store.update(ready, prefixes=PREFIXES)
    assert len(store) == 1


@pytest.mark.parametrize("text", ["LOAD SILENT <a:b> ; LOAD <a:b>", "LOAD SILENT <a:b> <a:c>"])
def test_only_a_whole_load_silent_is_let_through(text):
    with pytest.raises(QueryError):
        check_update(text, PREFIXES, silent_loads=True)


def test_many_triples_of_data_are_no_join():
    text = "INSERT DATA { GRAPH <g:g> {" + " <a:a> <a:b> 1 ." * 2000 + "} }"
    assert len(check_update(text, {}).operations) == 1


def test_the_prologue_ends_where_the_first_operation_begins():
    text = "# first\nBASE <http://e/> PREFIX x: <y> CLEAR ALL"
    assert text[after_prologue(text) :] == "CLEAR ALL"


def test_prefixes_may_be_declared_between_operations():
    text = """INSERT DATA { e:s e:p 1 } ; # then
    PREFIX f: <http://f/> PREFIX g: <http://g/> INSERT DATA { f:s g:p 2 } ;
    PREFIX f: <http://f/> INSERT DATA { f:s e:p 3 }"""
    store = ox.Store()
    store.update(runnable(check_update(text, PREFIXES), [], []), prefixes=PREFIXES)
    assert {quad.subject.value for quad in store} == {"http://e/s", "http://f/s"}


def test_a_prefix_is_not_given_a_meaning_that_it_gets_later():
    text = "INSERT DATA { e:s e:p 1 } ; PREFIX e: <http://other/> INSERT DATA { e:s e:p 2 }"
    with pytest.raises(SyntaxError):
        ox.Store().update(runnable(check_update(text, PREFIXES), [], []), prefixes=PREFIXES)


WORDS = """INSERT DELETE DATA WHERE WITH USING NAMED CLEAR DROP CREATE ADD MOVE COPY LOAD
SILENT INTO GRAPH DEFAULT ALL TO PREFIX BASE VERSION SERVICE"""
MARKS = '{ } ( ) ; . ?v <g:g> e:x e: "text" 1 [ ] #c'
PIECES = [*WORDS.split(), *MARKS.split()]


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from([" ", "", "\n"]))
def test_any_text_is_read_or_refused_and_never_loads(pieces, between):
    text = between.join(pieces)
    try:
        checked = check_update(text, PREFIXES, silent_loads=True)
        ready = runnable(checked, ["g:in"], ["g:named"])
    except QueryError:
        return
    for operation in checked.operations:
        assert all(isinstance(target.iri, str) for target in targets(operation))
    again = check_update(ready, PREFIXES)
    assert not any("LOAD" in operation.words for operation in again.operations)
