"""Linked data of trials: a page for people, and the record's own graph for programs."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Request, Response
from pyoxigraph import RdfFormat, parse

from kg.api.cache import current_tag, validated
from kg.api.graphs import EXTENSIONS
from kg.api.problems import problem
from kg.api.resource import describe_resource, divided, links, see_other
from kg.api.schema import medical_trial
from kg.api.streaming import StreamedAnswer
from kg.api.trial_page import construct_page, trial_page
from kg.errors import StoreError, UsageError
from kg.find.catalogue import Catalogue
from kg.find.labels import Labels
from kg.iris import part_iri, record_graph, trial_iri
from kg.query.job import GRAPH_FORMATS, Job, job, walk_job
from kg.query.reading import read_trial
from kg.query.trial import Trial
from kg.query.trial_walk import trial_walk

router = APIRouter()

_EXTENSIONS = {**EXTENSIONS, "schema.jsonld": "schema"}
_WHOLE_GRAPH = "CONSTRUCT WHERE { ?subject ?predicate ?object }"

Registry = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]+$", examples=["clinicaltrials"])]
TrialId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]+$", examples=["NCT07480213"])]


@router.head("/trial/{registry}/{name}", include_in_schema=False)
@router.get("/trial/{registry}/{name}")
async def describe_trial(request: Request, registry: Registry, name: TrialId) -> Response:
    """Return a trial as a page, as typed JSON (`.json`), or as RDF (`.ttl`, `.nt`, `.jsonld`).

    `.schema.jsonld` is the same in the words of schema.org. Without an extension the Accept header
    decides, and the answer says where to look.
    """
    registry_id, chosen = _divided(name)
    tag = current_tag(request.app.state.pool.snapshots)
    found = await _find(request, registry, registry_id)
    if found is None:
        return problem("not-found", f"no trial {registry}/{registry_id} is published")
    path = f"trial/{registry}/{registry_id}"
    if chosen is None:
        return see_other(request, path)
    if chosen in GRAPH_FORMATS:
        asked = _graph_job(registry, registry_id, chosen)
        return StreamedAnswer(request.app.state.pool, asked, links(path))
    if chosen == "html":
        response: Response = validated(
            request.headers, trial_page(found, await _labels(request)), tag
        )
    else:
        response = _json(found, chosen)
    response.headers["Link"] = links(path)
    return response


@router.api_route(
    "/trial/{registry}/{registry_id}/construct/{name}",
    methods=["GET", "HEAD"],
    include_in_schema=False,
)
async def describe_construct(
    request: Request, registry: Registry, registry_id: TrialId, name: str
) -> Response:
    """Return a construct of a trial as a page; its other forms are those of any thing."""
    key, chosen = divided(name)
    if chosen == "html":
        found = await _find(request, registry, registry_id)
        iri = part_iri(trial_iri(registry, registry_id), "construct", key).value
        made = construct_page(found, iri) if found is not None else None
        if made is not None:
            made.headers["Link"] = links(f"trial/{registry}/{registry_id}/construct/{key}")
            return made
    return await describe_resource(request)


async def _labels(request: Request) -> Labels | None:
    """Return what antigens are called; None where the data have no tables."""
    catalogue: Catalogue
    try:
        catalogue, _ = await request.app.state.catalogues.current()
    except StoreError:
        return None
    return catalogue.labels


def _json(found: Trial, chosen: str) -> Response:
    if chosen == "schema":
        body = msgspec.json.encode(medical_trial(found))
        return Response(body, media_type="application/ld+json")
    return Response(msgspec.json.encode(found), media_type="application/json")


def _divided(name: str) -> tuple[str, str | None]:
    for extension, format_ in sorted(_EXTENSIONS.items(), key=lambda item: -len(item[0])):
        if name.endswith(f".{extension}"):
            return name.removesuffix(f".{extension}"), format_
    return name, None


async def _find(request: Request, registry: str, registry_id: str) -> Trial | None:
    try:
        asked = walk_job(trial_walk(registry, registry_id))
    except UsageError:
        return None
    async with request.app.state.pool.run(asked) as answer:
        body = await answer.read()
    triples = (quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES))
    return read_trial(triples, registry, registry_id)


def _graph_job(registry: str, registry_id: str, format_: str) -> Job:
    graph = record_graph(registry, registry_id)
    return job(_WHOLE_GRAPH, format_, default_graphs=(graph.value,))
