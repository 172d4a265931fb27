"""What is served here: the description of the data, and of the service."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode, Triple
from starlette.responses import RedirectResponse

from kg.api.address import endpoint
from kg.api.description import ADDRESS
from kg.api.graphs import EXTENSIONS, RDF_OFFERS, RDF_RESPONSES, graph_response
from kg.api.negotiation import best
from kg.api.problems import problem
from kg.api.streaming import StreamedAnswer
from kg.iris import named_graph, void_iri
from kg.query.job import job
from kg.vocab import PREFIXES, RDF, SD, VOID

router = APIRouter()

_DESCRIPTION = named_graph("void")
_EVERYTHING = "CONSTRUCT WHERE { ?subject ?predicate ?object }"
# Names of the W3C for formats, of answers and of data.
_RESULTS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "TriG",
    "N-Quads",
)
_GRAPHS = ("lexicon", "shared", "ontology", "inferred", "studies", "changes", "void")


@router.head("/.well-known/void", include_in_schema=False)
@router.get(
    "/.well-known/void",
    response_class=Response,
    responses={**RDF_RESPONSES, 303: {"description": "the page of the description"}},
)
async def describe_data(request: Request, format: str | None = None) -> Response:  # noqa: A002
    """Return what the graph holds, counted, in VoID; browsers are shown the page about it."""
    offers = (*RDF_OFFERS, "html")
    chosen = EXTENSIONS.get(format or "", format) or best(request.headers.get("accept"), offers)
    if chosen == "html":
        return RedirectResponse(ADDRESS, 303, {"Vary": "Accept"})
    if chosen not in RDF_OFFERS:
        return problem("format", f"the description is offered as {', '.join(RDF_OFFERS)}")
    asked = job(_EVERYTHING, chosen, default_graphs=(_DESCRIPTION.value,))
    return StreamedAnswer(request.app.state.pool, asked)


def service_description(request: Request) -> Response | None:
    """Return what the endpoint can do, where a request asks for no query and accepts RDF."""
    if request.scope["query_string"]:
        return None
    chosen = best(request.headers.get("accept"), RDF_OFFERS)
    return None if chosen is None else graph_response(_service(request), chosen)


def _service(request: Request) -> Iterator[Triple]:
    here = NamedNode(endpoint(request))
    service = NamedNode(f"{here.value}#service")
    data, whole = NamedNode(f"{here.value}#data"), void_iri("all")
    yield Triple(service, RDF.type, SD.Service)
    yield Triple(service, SD.endpoint, here)
    settings = request.app.state.settings
    yield Triple(service, SD.supportedLanguage, SD.SPARQL11Query)
    if settings.token is not None:
        yield Triple(service, SD.supportedLanguage, SD.SPARQL11Update)
    if settings.union:
        yield Triple(service, SD.feature, SD.UnionDefaultGraph)
    if settings.services:
        yield Triple(service, SD.feature, SD.BasicFederatedQuery)
    for name in _RESULTS:
        yield Triple(service, SD.resultFormat, NamedNode(PREFIXES["formats"] + name))
    yield Triple(service, SD.defaultDataset, data)
    yield Triple(data, RDF.type, SD.Dataset)
    yield Triple(data, SD.defaultGraph, whole)
    yield Triple(whole, RDF.type, SD.Graph)
    yield Triple(whole, RDF.type, VOID.Dataset)
    yield Triple(whole, VOID.sparqlEndpoint, here)
    for name in _GRAPHS:
        graph = NamedNode(f"{here.value}#graph-{name}")
        yield Triple(data, SD.namedGraph, graph)
        yield Triple(graph, RDF.type, SD.NamedGraph)
        yield Triple(graph, SD.name, named_graph(name))
        yield Triple(graph, SD.graph, void_iri(name))
        yield Triple(void_iri(name), RDF.type, SD.Graph)
