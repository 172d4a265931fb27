"""How often each class and property of the contract is filled.

`TRIALKG_CORPUS=whole python -m tests.corpus.filled` writes the table anew.
"""

import csv
import tempfile
from pathlib import Path

from kg.publish import current_snapshot
from kg.store import Store
from kg.vocab import GEO, OA, RDF, RDFS, SKOS, TKG
from tests.conftest import shared_folder
from tests.corpus.corpus import WHOLE, build_corpus, load

TABLE = Path(__file__).with_name("filled.tsv")
_SPACES = {"tkg": TKG, "oa": OA, "rdf": RDF, "rdfs": RDFS, "skos": SKOS, "geo": GEO}


def read_table() -> dict[tuple[str, str], int]:
    """The table of the repository: class or property, statements over the whole corpus."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return {(row["kind"], row["name"]): int(row["statements"]) for row in rows}


def count(store: Store, terms: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """How many statements each term has in a graph."""
    return {term: _count(store, *term) for term in terms}


def _count(store: Store, kind: str, name: str) -> int:
    prefix, _, local = name.rpartition(":")
    term = getattr(_SPACES[prefix or "tkg"], local)
    pattern = (None, RDF.type, term) if kind == "class" else (None, term, None)
    return sum(1 for _ in store.engine.quads_for_pattern(*pattern))


def main() -> None:
    if not WHOLE:
        raise SystemExit("set TRIALKG_CORPUS=whole: the table is of the whole corpus")
    with tempfile.TemporaryDirectory() as folder:
        build_corpus(load(shared_folder(), whole=True), Path(folder))
        with Store.read_only(current_snapshot(Path(folder) / "data")) as store:
            counted = count(store, list(read_table()))
    partial = TABLE.with_suffix(".partial")
    with partial.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        rows.writerow(("kind", "name", "statements"))
        rows.writerows((*term, number) for term, number in counted.items())
    partial.replace(TABLE)


if __name__ == "__main__":
    main()
