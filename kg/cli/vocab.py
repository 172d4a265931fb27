"""`trialkg vocab`: what is generated from the ontology."""

from __future__ import annotations

from kg.cli.options import out
from kg.errors import UsageError
from kg.ontology import write_classified, write_vocab
from kg.resources import ONTOLOGY


def vocab() -> None:
    """Classify ontology/ and write its hierarchy and kg/vocab.py; for a checkout, needs Java."""
    if not (ONTOLOGY.parent / "pyproject.toml").is_file():
        raise UsageError(
            "the ontology of an installed package is not to be changed: use a checkout"
        )
    write_vocab()
    write_classified()
    out().print("kg/vocab.py and ontology/classified.ttl are current")
