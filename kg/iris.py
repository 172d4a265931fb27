"""The minting functions: the only place where IRIs of instances are made.

Every IRI depends on the content of what it names, never on a position or a counter of a run.
Rules: section 1 of the graph contract (README, "Names in the graph").
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from pyoxigraph import NamedNode

BASE = "https://w3id.org/trialkg/"
USER_GRAPHS = f"{BASE}graph/user/"
ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"
LICENSE = NamedNode("https://www.apache.org/licenses/LICENSE-2.0")

_SEPARATORS = re.compile(r"[\W_]+")
# Bytes of plain text with blanks for all that separates: the quick way, which most texts can go.
_BLANKED = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)).ljust(256)
_KEY = re.compile(r"[A-Za-z0-9._-]+")
_LONGEST_SLUG = 80

_EXTERNAL = {
    "HGNC": "https://identifiers.org/hgnc:",
    "UNIPROT": "http://purl.uniprot.org/uniprot/",
    "MONDO": "http://purl.obolibrary.org/obo/MONDO_",
    "NCIT": "http://purl.obolibrary.org/obo/NCIT_",
    "CHEBI": "http://purl.obolibrary.org/obo/CHEBI_",
    "CL": "http://purl.obolibrary.org/obo/CL_",
    "UBERON": "http://purl.obolibrary.org/obo/UBERON_",
    "MESH": "http://id.nlm.nih.gov/mesh/",
}


def slug(text: str) -> str:
    """Return the text as a path segment: NFKC, lower case, runs of other characters as "-".

    Letters and digits of every script stay. Raises ValueError where nothing is left.
    """
    if text.isascii():
        made = "-".join(text.lower().encode().translate(_BLANKED).decode().split())
    else:
        made = _SEPARATORS.sub("-", unicodedata.normalize("NFKC", text).lower()).strip("-")
    if not made:
        raise ValueError(f"no letter or digit in {text!r}, so it cannot name a node")
    return made


def content_key(text: str) -> str:
    """Return the slug of a text, cut and closed with a digest of the whole where it is long."""
    made = slug(text)
    if len(made) <= _LONGEST_SLUG:
        return made
    digest = hashlib.sha256(made.encode()).hexdigest()[:10]
    return f"{made[:_LONGEST_SLUG].rstrip('-')}-{digest}"


def distinct(keys: Iterable[str]) -> list[str]:
    """Return the keys in order, with -2, -3, … on repetition."""
    seen: dict[str, int] = {}
    taken: set[str] = set()
    made = []
    for key in keys:
        number = seen.get(key, 0) + 1
        candidate = key if number == 1 else f"{key}-{number}"
        while candidate in taken:
            number += 1
            candidate = f"{key}-{number}"
        seen[key] = number
        taken.add(candidate)
        made.append(candidate)
    return made


@lru_cache(maxsize=1 << 14)
def _key(kind: str, key: str) -> NamedNode:
    if not _KEY.fullmatch(key):
        raise ValueError(f"{kind} key {key!r} may hold only letters, digits, '.', '_' and '-'")
    return NamedNode(f"{BASE}{kind}/{key}")


def _registration(kind: str, registry: str, registry_id: str) -> NamedNode:
    if not _KEY.fullmatch(registry) or not _KEY.fullmatch(registry_id):
        raise ValueError(f"{registry!r} {registry_id!r} is no registry and id")
    return NamedNode(f"{BASE}{kind}/{registry}/{registry_id}")


def trial_iri(registry: str, registry_id: str) -> NamedNode:
    """Return the IRI of one registration."""
    return _registration("trial", registry, registry_id)


def study_iri(registry: str, registry_id: str) -> NamedNode:
    """Return the IRI of the study whose first member is this registration."""
    return _registration("study", registry, registry_id)


def record_graph(registry: str, registry_id: str) -> NamedNode:
    """Return the named graph that holds what one record states."""
    return _registration("graph", registry, registry_id)


def source_iri(source: str, registry_id: str) -> NamedNode:
    """Return the IRI of what another source says of a trial."""
    return _registration("source", source, registry_id)


def source_graph(source: str, registry_id: str) -> NamedNode:
    """Return the named graph that holds what another source says of a trial."""
    return _registration("graph/source", source, registry_id)


def named_graph(name: str) -> NamedNode:
    """Return a graph that is no record's: shared, lexicon, ontology, inferred, studies, void."""
    return _key("graph", name)


