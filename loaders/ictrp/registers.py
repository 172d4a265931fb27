"""Which registry a record of ICTRP belongs to: by its identifier, since names of registers vary.

Prefixes are those of Bioregistry; `umin`, `japic`, `jmacct`, `ntr`, `cris` and `repec` have no
entry there for their registry and are ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

LOCAL: Final = frozenset({"cris", "japic", "jmacct", "ntr", "repec", "umin"})

# What ICTRP puts before an identifier that is not part of it.
_WRAPPED = re.compile(r"(?:JPRN-|EUCTR(?=\d)|CTIS(?=\d))")

# Registry: the form of its identifiers.
IDENTIFIERS: Final[Mapping[str, re.Pattern[str]]] = {
    registry: re.compile(pattern, re.ASCII)
    for registry, pattern in {
        "clinicaltrials": r"NCT\d{8}",
        "chictr": r"ChiCTR[A-Z0-9-]{4,24}",
        "itmctr": r"ITMCTR\d{6,14}",
        "ctri": r"CTRI/\d{4}/\d{2,3}/\d{4,6}",
        "jrct": r"jRCTs?\d{8,14}",
        "umin": r"UMIN\d{6,12}",
        "japic": r"JapicCTI-?\d{4,8}",
        "jmacct": r"JMA-IIA\d{4,6}",
        "irct": r"IRCT\d{8,20}N\d{1,4}",
        "drks": r"DRKS\d{8}",
        "anzctr": r"ACTRN\d{14}p?",
        "isrctn": r"ISRCTN\d{8}",
        "euclinicaltrials": r"\d{4}-\d{6}-\d{2}-(?:[A-Z]{2}|3rd|Outside-EU/EEA)",
        "ctis": r"\d{4}-\d{6}-\d{2}-\d{2}",
        "pactr": r"PACTR\d{10,20}",
        "rebec": r"RBR-[0-9a-z]{6,10}",
        "rpcec": r"RPCEC\d{8}",
        "repec": r"PER-\d{3}-\d{2}",
        "slctr": r"SLCTR/\d{4}/\d{3}",
        "tctr": r"TCTR\d{8,14}",
        "lbctr": r"LBCTR\d{6,14}",
        "ntr": r"(?:NL|NTR)-?\d{1,6}|NL-OMON\d{1,8}",
        "cris": r"KCT\d{7}",
    }.items()
}

# What ICTRP calls the registers, folded; a record whose register and identifier do not go
# together is refused.
NAMES: Final[Mapping[str, frozenset[str]]] = {
    "clinicaltrials.gov": frozenset({"clinicaltrials"}),
    "chictr": frozenset({"chictr"}),
    "itmctr": frozenset({"itmctr"}),
    "ctri": frozenset({"ctri"}),
    "jprn": frozenset({"jrct", "umin", "japic", "jmacct"}),
    "irct": frozenset({"irct"}),
    "german clinical trials register": frozenset({"drks"}),
    "drks": frozenset({"drks"}),
    "anzctr": frozenset({"anzctr"}),
    "isrctn": frozenset({"isrctn"}),
    "eu clinical trials register": frozenset({"euclinicaltrials"}),
    "euctr": frozenset({"euclinicaltrials"}),
    "ctis": frozenset({"ctis"}),
    "pactr": frozenset({"pactr"}),
    "rebec": frozenset({"rebec"}),
    "rpcec": frozenset({"rpcec"}),
    "repec": frozenset({"repec"}),
    "slctr": frozenset({"slctr"}),
    "tctr": frozenset({"tctr"}),
    "lbctr": frozenset({"lbctr"}),
    "netherlands trial register": frozenset({"ntr"}),
    "ntr": frozenset({"ntr"}),
    "cris": frozenset({"cris"}),
}


def registry_and_id(stated: str) -> tuple[str, str] | None:
    """Return the registry of an identifier and the identifier as the registry writes it."""
    registry_id = _WRAPPED.sub("", stated.strip(), count=1)
    for registry, form in IDENTIFIERS.items():
        if form.fullmatch(registry_id):
            return registry, registry_id
    return None
