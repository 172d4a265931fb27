"""What users may state: what keeps to the shapes, and no graph states already."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg import user
from kg.errors import QueryError
from kg.validate import Violation, validate_quads

_MOST_TOLD = 5


def check_changes(engine: ox.Store, before: set[ox.Quad], after: set[ox.Quad]) -> None:
    """Let the graphs of users hold `after`, or raise QueryError where that must not be.

    Refused are triples that another graph states, and nodes that come to break a shape which they
    did not break before. `engine` holds the whole data set, the graphs of users as `before`.
    """
    added = after - before
    subjects = {quad.subject for quad in after ^ before}
    was = _descriptions(engine, subjects)
    user.restate(engine, after)
    for quad in sorted(added, key=str):
        graph = user.repeated(engine, quad)
        if graph is not None:
            raise QueryError(
                f"{quad.subject} {quad.predicate} {quad.object} stands in {graph} already",
                kind="repeated",
                hint="state only what no other graph states",
            )
    _check_shapes(was, _descriptions(engine, subjects))


def _descriptions(engine: ox.Store, subjects: Iterable[object]) -> list[ox.Quad]:
    """Return all that any graph states of the subjects: shapes look at a node as a whole."""
    return [
        quad
        for subject in sorted(subjects, key=str)
        if isinstance(subject, ox.NamedNode | ox.BlankNode)
        for quad in engine.quads_for_pattern(subject, None, None)
    ]


def _check_shapes(was: list[ox.Quad], now: list[ox.Quad]) -> None:
    violations = _violations(now)
    new = sorted(violations - _violations(was)) if violations else []
    if new:
        told = "; ".join(f"{one.focus_node}: {one.message}" for one in new[:_MOST_TOLD])
        more = f"; and {len(new) - _MOST_TOLD} more" if len(new) > _MOST_TOLD else ""
        raise QueryError(told + more, kind="shapes", hint="`trialkg validate` checks a file")


def _violations(quads: list[ox.Quad]) -> set[Violation]:
    return set(validate_quads([("user", quads)])[0].violations) if quads else set()
