"""Loaders, one a form of records: they turn them into trials and know no RDF.

Each is named by the prefix of its registry in Bioregistry, and by the form where a registry has
several. A new one is a module with a `LOADER` and a line in this table.
"""

from __future__ import annotations

from typing import Final

from kg.records import Loader
from loaders import clinicaltrials

LOADERS: Final[dict[str, Loader]] = {
    clinicaltrials.LOADER.name: clinicaltrials.LOADER,
}
