"""The normal form in which names of conditions are compared.

Two strings that people read as the same name give the same form: case, hyphens, apostrophes,
plural and British spelling do not count.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = re.compile(r"['’‘`´]s\b|['’‘`´]")
_BREAKS = re.compile(r"[^\w+%]+")

_SPELLING = (
    ("leukaem", "leukem"),
    ("tumour", "tumor"),
    ("anaem", "anem"),
    ("haem", "hem"),
    ("oesophag", "esophag"),
    ("oedem", "edem"),
    ("diarrhoea", "diarrhea"),
    ("paediatric", "pediatric"),
    ("gynaec", "gynec"),
    ("orthopaed", "orthoped"),
    ("ischaem", "ischem"),
    ("foetal", "fetal"),
    ("coeliac", "celiac"),
    ("caecum", "cecum"),
    ("glycaem", "glycem"),
    ("aetiolog", "etiolog"),
    ("uraem", "urem"),
    ("toxaem", "toxem"),
    ("lipidaem", "lipidem"),
    ("fibre", "fiber"),
    ("faec", "fec"),
    ("behaviour", "behavior"),
    ("glioblastom multiforme", "glioblastoma multiforme"),
)
_IRREGULAR = {
    "diabetes": "diabetes",
    "herpes": "herpes",
    "rabies": "rabies",
    "scabies": "scabies",
    "nonhodgkin": "non hodgkin",
    "nonsmall": "non small",
    "hodgkins": "hodgkin",
    "metastases": "metastasis",
    "carcinomata": "carcinoma",
}
_KEPT_ENDINGS = ("ss", "us", "is", "os")
_words: dict[str, str] = {}


@lru_cache(maxsize=1 << 12)
def normal_name(text: str) -> str:
    """Return the normal form of a name of a condition; it may be empty."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = _APOSTROPHES.sub("", folded).replace("&", " and ")
    return " ".join(_word(word) for word in _BREAKS.split(folded) if word.strip("_"))


def _word(word: str) -> str:
    known = _words.get(word)
    if known is None:
        known = _regular(word)
        if len(_words) < 50_000:
            _words[word] = known
    return known


def _regular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for british, american in _SPELLING:
        if british in word:
            word = word.replace(british, american)
    singular = _singular(word)
    return _IRREGULAR.get(singular, singular)


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(_KEPT_ENDINGS):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "uses", "xes")):
        return word[:-2]
    if word.endswith(("ases", "oses", "ises")) and word not in {"diseases", "cases", "phases"}:
        return word[:-2] + "is"
    return word[:-1]
