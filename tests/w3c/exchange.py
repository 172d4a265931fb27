"""Carries out the HTTP exchanges that a manifest describes, and compares what comes back."""

from urllib.parse import quote

import pyoxigraph as ox
from rdflib import Namespace

from tests.w3c.manifest import MF, listed
from tests.w3c.sameness import canonical_quads

HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
_STATUS = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
_FORMATS = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": (
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ),
    "RDF": ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"),
}


def exchange(case, client, prefix, address):
    """Send the requests of a test in order; return what went wrong with the first, or None."""
    known = {}
    for request in listed(case.graph, case.get(HT.requests, case.get(MF.action))):
        failure = _exchange(case, client, request, prefix, address, known)
        if failure:
            return failure
    return None


def _exchange(case, client, request, prefix, address, known):
    path = str(case.get(HT.absolutePath, request))
    body, encoding = _body(case, request)
    for name, value in known.items():
        path, body = path.replace(name, quote(value, safe="")), body.replace(name, value)
    response = client.request(
        str(case.get(HT.methodName, request)),
        address + path.removeprefix(prefix),
        content=body.encode(encoding) if body else None,
        headers={**_headers(case, request), "Host": "www.example"},
    )
    expected = case.get(HT.resp, request)
    template = case.get(MF.expectedLocation, expected)
    if template is not None:
        if "location" not in response.headers:
            return "no Location"
        known[str(template)] = response.headers["location"]
    return _wrong(case, expected, response)


def _body(case, request):
    node = case.get(HT.body, request)
    if node is None:
        return "", "utf-8"
    return str(case.get(CNT.chars, node)), str(case.get(CNT.characterEncoding, node) or "utf-8")


def _headers(case, node):
    return {
        str(case.get(HT.fieldName, header)): str(case.get(HT.fieldValue, header))
        for header in listed(case.graph, case.get(HT.headers, node))
    }


def _wrong(case, expected, response):
    statuses = [str(s).partition("#")[2] for s in case.items(MF.expectedStatus, expected)]
    if statuses and not any(_is(response.status_code, status) for status in statuses):
        return f"{response.status_code} and not {statuses}: {response.text[:200]}"
    said = response.headers.get("content-type", "").partition(";")[0]
    form = case.get(MF.expectedFormat, expected)
    if form is not None and said not in _FORMATS[str(form)]:
        return f"{said} is not {form}"
    boolean = case.get(MF.expectedBoolean, expected)
    if boolean is not None and response.json().get("boolean") is not bool(boolean):
        return f"{response.text[:200]} is not {boolean}"
    for name, value in _headers(case, expected).items():
        if response.headers.get(name, "").replace(" ", "") != value.replace(" ", ""):
            return f"{name} is {response.headers.get(name)} and not {value}"
    body, _ = _body(case, expected)
    if body and _triples(response.text) != _triples(body):
        return f"another graph came back: {response.text[:200]}"
    return None


def _is(status, expected):
    if expected.startswith("StatusCode"):
        return str(status)[0] == expected.removeprefix("StatusCode")[0]
    return status == _STATUS[expected]


def _triples(turtle):
    return canonical_quads(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE))
