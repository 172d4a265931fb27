"""Cut ontology/lexicon/concepts.tsv out of MONDO and MeSH, with DOID as a witness of names.

`python -m tests.corpus.concepts` prints the table, `--check` compares with that of the repository.
MONDO (vocab/mondo_terms) gives concepts, hierarchy and names; a synonym is taken where it is of one
concept only, and is like the label or known to DOID or MeSH. MeSH gives the terms that registries
index by and the diseases that MONDO lacks.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from kg.extract.concepts import mesh_curie
from kg.extract.condition_text import normal_name
from kg.extract.conditions import _turned
from kg.resources import LEXICON
from tests.conftest import shared_folder
from tests.corpus.cities import records
from tests.corpus.mondo import Mondo, Vocabularies, stems_of

TABLE = LEXICON / "concepts.tsv"
HEADER = "curie\tlabel\tparents\texact\tnames\tsource\tas_of"
AS_OF = "2026-11-21"
# "Large cell lymphoma" is no reticulum cell sarcoma today, as MONDO has it.
REFUSED = {("MONDO:0009975", "large cell lymphoma")}
NCIT_PAGE = "https://github.com/yy20716/mondo-hpo-learner ncit_report/markdown/NCIT_C9292.md"
INDEXED = ("conditionBrowseModule", "interventionBrowseModule")


class Row:
    """A row of the table."""

    def __init__(
        self, label: str, parents: Iterable[str], exact: list[str], names: list[str], source: str
    ) -> None:
        self.label, self.parents, self.exact = label, list(parents), exact
        self.names, self.source = names, source


def mondo_rows(mondo: Mondo) -> dict[str, Row]:
    rows = {}
    for key in sorted(mondo.kept):
        parents = [f"MONDO:{one}" for one in sorted(mondo.parents[key]) if one in mondo.kept]
        exact = [f"MESH:{mondo.mesh[key]}"] if key in mondo.mesh else []
        exact += [f"NCIT:{mondo.ncit[key]}"] if key in mondo.ncit else []
        label = mondo.known.by_id[key]["name"]
        rows[f"MONDO:{key}"] = Row(label, parents, exact, mondo.names[key], "vocab:mondo_terms")
    return rows


def add_mesh_names(rows: dict[str, Row], mondo: Mondo, taken: dict[str, str]) -> None:
    """Give concepts the names of their descriptors that are like their labels."""
    bearers = Counter(name for names in mondo.known.mesh_names.values() for name in names)
    for key, mesh in mondo.mesh.items():
        curie = f"MONDO:{key}"
        if curie not in rows:
            continue
        own = stems_of(normal_name(mondo.known.by_id[key]["name"]))
        own |= stems_of(normal_name(mondo.known.mesh[mesh][0])) if mesh in mondo.known.mesh else own
        for name in sorted(mondo.known.mesh_names.get(mesh, ())):
            if name in taken or len(name) <= 5 or bearers[name] > 1 or name in mondo.labels:
                continue
            stems = stems_of(name)
            if mondo.synonyms.get(name, {key}) != {key} or not stems:
                continue
            if len(stems & own) / len(stems) >= 0.75 and len(own - stems) <= 2:
                rows[curie].names.append(name)
                taken[name] = curie


def solid_rows() -> dict[str, Row]:
    """The two concepts of NCIt for solid tumours, which MONDO lacks."""
    return {
        "NCIT:C9292": Row(
            "Solid Neoplasm", ["MONDO:0005070"], [], ["solid neoplasm", "solid tumor"], NCIT_PAGE
        ),
        "NCIT:C132146": Row(
            "Malignant Solid Neoplasm",
            ["MONDO:0004992", "NCIT:C9292"],
            [],
            [
                *("malignant solid neoplasm", "malignant solid tumor"),
                *("solid cancer", "solid malignancy"),
            ],
            NCIT_PAGE,
        ),
    }


def indexed(shared: Path) -> dict[str, tuple[str, str]]:
    """The MeSH terms that the registry indexes records by: label, and where it stands."""
    found: dict[str, tuple[str, str]] = {}
    for record in records(shared):
        trial = record["protocolSection"]["identificationModule"]["nctId"]
        derived = record.get("derivedSection", {})
        for module in INDEXED:
            for part in ("meshes", "ancestors"):
                for one in derived.get(module, {}).get(part, []):
                    where = f"clinicaltrials:{trial} derivedSection {module} {part}"
                    found.setdefault(mesh_curie(one["id"])[5:], (one["term"], where))
    return found


class Mesh:
    """The descriptors of diseases, and those that records are indexed by, as rows."""

    def __init__(self, mondo: Mondo, taken: dict[str, str], shared: Path) -> None:
        self.known, self.mondo, self.taken = mondo.known, mondo, taken
        self.of_mondo = {
            mesh: f"MONDO:{key}" for key, mesh in mondo.mesh.items() if key in mondo.kept
        }
        self.at = {place: key for key, places in self.known.tree.items() for place in places}
        self.bearers = Counter(n for names in self.known.mesh_names.values() for n in names)
        self.indexed = indexed(shared)

    def rows(self) -> dict[str, Row]:
        diseases = {key for key in self.known.mesh if self._is_disease(key)}
        return {f"MESH:{key}": self._row(key) for key in sorted(diseases | set(self.indexed))}

    def _is_disease(self, key: str) -> bool:
        return any(_of_disease(place) for place in self.known.tree.get(key, ()))

    def _row(self, key: str) -> Row:
        if key in self.known.mesh:
            label, source = self.known.mesh[key][0], "vocab:mesh_id_label_mappings"
        else:
            label, source = self.indexed[key]
        exact = [self.of_mondo[key]] if key in self.of_mondo else []
        if exact or not self._is_disease(key):
            return Row(label, [], exact, [], source)
        return Row(label, self._parents(key), exact, self._names(key, label), source)

    def _parents(self, key: str) -> list[str]:
        found = set()
        for place in self.known.tree[key]:
            parent = self._next_above(place) if _of_disease(place) else None
            if parent and parent != key:
                found.add(self.of_mondo.get(parent, f"MESH:{parent}"))
        return sorted(found)

    def _next_above(self, place: str) -> str | None:
        while "." in place:
            place = place.rpartition(".")[0]
            if place in self.at:
                return self.at[place]
        return None

    def _names(self, key: str, label: str) -> list[str]:
        own, found = normal_name(label), []
        for name in sorted(self.known.mesh_names[key], key=lambda one: (one != own, one)):
            if name in self.taken or name in self.mondo.labels or self.bearers[name] > 1:
                continue
            if name != own and (len(name) <= 4 or name in self.mondo.synonyms):
                continue
            found.append(name)
            self.taken[name] = f"MESH:{key}"
        return found


def _of_disease(place: str) -> bool:
    return place.startswith(("C", "F03"))


def reduced(rows: dict[str, Row]) -> None:
    """Take away parents that are above other parents, and names that are read as others are."""

    def up(curie: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(rows[curie].parents)
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting += rows[one].parents
        return seen

    for curie, row in rows.items():
        parents = row.parents
        row.parents = [p for p in parents if not any(p in up(q) for q in parents if q != p)]
        names = set(row.names)
        row.names = [
            name
            for name in row.names
            if (_turned(name) == name or _turned(name) not in names)
            and (curie, name) not in REFUSED
        ]


def table(shared: Path) -> str:
    mondo = Mondo(Vocabularies(shared / "data" / "vocab"))
    mondo.join_ages()
    rows = mondo_rows(mondo)
    taken = {name: curie for curie, row in rows.items() for name in row.names}
    add_mesh_names(rows, mondo, taken)
    rows |= Mesh(mondo, taken, shared).rows() | solid_rows()
    reduced(rows)
    lines = [
        "\t".join(
            (
                *(curie, row.label.replace("\t", " "), "|".join(row.parents)),
                *("|".join(row.exact), "|".join(row.names), row.source, AS_OF),
            )
        )
        for curie, row in sorted(rows.items())
    ]
    return "\n".join((HEADER, *lines, ""))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text = table(shared_folder())
    if options.check:
        sys.exit(0 if text == TABLE.read_text(encoding="utf-8") else f"{TABLE} differs")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
