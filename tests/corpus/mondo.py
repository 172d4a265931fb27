"""The concepts of MONDO that the table of concepts takes, their hierarchy and their names.

A synonym is taken where it is of one concept only, and is like its label or known to DOID or MeSH.
"""

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.extract.condition_text import normal_name

HEREDITARY, TUMOR, CANCER = "0003847", "0045024", "0005070"
NOT_HUMAN, SUSCEPTIBILITY = "0005583", "0042489"
INHERITED = re.compile(r"heredit|famil|syndrome|congenit|autosomal|X-linked|germline")
NO_DISEASE = re.compile(r"susceptib|suppressor|chromosome \d+$")
VAGUE = re.compile(r"\b(nos|unspecified|other|somatic|susceptibility|finding|not elsewhere)\b")
ACRONYM = re.compile(r"[A-Z0-9-]{2,8}")
AGE = re.compile(r"\b(adult|childhood|pediatric)\b ?")
FILLERS = frozenset(
    [
        "disease",
        "disorder",
        "syndrome",
        "of",
        "the",
        "and",
        "in",
        "with",
        "type",
        "to",
        "due",
        "a",
        "an",
        "or",
        "by",
        "nos",
        "other",
        "specified",
        "unspecified",
    ]
)
SAME_STEM = {"neopl": "tumor", "malig": "cance"}


class Vocabularies:
    """MONDO, DOID and MeSH as the shared tables have them, names in their normal form."""

    def __init__(self, folder: Path) -> None:
        self.terms = json.loads(gzip.decompress((folder / "mondo_terms.json.gz").read_bytes()))
        self.doid = json.loads(gzip.decompress((folder / "doid_terms.json.gz").read_bytes()))
        self.mesh: dict[str, tuple[str, list[str]]] = {}
        for row in _rows(folder / "mesh_id_label_mappings.tsv.gz"):
            synonyms = row[2].split("|") if len(row) > 2 and row[2] else []
            self.mesh[row[0]] = (row[1], synonyms)
        self.tree_rows = list(_rows(folder / "mesh_terms_2019.txt.gz"))
        self.by_id = {term["id"]: term for term in self.terms}

    @cached_property
    def mesh_names(self) -> dict[str, set[str]]:
        return {
            key: {normal_name(name) for name in (label, *synonyms)}
            for key, (label, synonyms) in self.mesh.items()
        }

    @cached_property
    def tree(self) -> dict[str, list[str]]:
        ids: dict[str, str] = {}
        for key, (label, _) in self.mesh.items():
            ids.setdefault(label, key)
        found: dict[str, list[str]] = defaultdict(list)
        for row in self.tree_rows:
            if len(row) > 1 and row[1] in ids:
                found[ids[row[1]]].append(row[0])
        return found


