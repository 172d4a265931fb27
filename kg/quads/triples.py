"""What the modules of this package hand to each other."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from msgspec.structs import replace
from pyoxigraph import Literal, NamedNode

from kg.errors import OntologyError
from kg.extract.findings import Claim, Evidence
from kg.quads.tokens import Token
from kg.vocab import TERMS

Term = NamedNode | Literal
Triple = tuple[NamedNode, NamedNode, Term]
Statement = tuple[NamedNode | Token, NamedNode, Term | Token]
"""A triple of a record: what is a record's own stands there as N-Triples write it."""

Subject = TypeVar("Subject", NamedNode, NamedNode | Token)
Value = TypeVar("Value", NamedNode, Literal, Token)

_SILENT = "Inferred"


class Derived(msgspec.Struct, frozen=True):
    """A triple that was concluded from the record, and why it is believed.

    `key` names its subject within the trial.
    """

    subject: NamedNode | Token
    key: str
    predicate: NamedNode
    value: Term
    claim: Claim

    @property
    def triple(self) -> Statement:
        """Return the triple itself."""
        return (self.subject, self.predicate, self.value)


def grounded(claim: Claim, named: tuple[Evidence, ...]) -> Claim:
    """Return the claim; one without words of its own quotes where its subject is named.

    What follows from a code, such as the type of an arm, has no words. What is inferred from
    silence stays without a quote.
    """
    if claim.evidence or claim.sources or claim.basis == _SILENT:
        return claim
    return replace(claim, evidence=named)


def given(
    subject: Subject, predicate: NamedNode, value: Value | None
) -> tuple[()] | tuple[tuple[Subject, NamedNode, Value]]:
    """Return the triple where there is a value."""
    return () if value is None else ((subject, predicate, value),)


def individual(name: str) -> NamedNode:
    """Return the term of the ontology that has this local name.

    Raises OntologyError for a name that the ontology does not define.
    """
    term = TERMS.get(name)
    if term is None:
        raise OntologyError(f"the ontology has no term {name!r}: add it to ontology/ or correct it")
    return term


def coded(name: str | None) -> NamedNode | None:
    """Return the individual of a code, None where the record gives none."""
    return None if name is None else individual(name)
