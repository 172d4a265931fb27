"""The other registrations that a record names, and what it says of them.

An identifier among the secondary ids is one of the same study, unless the record says that it is
another's. One in running text is another study's, unless the sentence says that this trial is
registered under it; it is a link only where the sentence says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from kg.extract.findings import Evidence
from kg.records import Record, Text, Trial
from kg.study.identifiers import Identifier, identifiers, listed_identifiers

SAME: Final = "sameStudy"
_FOLLOW_UP, _EXTENSION, _SUBSTUDY = "followUpOf", "extensionOf", "substudyOf"
_ACCESS = "expandedAccessFor"

# Kinds of secondary ids that name grants, or studies that this one has to do with.
_NO_REGISTRATION = re.compile(r"grant|^NIH$|associated|related|parent|sub-?study", re.IGNORECASE)
_AT = "@@"
_NEAR = r"[^.;@]{0,110}?"


class Cue(NamedTuple):
    """Words of a sentence, "@@" being the identifier, that say what the trial it names is to this.

    `inverse` is true where it is the named trial that is the follow-up, extension or part.
    """

    kind: str
    pattern: re.Pattern[str]
    inverse: bool = False


def _cue(kind: str, pattern: str, *, inverse: bool = False) -> Cue:
    return Cue(kind, re.compile(pattern.format(near=_NEAR, at=_AT), re.IGNORECASE), inverse)


_TEXT_CUES: Final = (
    _cue(
        SAME,
        r"\bthis (?:clinical )?(?:trial|study) (?:is|was|has been) (?:also )?"
        r"registered\b{near}{at}",
    ),
    _cue(SAME, r"\b(?:also|duplicate) regist(?:ered|ration)\b{near}{at}"),
    _cue(
        _SUBSTUDY,
        r"\b(?:sub-?study|ancillary study|companion study|nested study)\b"
        r"{near}\b(?:of|to|within|in)\b{near}{at}",
    ),
    _cue(_SUBSTUDY, r"\bparallel study\b{near}{at}"),
    _cue(
        _FOLLOW_UP,
        r"\bfollow[- ]?up (?:stud(?:y|ies) |trial |protocol )?(?:of|to|for|from)\b"
        r"{near}{at}",
    ),
    _cue(_FOLLOW_UP, r"(?<!separate )(?<!a )\blong[- ]term follow[- ]?up of\b{near}{at}"),
    _cue(
        _FOLLOW_UP,
        r"\b(?:in|into|via|under) an?(?: \w+){{0,2}} (?:long[- ]term )?follow[- ]?up"
        r" (?:study|trial|protocol)\b{near}{at}",
        inverse=True,
    ),
    _cue(
        _FOLLOW_UP,
        r"\blong[- ]term follow[- ]?up(?: study| trial| protocol)? ?"
        r"(?:\([^()@]{{0,30}})?\W{{0,3}}{at}",
        inverse=True,
    ),
    _cue(
        _EXTENSION,
        r"\b(?:roll(?:ed)?[ -]?over|enter|enrol\w*|continue|transition\w*)\b"
        r"[^.;@]{{0,30}}\b(?:extension|rollover)\b{near}{at}",
        inverse=True,
    ),
    _cue(
        _EXTENSION,
        r"\b(?:extension|continuation|second stage|second phase|follow-on study)"
        r"(?: study| trial)? (?:of|to|for|from)\b{near}{at}",
    ),
    _cue(_ACCESS, r"\bexpanded access\b{near}\b(?:for|of|to|from)\b{near}{at}"),
)
# Who comes from the named trial; what this one is then follows from its own titles.
_TAKES_FROM = re.compile(
    rf"\b(?:complet\w+|participat\w+ in|enrolled in|treated in|randomi[sz]ed in|"
    rf"parent (?:stud\w+|trial|protocol)|previous (?:stud\w+|trial)|evaluable\b){_NEAR}{_AT}",
    re.IGNORECASE,
)
_OWN_NATURE: Final = (
    (_ACCESS, re.compile(r"expanded access|compassionate use", re.IGNORECASE)),
    (_SUBSTUDY, re.compile(r"\bsub-?study|ancillary|companion", re.IGNORECASE)),
    (
        _EXTENSION,
        re.compile(
            r"\bextension|roll-?over|continuation|open-label,? (?:long-term|safety|extension)|"
            r"long[- ]term (?:safety|study of)",
            re.IGNORECASE,
        ),
    ),
    (_FOLLOW_UP, re.compile(r"follow[- ]?up|follow-on|long[- ]term", re.IGNORECASE)),
)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[A-Z0-9(*])|\n")
_EXCLUDED = re.compile(r"exclusion criteria|does not|has not|have not|must not", re.IGNORECASE)


class Reference(Record, frozen=True):
    """Another registration that a record names.

    `kind` is "sameStudy" or the local name of a link; `inverse` where the link leads from the
    named trial to this one. `stated` is the identifier as the record has it, `source` where.
    """

    kind: str
    registry: str
    key: str
    written: str
    stated: str
    source: str
    inverse: bool = False
    evidence: Evidence | None = None


def references(trial: Trial) -> tuple[Reference, ...]:
    """Return what a record says of other registrations, each once for a kind."""
    found: dict[tuple[str, str], Reference] = {}
    for one in (*_linked(trial), *_listed(trial), *_former(trial)):
        named = {kind for kind, key in found if key == one.key}
        # What a sentence says of an identifier explains why the record lists it.
        if not (one.kind == SAME and named - {SAME}):
            found.setdefault((one.kind, one.key), one)
    return tuple(found.values())


def _listed(trial: Trial) -> Iterator[Reference]:
    for other in trial.secondary_ids:
        if other.id_type and _NO_REGISTRATION.search(other.id_type):
            continue
        for one in listed_identifiers(other.value):
            if one.registry != trial.registry:
                source = f"secondary id ({other.id_type})" if other.id_type else "secondary id"
                yield _reference(SAME, one, other.value, source)


def _former(trial: Trial) -> Iterator[Reference]:
    for former in trial.former_ids:
        for one in listed_identifiers(former):
            yield _reference(SAME, one, former, "former id")


def _linked(trial: Trial) -> Iterator[Reference]:
    titles = " ".join(
        text.plain for text in (trial.brief_title, trial.official_title) if text is not None
    )
    for name, text in _texts(trial):
        for one in identifiers(text.raw):
            if one.written == trial.registry_id:
                continue
            cue = _said(text.raw, one, titles)
            if cue is not None and not (cue[0] == SAME and one.registry == trial.registry):
                evidence = Evidence(text.field, text.raw[one.start : one.end], one.start, one.end)
                stated = text.raw[one.start : one.end]
                yield _reference(cue[0], one, stated, name, inverse=cue[1], evidence=evidence)


def _texts(trial: Trial) -> Iterator[tuple[str, Text]]:
    for name, text in (
        ("title", trial.brief_title),
        ("official title", trial.official_title),
        ("summary", trial.brief_summary),
        ("description", trial.detailed_description),
        ("eligibility", trial.eligibility),
    ):
        if text is not None:
            yield name, text


def _said(text: str, one: Identifier, titles: str) -> tuple[str, bool] | None:
    """Return which cue the sentence around an identifier holds, and whether it is inverse."""
    low = max(
        (m.end() for m in _SENTENCE.finditer(text, max(0, one.start - 400), one.start)),
        default=max(0, one.start - 400),
    )
    after = _SENTENCE.search(text, one.end, one.end + 200)
    high = after.start() if after else one.end + 200
    sentence = f"{text[low : one.start]}{_AT}{text[one.end : high]}"
    if _EXCLUDED.search(sentence):
        return None
    # Of several identifiers in a sentence each stands at the end of what leads up to it.
    for other in identifiers(text[low : one.start]):
        sentence = sentence.replace(text[low + other.start : low + other.end], "", 1)
    for cue in _TEXT_CUES:
        if cue.pattern.search(sentence):
            return cue.kind, cue.inverse
    if _TAKES_FROM.search(sentence):
        for kind, nature in _OWN_NATURE:
            if nature.search(titles) or (kind == _SUBSTUDY and nature.search(sentence)):
                return kind, False
    return None


def _reference(
    kind: str,
    one: Identifier,
    stated: str,
    source: str,
    *,
    inverse: bool = False,
    evidence: Evidence | None = None,
) -> Reference:
    return Reference(
        kind=kind,
        registry=one.registry,
        key=one.key,
        written=one.written,
        stated=stated,
        source=source,
        inverse=inverse,
        evidence=evidence,
    )
