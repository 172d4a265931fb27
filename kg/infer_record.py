"""What follows from one record alone, by the rules of `kg.infer`, over tokens.

A record describes its trial and its constructs in full, so that what follows of them needs no
other record: for whole registries it is concluded where the record is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from pyoxigraph import NamedNode

from kg.extract.lexicon import Lexicon
from kg.infer import all_types, open_classes, properties_read, rules
from kg.iris import antigen_iri, concept_curie, concept_iri, iri_keys
from kg.vocab import RDF, TKG

Token = str
TripleTokens = tuple[Token, Token, Token]
Described = Mapping[Token, Mapping[Token, Sequence[Token]]]

_TYPE = str(RDF.type)
_SUBJECT = TKG.Construct


class Conclusions:
    """The rules and hierarchies, read once for many records."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._classes = frozenset(map(str, open_classes()))
        self._read = tuple(sorted(map(str, properties_read())))
        self._rules = rules()
        self._types = lru_cache(maxsize=1 << 14)(self._following)
        self._upwards: tuple[tuple[Token, Token, Callable[[Token], tuple[Token, ...]]], ...] = (
            (
                str(TKG.condition),
                str(TKG.conditionOrBroader),
                lru_cache(maxsize=None)(lambda value: _concepts(value, lexicon)),
            ),
            (
                str(TKG.targets),
                str(TKG.targetsOrVariant),
                lru_cache(maxsize=None)(lambda value: _antigens(value, lexicon)),
            ),
        )
        self._properties = frozenset(name for name, _, _ in self._upwards)

    def of(self, described: Described) -> list[TripleTokens]:
        """Return what follows from what a record says, each triple once."""
        found: dict[TripleTokens, None] = {}
        silent, properties = self._classes.isdisjoint, self._properties
        for node, said in described.items():
            # From most nodes nothing follows.
            if silent(said.get(_TYPE, ())) and properties.isdisjoint(said):
                continue
            if _is_iri(node):
                found.update(dict.fromkeys(self._of_node(node, said)))
        return list(found)

    def _of_node(
        self, node: Token, said: Mapping[Token, Sequence[Token]]
    ) -> Iterator[TripleTokens]:
        types = said.get(_TYPE, ())
        if not self._classes.isdisjoint(types):
            stated = tuple(sorted(self._classes.intersection(types)))
            values = tuple(tuple(filter(_is_iri, said.get(name, ()))) for name in self._read)
            for name in self._types(stated, values):
                yield node, _TYPE, name
        for property_, inferred, above in self._upwards:
            for value in said.get(property_, ()):
                if _is_iri(value):
                    for one in above(value):
                        yield node, inferred, one

    def _following(
        self, stated: tuple[Token, ...], values: tuple[tuple[Token, ...], ...]
    ) -> tuple[Token, ...]:
        """Return the classes that follow for a construct of these classes and values."""
        known = frozenset(map(_node, stated))
        said = {
            _node(name): {_SUBJECT: frozenset(map(_node, found))}
            for name, found in zip(self._read, values, strict=True)
        }
        return tuple(sorted(map(str, all_types(_SUBJECT, known, *self._rules, said) - known)))


def _concepts(value: Token, lexicon: Lexicon) -> tuple[Token, ...]:
    curie = concept_curie(_node(value))
    if curie is None or curie not in lexicon.concepts:
        return (value,)
    above = lexicon.concepts.ancestors(curie) & lexicon.concepts.keys()
    return (value, *(str(concept_iri(one)) for one in sorted(above - {curie})))


def _antigens(value: Token, lexicon: Lexicon) -> tuple[Token, ...]:
    found: dict[str, None] = {}
    match iri_keys(_node(value)):
        case ("antigen", key):
            while key and key not in found:
                found[key] = None
                known = lexicon.antigens.get(key)
                key = known.variant_of if known else ""
    return tuple(str(antigen_iri(key)) for key in found) or (value,)


def _is_iri(token: Token) -> bool:
    return token[0] == "<" and token[1] != "<"


def _node(token: Token) -> NamedNode:
    return NamedNode(token[1:-1])
