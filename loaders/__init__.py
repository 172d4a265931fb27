"""Loaders, one a registry: they turn its records into trials and know no RDF.

Each is named by the prefix of its registry in Bioregistry. A new one is a module with a `LOADER`
and a line in this table.
"""

from __future__ import annotations

from typing import Final

from kg.records import Loader
from loaders import clinicaltrials

LOADERS: Final[dict[str, Loader]] = {
    clinicaltrials.LOADER.registry: clinicaltrials.LOADER,
}
