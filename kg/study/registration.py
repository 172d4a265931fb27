"""What one registration is compared by: a function of its record alone."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Iterator
from typing import Final

from kg.extract.findings import Extraction
from kg.records import Record, Text, Trial
from kg.study.identifiers import listed_identifiers, registration_key
from kg.study.references import Reference, references

_WORD = re.compile(r"[^\W_]+")
_NO_WORD = re.compile(r"[\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_EMPTY_WORDS: Final = frozenset(
    (
        *("a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "its", "of", "on"),
        *("or", "our", "than", "that", "the", "their", "these", "this", "to", "using", "versus"),
        *("vs", "via", "was", "with", "without", "study", "trial", "clinical", "research"),
        *("patients", "patient", "subjects", "participants", "evaluation", "evaluate"),
        *("evaluating", "treatment"),
    )
)
_PERMUTATIONS = 6
_LEAST_WORDS = 4


class Registration(Record, frozen=True):
    """What one registration is compared by.

    `sponsor`, `organizations` and `sites` are keys of shared nodes, `design` is empty unless
    phases and enrolment are both stated. `words` holds the words of each title, sorted; `start`
    is a day, or a month where no day is given; `digest` is one of all that is said at length.
    `protocols` are the sponsor's own numbers. `blocks` are the hashes under which other
    registrations are looked for.
    """

    registry: str
    registry_id: str
    title: Text
    sponsor: str | None = None
    sites: tuple[str, ...] = ()
    design: tuple[str, ...] = ()
    key: str = ""
    organizations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()
    enrollment: int | None = None
    start: str = ""
    ages: str = ""
    digest: str = ""
    protocols: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    blocks: tuple[int, ...] = ()


def registration(trial: Trial, extraction: Extraction) -> Registration:
    """Return what a trial is compared by."""
    listed = tuple(dict.fromkeys(key for key in extraction.organizations if key))
    titles = [text for text in (trial.brief_title, trial.official_title) if text is not None]
    words = tuple(dict.fromkeys(title_words(text.plain) for text in titles))
    start = _start(trial)
    return Registration(
        registry=trial.registry,
        registry_id=trial.registry_id,
        key=registration_key(trial.registry, trial.registry_id),
        title=trial.brief_title,
        sponsor=extraction.organizations[0]
        if extraction.organizations and trial.lead_sponsor
        else None,
        organizations=listed,
        sites=tuple(sorted(set(_sites(extraction)))),
        countries=tuple(sorted({one.country for one in extraction.places if one.country})),
        design=_design(trial),
        words=words,
        enrollment=trial.enrollment,
        start=start,
        ages="-".join(
            age.duration if age else "" for age in (trial.minimum_age, trial.maximum_age)
        ),
        digest=_digest(trial),
        protocols=_protocols(trial),
        references=references(trial),
        blocks=tuple(sorted(set(_blocks(trial, words, start)))),
    )


def folded(title: str) -> str:
    """Return the letters and digits of a title, without case."""
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", title).casefold())


def title_words(title: str) -> tuple[str, ...]:
    """Return the words of a title that tell it from others, sorted; of Chinese, all pairs."""
    plain = unicodedata.normalize("NFKC", title).casefold()
    words: set[str] = set()
    for word in _WORD.findall(plain):
        rest = word
        if not word.isascii():
            for run in _HAN.findall(word):
                words.update(run[at : at + 2] for at in range(max(1, len(run) - 1)))
            rest = _HAN.sub("", word)
        if rest and rest not in _EMPTY_WORDS:
            words.add(rest[:-1] if rest.endswith("s") and len(rest) > 4 else rest)
    return tuple(sorted(words))


def _sites(extraction: Extraction) -> Iterator[str]:
    for place in extraction.places:
        if place.facility:
            yield f"{place.country}/{place.city}/{place.facility}"


def _design(trial: Trial) -> tuple[str, ...]:
    if trial.study_type is None or not trial.phases or trial.enrollment is None:
        return ()
    return (trial.study_type, "/".join(trial.phases), str(trial.enrollment))


def _start(trial: Trial) -> str:
    date = trial.start_date
    if date is None:
        return ""
    cut = {"Day": 10, "Month": 7}.get(date.precision, 4)
    return date.day.isoformat()[:cut]


def _digest(trial: Trial) -> str:
    """Return a digest of the long texts and the interventions, empty where there are none."""
    texts = (trial.brief_summary, trial.detailed_description, trial.eligibility)
    said = [text.plain for text in texts if text is not None]
    if not said:
        return ""
    said += [one.name.plain for one in trial.interventions]
    plain = "\n".join(" ".join(one.split()) for one in said).casefold()
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def _protocols(trial: Trial) -> tuple[str, ...]:
    """Return the numbers that are no registration's, without spaces and hyphens."""
    found = {
        folded(other.value) for other in trial.secondary_ids if not listed_identifiers(other.value)
    }
    return tuple(sorted(one for one in found if len(one) > 4 and any(map(str.isdigit, one))))


def _blocks(trial: Trial, words: tuple[tuple[str, ...], ...], start: str) -> Iterator[int]:
    """Yield hashes of which two registrations of one study have one in common.

    Titles that share most of their words share the two that come first by one of several hashes.
    """
    for listed in words:
        if len(listed) >= _LEAST_WORDS:
            coded = [word.encode() for word in listed]
            for seed in range(_PERMUTATIONS):
                ranks = [zlib.crc32(code, seed) for code in coded]
                (_, first), (_, second), *_ = sorted(zip(ranks, listed, strict=True))
                yield _block("title", str(seed), first, second)
    for text in (trial.brief_title, trial.official_title):
        if text is not None:
            yield _block("whole title", folded(text.plain))
    if trial.enrollment and len(start) > 4:
        yield _block("design", str(trial.enrollment), start[:7])
    for number in _protocols(trial):
        yield _block("protocol", number)


def _block(*parts: str) -> int:
    return int.from_bytes(hashlib.blake2b("\n".join(parts).encode(), digest_size=6).digest())
