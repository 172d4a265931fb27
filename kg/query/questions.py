"""The example questions that the project brings with it: Turtle, one file a question."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.iris import example_iri
from kg.query.triples import Triples
from kg.records import Record
from kg.vocab import OWL, PREFIXES, RDF, RDFS, SCHEMA, SH, XSD

QUESTIONS = Path(__file__).resolve().parent / "examples"
SEED = "seed"

_FORMS: Mapping[str, NamedNode] = {"SELECT": SH.select, "ASK": SH.ask, "CONSTRUCT": SH.construct}


class Question(Record, frozen=True):
    """A question in plain English, the query that asks it, and what answers it.

    `form` is SELECT, ASK or CONSTRUCT; `trials` are the IRIs of the trials of the bundled examples
    that the answer has to name, found by reading these records.
    """

    name: str
    comment: str
    keywords: tuple[str, ...]
    form: str
    query: str
    trials: tuple[str, ...]


def question_names() -> list[str]:
    """Return the names of all questions."""
    return sorted(path.stem for path in QUESTIONS.glob("*.ttl"))


@cache
def question(name: str) -> Question:
    """Return a question; raises KeyError where there is none of that name."""
    if name not in question_names():
        raise KeyError(name)
    found = Triples(_triples(name))
    iri = example_iri(name).value
    form = next(form for form, term in _FORMS.items() if found.text(iri, term) is not None)
    return Question(
        name=name,
        comment=found.text(iri, RDFS.comment) or "",
        keywords=found.texts(iri, SCHEMA.keywords),
        form=form,
        query=(found.text(iri, _FORMS[form]) or "").strip("\n") + "\n",
        trials=tuple(found.nodes(iri, RDFS.seeAlso)),
    )


def example_triples(endpoint: str) -> list[Triple]:
    """Return all questions and the prefixes that they use, for the endpoint at an address."""
    target = NamedNode(endpoint)
    triples = [
        Triple(one.subject, one.predicate, target) if one.predicate == SCHEMA.target else one
        for name in question_names()
        for one in _triples(name)
    ]
    return [*triples, *_prefixes()]


@cache
def _triples(name: str) -> tuple[Triple, ...]:
    body = (QUESTIONS / f"{name}.ttl").read_bytes()
    return tuple(quad.triple for quad in parse(body, format=RdfFormat.TURTLE))


def _prefixes() -> list[Triple]:
    node = example_iri("prefixes")
    made = [Triple(node, RDF.type, OWL.Ontology)]
    for prefix, namespace in PREFIXES.items():
        declared = example_iri(f"prefix.{prefix}")
        made += [
            Triple(node, SH.declare, declared),
            Triple(declared, SH.prefix, Literal(prefix)),
            Triple(declared, SH.namespace, Literal(namespace, datatype=XSD.anyURI)),
        ]
    return made
