"""Where the files that are not code live, in a checkout and in a wheel alike."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent

ONTOLOGY = _ROOT / "ontology"
LEXICON = ONTOLOGY / "lexicon"
SHAPES = _ROOT / "shapes"
EXAMPLES = _ROOT / "loaders" / "examples"
WEB = _ROOT / "kg" / "api" / "web"
