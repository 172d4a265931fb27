"""What names mean: every name of every value, by the form in which names are compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from kg.ask.phrases import CONNECTING, PHRASES, UNHONOURED
from kg.extract.condition_text import normal_name
from kg.find.catalogue import Catalogue
from kg.find.facets import FACETS
from kg.find.labels import squeezed
from kg.records import Record

# Where a name means several things, the earlier of these facets has it.
_ORDER = (
    "antigen",
    "product",
    "country",
    "city",
    "facility",
    "condition",
    "modality",
    "trait",
    "effector",
    "source",
    "donor",
    "status",
    "phase",
    "type",
    "design",
    "age",
    "flag",
    "sponsor",
    "sponsor_class",
    "registry",
)
_CONDITION = "condition"
_FACILITY = "facility"
# "Cancer Center" begins the names of very many facilities, and is none.
_MOST_FACILITIES = 40
_IN_NAMES = frozenset({"of", "the", "and", "for", "de", "la", "del", "di", "für", "at"})
_SHORT = 2
_UNITED_STATES = "US"
# Codes that are other words in most questions: an adaptive NK cell, a platform for CAR-T.
_CODE_NAMES = frozenset({"none", "other", "and", "or", "t", "single", "industry", "network"}) | {
    "adaptive",
    "platform",
}


class Meaning(Record, frozen=True):
    """What a name may choose: values of one facet."""

    facet: str
    values: tuple[str, ...]


class Meanings:
    """The names of all values of a catalogue, with the phrases of questions."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._names: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        kinds: dict[str, list[str]] = defaultdict(list)
        for facet in _ORDER:
            if facet not in {"registry", _FACILITY}:
                kinds[FACETS[facet].kind or ""].append(facet)
        for (kind, key), names in catalogue.labels.names.items():
            for facet in self._facets_of(kinds, kind, key):
                for name in (key, catalogue.labels.label(kind, key), *names):
                    self._names[_form(facet, name)][facet].add(key)
        for registry in catalogue.values("registry"):
            self._names[squeezed(registry)]["registry"].add(registry)
        self.of = lru_cache(maxsize=20_000)(self._of)

    def labels(self, facet: str, values: tuple[str, ...]) -> str:
        """Return what values of a facet are called, as alternatives."""
        kind = FACETS[facet].kind
        return " or ".join(self.catalogue.labels.label(kind, value) for value in values)

    def _facets_of(self, kinds: Mapping[str, list[str]], kind: str, key: str) -> Iterator[str]:
        """Yield the facets that a key of a kind may belong to."""
        for facet in kinds.get(kind, ()):
            if kind != "term" or self.catalogue.has(facet, key):
                yield facet

    def _of(self, text: str) -> tuple[Meaning, ...]:
        """Return what a stretch of a question may mean, the likeliest first."""
        folded = " ".join(text.lower().replace("-", " ").split())
        if folded in PHRASES:
            facet, *values = PHRASES[folded]
            return (Meaning(facet, tuple(values)),)
        if _is_plain_word(text, folded):
            return ()
        found = self._named(text)
        best = [self._best(facet, found[facet]) for facet in _ORDER if facet in found]
        # "MS" is no Montserrat where no trial has a site there.
        return tuple(sorted(best, key=self._is_unvisited))

    def _is_unvisited(self, meaning: Meaning) -> bool:
        known = self.catalogue.has
        return meaning.facet == "country" and not any(known("country", v) for v in meaning.values)

    def _named(self, text: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for form in _forms(squeezed(text)):
            for facet, keys in self._names.get(form, {}).items():
                if facet != _CONDITION:
                    found[facet] |= keys
            if found:
                break
        for facet, keys in self._names.get(f"{_CONDITION} {normal_name(text)}", {}).items():
            found[facet] |= keys
        if not found and (keys := self._facilities(text)):
            found[_FACILITY] = keys
        if text.lower() in CONNECTING | UNHONOURED and text != _UNITED_STATES:
            # "AND" is no Andorra, and "NO" no Norway.
            found.pop("country", None)
        return found

    def _facilities(self, text: str) -> set[str]:
        """Return the facilities whose name begins so, of a text that is written like a name."""
        words = text.split()
        if len(words) == 1 or not all(w[0].isupper() or w in _IN_NAMES for w in words):
            return set()
        keys = self.catalogue.facilities(squeezed(text))
        return set(keys) if len(keys) <= _MOST_FACILITIES else set()

    def _best(self, facet: str, keys: set[str]) -> Meaning:
        here = {key for key in keys if self.catalogue.has(facet, key)}
        return Meaning(facet, tuple(sorted(here or keys)))


def _form(facet: str, name: str) -> str:
    if facet == _CONDITION:
        return f"{_CONDITION} {normal_name(name)}"
    return squeezed(name)


def _forms(name: str) -> Iterator[str]:
    """Yield a squeezed name and what it may be the plural of."""
    yield name
    if name.endswith("ies"):
        yield f"{name[:-3]}y"
    if name.endswith("s"):
        yield name[:-1]


def _is_plain_word(text: str, folded: str) -> bool:
    """Tell whether a text is a word of English here, not a name that is spelled like one."""
    if text.isascii() and len(squeezed(text)) <= _SHORT:
        return not (text.isupper() and text.isalpha())
    plain = folded in CONNECTING or folded in UNHONOURED or folded in _CODE_NAMES
    if plain and not text.isupper():
        return True
    # "of tarlatamab" is no name, whatever is called "oftarlatamab".
    first = text.split(maxsplit=1)[0]
    return first != text and first in CONNECTING
