"""What extraction finds in a trial, each statement with its evidence.

Values are local names of individuals of the ontology ("CARNKTherapy", "AnyOf"), antigen keys,
product keys or CURIEs of concepts. Nothing here is RDF.
"""

from __future__ import annotations

from kg.records import Record


class Evidence(Record, frozen=True):
    """An exact quote: `exact == raw[start:end]` of the field's raw value, in code points."""

    field: str
    exact: str
    start: int
    end: int


class Claim(Record, frozen=True):
    """One derived value and why it is believed.

    `basis` is Stated, Implied, FromLexicon, Customary or Inferred; `rule` names the rule that
    found it; `confidence` is between 0 and 1; `sources` cites lexicon rows ("products/CT041")
    where the text alone does not support the value.
    """

    value: str
    basis: str
    rule: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    sources: tuple[str, ...] = ()


class Component(Record, frozen=True):
    """A part of a construct that is no target: marker, switch, armour, edit, costimulation."""

    kind: Claim
    label: str
    antigen: str | None = None
    action: str | None = None


class Construct(Record, frozen=True):
    """One molecularly distinct agent, as one record describes it.

    `effector_cell`, `cell_source` and `donor` always have a value; NotStated and NotApplicable are
    values. `preparation` is ReadyMade where the record says that the product is made before its
    recipient is known. `targets` is empty exactly for NotAntigenDirected and UnknownLogic.
    `combined_with` holds positions of the constructs that `combined_as` speaks of.
    """

    label: str
    modality: Claim
    effector_cell: Claim
    cell_source: Claim
    donor: Claim
    target_logic: Claim
    target_disclosure: Claim
    alternative_labels: tuple[str, ...] = ()
    code_names: tuple[str, ...] = ()
    product: Claim | None = None
    targets: tuple[Claim, ...] = ()
    spares: tuple[Claim, ...] = ()
    recruits: tuple[Claim, ...] = ()
    architecture: Claim | None = None
    combined_as: Claim | None = None
    combined_with: tuple[int, ...] = ()
    usual_donor: Claim | None = None
    preparation: Claim | None = None
    components: tuple[Component, ...] = ()
    delivery_vehicle: Claim | None = None
    hla_restriction: tuple[Claim, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Use(Record, frozen=True):
    """What is given in which arm, in which role.

    `arm`, `intervention` and `construct` are positions in the trial's arms and interventions and
    in the constructs; `arm` is None where the record has no arms. At least one of `intervention`
    and `construct` is given.
    """

    role: Claim
    arm: int | None = None
    intervention: int | None = None
    construct: int | None = None
    dose_text: str | None = None
    route: str | None = None
    schedule: str | None = None


class Mention(Record, frozen=True):
    """An antigen named in the record, in one role (a local name such as PriorTherapyMention)."""

    antigen: str
    role: str
    evidence: tuple[Evidence, ...]
    construct: int | None = None


class Qualifier(Record, frozen=True):
    """A modifier split off a condition: axis ("stage", "line") and value ("extensive")."""

    axis: str
    value: str


class ConditionTerm(Record, frozen=True):
    """One condition as the registrant listed it; `position` is that in `Trial.conditions`.

    `mapping` is ExactMapping, BroaderMapping, Unmapped or NotADisease; `concept` is a CURIE
    ("MONDO:0008433") for the first two.
    """

    position: int
    mapping: str
    concept: Claim | None = None
    qualifiers: tuple[Qualifier, ...] = ()


class Criterion(Record, frozen=True):
    """One eligibility criterion, in reading order; `parent` is a position in the criteria."""

    text: str
    polarity: str
    evidence: Evidence
    parent: int | None = None


class Place(Record, frozen=True):
    """Where a site is: `position` is that in `Trial.sites`.

    `country` is ISO 3166-1 alpha-2 in upper case; `city` a key of the gazetteer or a slug of the
    name as listed; `facility` a slug that is equal for spellings known to be the same place.
    """

    position: int
    country: str | None = None
    city: str | None = None
    facility: str | None = None


class Extraction(Record, frozen=True):
    """All that extraction says of one trial.

    `organizations` holds the slugs of the lead sponsor and then of each collaborator, None for a
    person and for a name without letters.
    """

    constructs: tuple[Construct, ...] = ()
    uses: tuple[Use, ...] = ()
    mentions: tuple[Mention, ...] = ()
    conditions: tuple[ConditionTerm, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    places: tuple[Place, ...] = ()
    organizations: tuple[str | None, ...] = ()
    record_flags: tuple[Claim, ...] = ()
    design_features: tuple[Claim, ...] = ()
    monitored_risks: tuple[Claim, ...] = ()