def _rows(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")


def references(term: Mapping[str, Any], namespace: str) -> list[str]:
    found = {one["id"] for one in term.get("xrefs", []) if one["namespace"] == namespace}
    return sorted(found)


def above(key: str, parents: Mapping[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(parents.get(key, ()))
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += parents.get(one, ())
    return seen


def hierarchy(known: Vocabularies) -> dict[str, list[str]]:
    """MONDO's parents without the edges that it excludes and tumours called hereditary."""
    parents = {}
    for term in known.terms:
        relations = term.get("relations", {})
        own = [one for one in relations.get("is_a", []) if one in known.by_id]
        for refused in relations.get("excluded_subClassOf", []):
            if refused in own and len(own) > 1:
                own.remove(refused)
        parents[term["id"]] = own
    for term in known.terms:
        own = parents[term["id"]]
        if HEREDITARY in own and not INHERITED.search(term["name"]):
            rest = [one for one in own if one != HEREDITARY]
            if {TUMOR, CANCER} & set(rest).union(*(above(one, parents) for one in rest)):
                parents[term["id"]] = rest
    return parents


class Mondo:
    """The terms of MONDO that are taken, and what they are called."""

    def __init__(self, known: Vocabularies) -> None:
        self.known, self.parents = known, hierarchy(known)
        self.above = {key: above(key, self.parents) for key in self.parents}
        self.refused = {
            key
            for key, up in self.above.items()
            if {NOT_HUMAN, SUSCEPTIBILITY} & {key, *up}
            or NO_DISEASE.search(known.by_id[key]["name"])
        }
        self.kept = self._kept()
        self.mesh, self.ncit = self._same("MESH"), self._same("NCIT")
        self._same_by_name()
        self.labels: dict[str, set[str]] = defaultdict(set)
        self.synonyms: dict[str, set[str]] = defaultdict(set)
        for term in known.terms:
            if term["id"] not in self.refused:
                self.labels[normal_name(term["name"])].add(term["id"])
                for one in term.get("synonyms", []):
                    self.synonyms[normal_name(one)].add(term["id"])
        self._witnesses()
        self.names = self._names()

    def _kept(self) -> set[str]:
        base = {
            term["id"]
            for term in self.known.terms
            if term["id"] not in self.refused
            and (
                references(term, "MESH") or references(term, "NCIT") or not references(term, "OMIM")
            )
        }
        return base.union(*(self.above[key] for key in base)) - self.refused

    def _same(self, namespace: str) -> dict[str, str]:
        """Terms of another vocabulary that one concept refers to, and to no other."""
        counted = Counter(one for term in self.known.terms for one in references(term, namespace))
        found = {term["id"]: references(term, namespace) for term in self.known.terms}
        return {key: one[0] for key, one in found.items() if len(one) == 1 == counted[one[0]]}

    def _same_by_name(self) -> None:
        """A descriptor that several concepts refer to is the one that bears its name."""
        claimed: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for term in self.known.terms:
            for one in references(term, "MESH"):
                claimed[one].append(term)
        taken = set(self.mesh.values())
        for key, terms in claimed.items():
            if key in taken or key not in self.known.mesh:
                continue
            label = self.known.mesh[key][0]
            turned = " ".join(reversed([part.strip() for part in label.split(",")]))
            names = self.known.mesh_names[key] | {normal_name(turned)}
            fit = [
                term
                for term in terms
                if normal_name(term["name"]) in names and term["id"] not in self.refused
            ]
            if len(fit) == 1 and fit[0]["id"] not in self.mesh:
                self.mesh[fit[0]["id"]] = key

    def _witnesses(self) -> None:
        """What DOID and MeSH call the terms that a concept refers to."""
        doid = {
            one["id"].split(":")[1]: {
                normal_name(n) for n in (one["name"], *one.get("synonyms", []))
            }
            for one in self.known.doid
        }
        self.claims: dict[str, set[str]] = defaultdict(set)
        self.witnessed: dict[str, set[str]] = defaultdict(set)
        for term in self.known.terms:
            for namespace, names in (("DOID", doid), ("MESH", self.known.mesh_names)):
                for one in references(term, namespace):
                    self.witnessed[term["id"]] |= names.get(one, set())
            for name in self.witnessed[term["id"]]:
                self.claims[name].add(term["id"])

    def _names(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for term in self.known.terms:
            key, label = term["id"], normal_name(term["name"])
            if key not in self.kept:
                continue
            if len(self.labels[label]) == 1:
                found[key].append(label)
            for synonym in term.get("synonyms", []):
                name = normal_name(synonym)
                new = name and name != label and name not in found[key]
                if new and name not in self.labels and self._fits(term, synonym, name):
                    found[key].append(name)
        return found

    def _fits(self, term: Mapping[str, Any], synonym: str, name: str) -> bool:
        """Tell whether a synonym of MONDO may name the concept."""
        key, agreed = term["id"], name in self.witnessed[term["id"]]
        bearers = self.synonyms[name]
        if len(bearers) > 1 and {b for b in bearers if name in self.witnessed[b]} != {key}:
            return False
        if VAGUE.search(name) or len(name) > 90 or self.claims.get(name, set()) - {key}:
            return False
        stems, own = stems_of(name), stems_of(normal_name(term["name"]))
        if len(name) <= 5 or (" " not in name and not agreed and not stems <= own):
            return False
        numbered = re.search(r"\d", synonym) and not re.search(r"\d", term["name"])
        if (numbered and not agreed) or ACRONYM.fullmatch(synonym):
            return False
        return agreed or len(stems & own) / max(1, len(stems)) >= 0.5

    def join_ages(self) -> None:
        """Put a form of an age below the disease where MONDO lacks the edge."""
        owner = {name: key for key, names in self.names.items() for name in names}
        for key in sorted(self.kept):
            name = self.known.by_id[key]["name"]
            label = normal_name(name)
            for form in {label, label.replace("lymphocytic", "lymphoblastic")}:
                whole = owner.get(_ageless(form)) if AGE.search(form) and "/" not in name else None
                if not whole or whole == key or whole in self.parents[key]:
                    continue
                if whole in self.above[key] or key in self.above[whole]:
                    continue
                up = {
                    owner.get(_ageless(normal_name(self.known.by_id[one]["name"])))
                    for one in self.parents[key]
                }
                if up & self.above[whole]:
                    self.parents[key].append(whole)
        self.above = {key: above(key, self.parents) for key in self.parents}


def _ageless(name: str) -> str:
    return " ".join(AGE.sub("", name).split())


def stems_of(name: str) -> set[str]:
    return {SAME_STEM.get(word[:5], word[:5]) for word in name.split() if word not in FILLERS}
