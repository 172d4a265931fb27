"""A readable label from a slug alone, so that it never depends on which record came first."""

from __future__ import annotations

_SMALL = frozenset(
    "a an and at by de del della der des di do dos du e el en et for i in la las le les of on or "
    "the to und van von y zu".split()
)
_ACRONYMS = frozenset(
    "abbvie aiims amgen bc chu chru cnrs ct eortc ev gsk hca hiv icahn llc ltd md nci nhs nih nyu "
    "oncd pla plc pty sa sas srl ucl ucla ucsd ucsf uk uhn umc us usa usc ut uz va vhs vu".split()
) - {"abbvie", "amgen", "icahn", "oncd"}
_SPELLED = {
    "abbvie": "AbbVie",
    "biontech": "BioNTech",
    "mcgill": "McGill",
    "astrazeneca": "AstraZeneca",
}
_VOWELS = frozenset("aeiouy")


def readable_label(key: str) -> str:
    """Return the words of a slug as a title: small words low, acronyms high."""
    return " ".join(_word(word, first=not place) for place, word in enumerate(key.split("-")))


def _word(word: str, *, first: bool) -> str:
    if word in _SPELLED:
        return _SPELLED[word]
    if word in _ACRONYMS or (len(word) <= 5 and word.isascii() and not _VOWELS & set(word)):
        return word.upper()
    if word in _SMALL and not first:
        return word
    return word[:1].upper() + word[1:]