def is_user_graph(graph: str) -> bool:
    """Return whether a graph is one that users write: graph/user/ and something after it."""
    return graph.startswith(USER_GRAPHS) and len(graph) > len(USER_GRAPHS)


def part_iri(trial: NamedNode, kind: str, key: str) -> NamedNode:
    """Return the IRI of a part of a trial; `key` is a slug, made distinct within its kind."""
    return NamedNode(f"{trial.value}/{kind}/{key}")


def part_tokens(trial: NamedNode, kind: str, keys: Iterable[str]) -> list[str]:
    """Return the IRIs of parts of a trial as N-Triples write them; the keys are distinct slugs."""
    before = f"<{trial.value}/{kind}/"
    return [f"{before}{key}>" for key in keys]


def antigen_iri(key: str) -> NamedNode:
    """Return the IRI of an antigen of the lexicon."""
    return _key("antigen", key)


def product_iri(key: str) -> NamedNode:
    """Return the IRI of a product of the lexicon."""
    return _key("product", key)


def country_iri(code: str) -> NamedNode:
    """Return the IRI of a country, by its ISO 3166-1 alpha-2 code."""
    return _key("country", code.upper())


@lru_cache(maxsize=1 << 14)
def city_iri(country: str, key: str) -> NamedNode:
    """Return the IRI of a city; `key` is a slug."""
    return NamedNode(f"{BASE}city/{country.lower()}/{key}")


def geometry_iri(city: NamedNode) -> NamedNode:
    """Return the IRI of where a city is."""
    return NamedNode(f"{city.value}/geometry")


@lru_cache(maxsize=1 << 14)
def facility_iri(country: str, city: str, key: str) -> NamedNode:
    """Return the IRI of a facility; `city` and `key` are slugs."""
    return NamedNode(f"{BASE}facility/{country.lower()}/{city}/{key}")


@lru_cache(maxsize=1 << 14)
def organization_iri(key: str) -> NamedNode:
    """Return the IRI of an organisation; `key` is a slug."""
    return NamedNode(f"{BASE}organization/{key}")


def void_iri(key: str) -> NamedNode:
    """Return the IRI of a part of the description of the data."""
    return _key("void", key)


def release_file_iri(digest: str, name: str) -> NamedNode:
    """Return the IRI of a file of a release, by its content and its name there."""
    return NamedNode(f"{BASE}release/{digest[:16]}/{quote(name, safe='/')}")


def example_iri(key: str) -> NamedNode:
    """Return the IRI of an example question, or of what these share."""
    return _key("example", key)


def skolem_iri(key: str) -> NamedNode:
    """Return the IRI that stands for a blank node; `key` depends on what the node holds."""
    return _key(".well-known/genid", key)


@lru_cache(maxsize=1 << 14)
def concept_iri(curie: str) -> NamedNode:
    """Return the IRI behind a CURIE of a vocabulary that the contract names (MONDO:0008433)."""
    prefix, _, local = curie.partition(":")
    base = _EXTERNAL.get(prefix.upper())
    if base is None or not _KEY.fullmatch(local):
        raise ValueError(f"{curie!r} is no CURIE of {', '.join(_EXTERNAL)}")
    return NamedNode(base + local)


def concept_curie(node: NamedNode) -> str | None:
    """Return the CURIE of which `concept_iri` makes this IRI, None for any other IRI."""
    for prefix, base in _EXTERNAL.items():
        if node.value.startswith(base):
            return f"{prefix}:{node.value.removeprefix(base)}"
    return None


def vocabulary_space(prefix: str) -> str:
    """Return how the IRIs of a vocabulary begin that the contract names by this CURIE prefix."""
    return _EXTERNAL[prefix]


def iri_keys(node: NamedNode) -> tuple[str, ...]:
    """Return the segments of an IRI of this graph after the base, the kind first; () for others."""
    if not node.value.startswith(BASE):
        return ()
    return tuple(node.value[len(BASE) :].split("/"))


def record_key(graph: NamedNode) -> tuple[str, str] | None:
    """Return registry and id of which `record_graph` makes this IRI, None for any other IRI."""
    match iri_keys(graph):
        case ("graph", registry, registry_id):
            return registry, registry_id
        case _:
            return None


def is_source_graph(graph: NamedNode) -> bool:
    """Return whether a graph holds what another source says of a trial."""
    return iri_keys(graph)[:2] == ("graph", "source")


def feed_iri(parameters: str) -> str:
    """Return the name of the feed of changes that encoded parameters ask for."""
    return f"{BASE}feeds/changes?{parameters}" if parameters else f"{BASE}feeds/changes"
