"""A readable label from a slug alone, so that it never depends on which record came first."""

from __future__ import annotations

import re

_SMALL = re.compile(
    r"an?|and|at|by|de|del|della|der|des|di|do|dos|du|e|el|en|et|for|i|in|las?|les?|of|on|or|the|"
    r"to|und|van|von|with|y|zu"
)
_ACRONYM = re.compile(
    r"ag|ap|bc|chu|ct|dc|eortc|gsk|hiv|ii|iii|irccs|iv|llc|nhs|nih|nyu|pla|sa|uc|ucl|ucla|ucsf|uk|"
    r"umc|unc|usa?|usc|ut|uz|va|[b-df-hj-np-tv-xz]{2,5}"
)
_SPELLED = {
    "abbvie": "AbbVie",
    "biontech": "BioNTech",
    "co": "Co.",
    "corp": "Corp.",
    "dr": "Dr.",
    "inc": "Inc.",
    "ltd": "Ltd.",
    "mt": "Mt.",
    "phd": "PhD",
    "st": "St.",
}


def readable_label(key: str) -> str:
    """Return the words of a slug as a title: small words low, acronyms high, "-s" a genitive."""
    words = key.split("-")
    written = [_word(word, first=not place) for place, word in enumerate(words)]
    return "".join(
        "'s" if word == "s" and place else f" {text}" if place else text
        for place, (word, text) in enumerate(zip(words, written, strict=True))
    )


def _word(word: str, *, first: bool) -> str:
    if word in _SPELLED:
        return _SPELLED[word]
    if _ACRONYM.fullmatch(word):
        return word.upper()
    if _SMALL.fullmatch(word) and not first:
        return word
    capital = word[0].upper()
    return (capital if capital.lower() == word[0] else word[0]) + word[1:]
