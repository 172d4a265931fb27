"""What has to be gathered for one trial: its record, and what the rest of the graph says of it."""

from __future__ import annotations

from typing import Final

from kg.errors import UsageError
from kg.iris import USER_GRAPHS, named_graph, record_graph, trial_iri
from kg.query.gather import LINKED, START, Step, Walk
from kg.vocab import DCTERMS, RDF, RDFS, TKG

_INFERRED, _STUDIES, _CHANGES = (
    (named_graph(name).value,) for name in ("inferred", "studies", "changes")
)
_SHARED = tuple(
    named_graph(name).value for name in ("shared", "lexicon", "studies", "ontology", "inferred")
)
_TYPE = (RDF.type.value,)

_STEPS: Final = (
    # What follows of its constructs, each of which is used.
    Step(START, "uses", (TKG.use.value,)),
    Step("uses", "constructs", (TKG.construct.value,)),
    Step("constructs", "classes", _TYPE, _INFERRED),
    # Its study, the others of that, why they are one, and the trials that it is linked with.
    Step(START, "beside", (), _STUDIES),
    Step(START, "around", (), _STUDIES, inwards=True),
    Step("beside", "members", (TKG.registrationOf.value,), _STUDIES, inwards=True),
    Step("members", "identity", (TKG.member.value,), _STUDIES, inwards=True),
    Step("identity", "named", (), _STUDIES),
    Step(START, "findings", (RDF.subject.value,), _STUDIES, inwards=True),
    Step("findings", "quotes", (), _STUDIES),
    Step("quotes", "quoted", (), _STUDIES),
    # What other sources say of it, and how it changed.
    Step(START, "records", (TKG.reportsOn.value,), inwards=True),
    Step("records", "claims"),
    Step("records", "claimed sites", (TKG.claimedSite.value,)),
    Step("claimed sites", "claims"),
    Step("records", "said", (DCTERMS.source.value,), inwards=True),
    Step("said", "claims"),
    Step(START, "events", (TKG.ofTrial.value,), _CHANGES, inwards=True),
    Step("events", "changed", (), _CHANGES),
    # What all of these are called.
    Step(LINKED, "labels", (RDFS.label.value,), _SHARED),
    *(
        Step(trials, "labels", (TKG.briefTitle.value,))
        for trials in ("members", "named", "beside", "around")
    ),
)


def trial_walk(registry: str, registry_id: str) -> Walk:
    """Return what has to be gathered for one trial.

    Raises UsageError for what cannot be a registry and an id.
    """
    try:
        trial, record = trial_iri(registry, registry_id), record_graph(registry, registry_id)
    except ValueError as error:
        raise UsageError(str(error)) from None
    return Walk(trial.value, record.value, USER_GRAPHS, _STEPS)
