"""Change events: what differs between two versions of a record, in the graph `changes`."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator

import msgspec
from pyoxigraph import NamedNode, Quad

from kg.iris import named_graph, part_iri
from kg.quads import literals
from kg.quads.triples import Term, Triple, given, individual
from kg.vocab import RDF, TKG

CHANGES = named_graph("changes")

_WORDS = re.compile(r"(?<!^)(?=[A-Z])")
_DIGEST = 10


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one trial.

    `subject` is the node that was added, removed or altered; `property` the property whose value
    is `before` and `after`, None where a node came or went. `about` holds what else is said of the
    event: the words by which the record names the subject, what it concerns.
    """

    change_type: str
    subject: NamedNode
    seen: dt.date
    registry_date: dt.date | None = None
    property: NamedNode | None = None
    before: Term | None = None
    after: Term | None = None
    about: tuple[tuple[NamedNode, Term], ...] = ()


def change_quads(trial: NamedNode, events: Iterable[Event]) -> list[Quad]:
    """Return the change events of a trial, each quad once.

    An event is named by what it says, so that the same change is the same node.
    """
    triples = dict.fromkeys(triple for event in events for triple in _triples(trial, event))
    return [Quad(*triple, CHANGES) for triple in triples]


def change_iri(trial: NamedNode, event: Event) -> NamedNode:
    """Return the IRI of a change event: its day, its type and a digest of all that it says."""
    said = (event.subject, event.property, event.before, event.after, event.registry_date)
    text = "\n".join(str(part) for part in (*said, *event.about))
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGEST]
    kind = _WORDS.sub("-", event.change_type).lower()
    return part_iri(trial, "change", f"{event.seen.isoformat()}-{kind}-{digest}")


def _triples(trial: NamedNode, event: Event) -> Iterator[Triple]:
    node = change_iri(trial, event)
    yield node, RDF.type, TKG.ChangeEvent
    yield node, TKG.ofTrial, trial
    yield node, TKG.changeType, individual(event.change_type)
    yield node, TKG.subjectNode, event.subject
    yield node, TKG.seenDate, literals.day(event.seen)
    if event.registry_date is not None:
        yield node, TKG.registryDate, literals.day(event.registry_date)
    yield from given(node, TKG.changedProperty, event.property)
    for predicate, value in ((TKG.before, event.before), (TKG.after, event.after)):
        if value is not None:
            yield node, predicate, value
    for predicate, value in event.about:
        yield node, predicate, value
