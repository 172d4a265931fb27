"""Requests that nobody thought of: whatever comes, the server never says that it failed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.api.compression import CODINGS, coding
from kg.api.negotiation import MEDIA_TYPES, best
from kg.query.job import GRAPH_FORMATS, TABLE_FORMATS

TYPES = sorted({one for names in MEDIA_TYPES.values() for one in names} | {"*/*", "text/*", "a/b"})
QUALITY = st.sampled_from(["", ";q=0", ";q=0.5", ";q=1.000", ";q=2", ";q=x", "; q = 0.1", ";v=1"])
RANGE = st.tuples(st.sampled_from(TYPES), QUALITY).map("".join)
# What a client can send as the value of a header: no control characters, no space at an end.
_PRINTED = st.characters(max_codepoint=255, blacklist_categories=("Cc",))
LATIN = st.text(_PRINTED, max_size=60).map(str.strip)
ACCEPT = st.one_of(st.lists(RANGE, max_size=6).map(", ".join), LATIN)
FEW = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(accept=ACCEPT, offers=st.sampled_from([TABLE_FORMATS, GRAPH_FORMATS]))
def test_what_is_chosen_is_one_of_the_offers(accept, offers):
    assert best(accept, offers) in {None, *offers}


@given(chosen=st.sampled_from(TABLE_FORMATS), others=st.permutations(TABLE_FORMATS))
def test_what_is_liked_best_is_chosen_wherever_it_stands(chosen, others):
    accept = ", ".join(f"{MEDIA_TYPES[one][0]};q={1 if one == chosen else 0.3}" for one in others)
    assert best(accept, TABLE_FORMATS) == chosen


@given(
    accepted=st.one_of(LATIN, st.lists(st.sampled_from([*CODINGS, "*", "identity"])).map(",".join))
)
def test_a_coding_is_one_of_ours_or_none(accepted):
    assert coding(accepted) in {None, *CODINGS}


@pytest.mark.parametrize("path", ["/sparql", "/trial/clinicaltrials/NCT00000001", "/graph-store"])
@FEW
@given(accept=ACCEPT, method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]))
def test_no_accept_header_breaks_the_server(server, path, accept, method):
    headers = {"Accept": accept.encode("latin-1")}
    query = {"query": "ASK {}"} if path == "/sparql" else None
    assert server.request(method, path, params=query, headers=headers).status_code < 500


@FEW
@given(
    query=st.text(max_size=80),
    name=st.text(max_size=20),
    tag=LATIN,
    extra=st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3),
)
def test_no_text_breaks_the_server(server, query, name, tag, extra):
    parameters = {**extra, "query": query, "format": name} if name else {**extra, "query": query}
    headers = {"If-None-Match": tag.encode("latin-1")}
    parameters = {
        key.encode("utf-8", "replace").decode(): value.encode("utf-8", "replace").decode()
        for key, value in parameters.items()
    }
    assert server.get("/sparql", params=parameters, headers=headers).status_code != 500
    assert server.get(f"/queries/{name.encode('utf-8', 'replace').hex()}").status_code == 404
