"""What follows from rows: classes of constructs, variants of antigens, concepts above.

The same as the graphs `inferred` and `studies` say, by the same rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain

import polars as pl
import pyoxigraph as ox

from kg.extract.lexicon import Lexicon
from kg.infer import all_types, rules
from kg.iris import iri_keys, named_graph, trial_iri
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


def add_derived(
    tables: Mapping[str, pl.DataFrame], lexicon: Lexicon, store: Store, *, few: bool = False
) -> dict[str, pl.DataFrame]:
    """Return the tables with `classes` and `targets_or_variant`, `broader`, `study` and all flags.

    The store holds the graph of studies, which is made from all records together. Of `few` trials
    it is asked one by one.
    """
    trials, constructs = tables["trials"], tables["constructs"]
    return {
        **tables,
        "constructs": constructs.with_columns(
            _classes(constructs), _or_variant(constructs["targets"], lexicon)
        ),
        "trials": trials.with_columns(
            _broader(trials["concepts"], lexicon), *_studies(trials, store, few=few)
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


def _studies(trials: pl.DataFrame, store: Store, *, few: bool) -> tuple[pl.Series, pl.Series]:
    """Return the study of each trial, and its flags with those that follow from two records."""
    graph = named_graph("studies")
    keys = list(trials.select("registry", "registry_id").iter_rows())
    about = [trial_iri(*key) for key in keys] if few else [None]
    studies = _links(store, TKG.registrationOf, graph, about)
    flags = _links(store, TKG.recordFlag, graph, about)
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


def _links(
    store: Store,
    predicate: ox.NamedNode,
    graph: ox.NamedNode,
    about: Iterable[ox.NamedNode | None],
) -> Mapping[tuple[str, str], list[ox.NamedNode]]:
    links: dict[tuple[str, str], list[ox.NamedNode]] = defaultdict(list)
    found = (store.engine.quads_for_pattern(one, predicate, None, graph) for one in about)
    for quad in chain.from_iterable(found):
        match quad.subject, quad.object:
            case ox.NamedNode() as subject, ox.NamedNode() as value:
                match iri_keys(subject):
                    case ("trial", registry, registry_id):
                        links[registry, registry_id].append(value)
    return links
