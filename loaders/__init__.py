"""Loaders, one a form of records: they turn them into trials and know no RDF.

Each is named by the prefix of its registry in Bioregistry, and by the form where a registry has
several. A new one is a module or package with a `LOADER`, and a line in this table.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

from kg.records import Loader

NAMES: Final = (
    "clinicaltrials",
    "clinicaltrials_csv",
    "clinicaltrials_xml",
    "clinicaltrials_xml_json",
    "aact",
    "chictr",
    "ctis",
    "euclinicaltrials",
    "euclinicaltrials_json",
    "ictrp",
    "ictrp_csv",
    "isrctn",
    "isrctn_json",
    "clinicaltrialcompass",
    "curemydisease",
    "table",
)

LOADERS: Final[dict[str, Loader]] = {
    name: cast("Loader", import_module(f"loaders.{name}").LOADER) for name in NAMES
}
