"""What follows from rows: classes of constructs, variants of antigens, concepts above.

The same as the graphs `inferred` and `studies` say, by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import product

import polars as pl
import pyoxigraph as ox

from kg.extract.lexicon import Lexicon
from kg.infer import all_types, rules
from kg.iris import iri_keys, named_graph, trial_iri
from kg.lines import NOTHING, Lines, read_lines
from kg.quads.triples import individual
from kg.store import Store
from kg.vocab import TERMS, TKG

# What the definitions of classes rest on, beside the number of targets.
_PROPERTIES: Mapping[str, ox.NamedNode] = {
    "effector_cell": TKG.effectorCell,
    "cell_source": TKG.cellSource,
    "donor": TKG.donor,
    "preparation": TKG.preparation,
    "target_logic": TKG.targetLogic,
    "target_disclosure": TKG.targetDisclosure,
}
_NAMES = {node.value: name for name, node in TERMS.items()}
_SUBJECT = TKG.Construct
_TEXTS = pl.List(pl.String())
_STUDIES = named_graph("studies")
_STUDY, _FLAG = TKG.registrationOf, TKG.recordFlag

_Link = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]
_ByTrial = dict[tuple[str, str], list[ox.NamedNode]]


def add_derived(
    tables: Mapping[str, pl.DataFrame],
    lexicon: Lexicon,
    store: Store,
    known: Lines = NOTHING,
    *,
    few: bool = False,
) -> dict[str, pl.DataFrame]:
    """Return the tables with `classes` and `targets_or_variant`, `broader`, `study` and all flags.

    The store holds the graph of studies, which is made from all records together. Of `few` trials
    it is asked one by one, and of all only where the lines of that graph are not `known`.
    """
    trials, constructs = tables["trials"], tables["constructs"]
    return {
        **tables,
        "constructs": constructs.with_columns(
            _classes(constructs), _or_variant(constructs["targets"], lexicon)
        ),
        "trials": trials.with_columns(
            _broader(trials["concepts"], lexicon), *_studies(trials, store, known, few=few)
        ),
    }


def _classes(constructs: pl.DataFrame) -> pl.Series:
    names = ("modality", *_PROPERTIES)
    rows = constructs.select(*names, pl.col("targets").list.len().clip(0, 2)).iter_rows()
    return pl.Series("classes", [_classes_of(row) for row in rows], dtype=_TEXTS)


@lru_cache(maxsize=4096)
def _classes_of(row: tuple[str | int | None, ...]) -> tuple[str, ...]:
    """Return the local names of all classes of a construct of this kind, sorted."""
    modality, *codes, targets = row
    # Which antigens they are does not matter, only whether they are several.
    several = frozenset((TKG.Antigen, TKG.Product)[: int(targets or 0)])
    values = {TKG.targets: {_SUBJECT: several}}
    for property_, code in zip(_PROPERTIES.values(), codes, strict=True):
        found = frozenset() if code is None else frozenset({individual(str(code))})
        values[property_] = {_SUBJECT: found}
    stated = frozenset({individual(str(modality)), TKG.Construct})
    known = all_types(_SUBJECT, stated, *_rules(), values)
    return tuple(
        sorted(_NAMES[one.value] for one in known - {TKG.Construct} if one.value in _NAMES)
    )


# The digest of the ontology is not taken again for every kind of construct.
_rules = cache(rules)


def _or_variant(targets: pl.Series, lexicon: Lexicon) -> pl.Series:
    above = {key: _with_wholes(key, lexicon) for keys in targets.to_list() for key in keys}
    rows = [sorted({one for key in keys for one in above[key]}) for keys in targets.to_list()]
    return pl.Series("targets_or_variant", rows, dtype=_TEXTS)


def _with_wholes(key: str, lexicon: Lexicon) -> tuple[str, ...]:
    found: dict[str, None] = {}
    while key and key not in found:
        found[key] = None
        key = lexicon.antigens[key].variant_of
    return tuple(found)


def _broader(concepts: pl.Series, lexicon: Lexicon) -> pl.Series:
    known = lexicon.concepts
    above: dict[str, frozenset[str]] = {}
    rows: list[Sequence[str]] = []
    for curies in concepts.to_list():
        found: set[str] = set(curies)
        for curie in curies:
            if curie not in above:
                above[curie] = known.ancestors(curie) & known.keys()
            found |= above[curie]
        rows.append(sorted(found))
    return pl.Series("broader", rows, dtype=_TEXTS)


def _studies(
    trials: pl.DataFrame, store: Store, known: Lines, *, few: bool
) -> tuple[pl.Series, pl.Series]:
    """Return the study of each trial, and its flags with those that follow from two records."""
    keys = list(trials.select("registry", "registry_id").iter_rows())
    studies, flags = _by_trial(_links_of(store, keys) if few else _links(store, known))
    own = trials["flags"].to_list()
    all_flags = [
        sorted({*stated, *(_NAMES[one.value] for one in flags.get(key, ()))})
        for key, stated in zip(keys, own, strict=True)
    ]
    found = ["/".join(iri_keys(studies[key][0])[1:]) if key in studies else None for key in keys]
    return (
        pl.Series("study", found, dtype=pl.String()),
        pl.Series("flags", all_flags, dtype=_TEXTS),
    )


def _links_of(store: Store, keys: Iterable[tuple[str, str]]) -> Iterator[_Link]:
    """Yield what the graph of studies says of some trials."""
    for key, predicate in product(keys, (_STUDY, _FLAG)):
        for quad in store.engine.quads_for_pattern(trial_iri(*key), predicate, None, _STUDIES):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                yield quad.subject, predicate, quad.object


def _links(store: Store, known: Lines) -> list[_Link]:
    """Return what the graph of studies says of all trials."""
    found: list[_Link] = []
    wanted = {str(name): name for name in (_STUDY, _FLAG)}

    def take(line: str) -> None:
        subject, predicate, rest = line.split(" ", 2)
        if predicate in wanted:
            value = ox.NamedNode(rest[1:-3])
            found.append((ox.NamedNode(subject[1:-1]), wanted[predicate], value))

    read_lines(store, _STUDIES, known, take)
    return found


def _by_trial(links: Iterable[_Link]) -> tuple[_ByTrial, _ByTrial]:
    """Return studies and flags by registry and id of the trial."""
    found: dict[ox.NamedNode, _ByTrial] = {_STUDY: {}, _FLAG: {}}
    for subject, predicate, value in links:
        match iri_keys(subject):
            case ("trial", registry, registry_id):
                found[predicate].setdefault((registry, registry_id), []).append(value)
    return found[_STUDY], found[_FLAG]
