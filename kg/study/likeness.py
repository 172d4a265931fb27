"""How much two registrations look like one study, and who is compared with whom.

Only registrations that share a block are compared, so that the work grows with their number. What
counts and how much is one table; what speaks against it is a reason to leave them two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final, NamedTuple

from kg.study.blocks import pairs
from kg.study.identifiers import registry_place
from kg.study.registration import Registration, folded

# A pair of this score is one study, where nothing speaks against it; below the other it is nothing.
MERGED: Final = 0.8
SEEN: Final = 0.5
_WEIGHTS: Final = {"title": 0.4, "sponsor": 0.2, "enrolment": 0.2, "start": 0.15, "ages": 0.05}
_LEAST_TITLE, _SAME_TOPIC, _SAME_TITLE = 0.4, 0.7, 0.9
_NEAR_DAYS, _NEAR_START = 45, 0.6
_FAR_DAYS = 400
# Score of a look-alike pair of one registry whose sites agree, and where a record lists none.
_FLAGGED: Final = {True: 0.9, False: 0.7}


class Likeness(NamedTuple):
    """Two registrations that may be one study, in registry order, and why.

    `flag` tells those of one registry whose records repeat each other; `merge` those that are
    strong enough to be one study.
    """

    first: Registration
    second: Registration
    score: float
    reason: str
    flag: bool = False
    merge: bool = False


def likenesses(registrations: Sequence[Registration]) -> Iterator[Likeness]:
    """Yield the pairs that may be registrations of one study, in no particular order."""
    for first, second in pairs(registrations):
        found = compare(registrations[first], registrations[second])
        if found is not None:
            yield found


def compare(one: Registration, other: Registration) -> Likeness | None:
    """Return how two registrations are alike, None where that is not worth a word."""
    if one.registry == other.registry:
        return _repeated(one, other)
    if one.key == other.key or _sizes(one.enrollment, other.enrollment) < 0:
        return None
    # The title first: most pairs that share a block go no further.
    title = _titles(one, other)
    if title < _LEAST_TITLE or _contradict(one, other):
        return None
    first, second = sorted((one, other), key=_order)
    points = {"title": title, **_other_points(first, second)}
    score = round(sum(_WEIGHTS[name] * value for name, value in points.items()), 2)
    if score < SEEN:
        return None
    reason = "; ".join(f"{name} {value:.2f}" for name, value in points.items())
    merge = _is_strong(points, score)
    return Likeness(first, second, max(score, MERGED) if merge else score, reason, merge=merge)


def _is_strong(points: Mapping[str, float], score: float) -> bool:
    """Tell whether a pair is one study: weak evidence never adds up to that.

    Title and number of participants have to agree by themselves, and so has the sponsor; where
    records name another sponsor, the title has to be the same and the start near.
    """
    if points["enrolment"] < 1:
        return False
    if points["sponsor"] > 0:
        return points["title"] >= _SAME_TOPIC and score >= MERGED
    return points["title"] >= _SAME_TITLE and points["start"] >= _NEAR_START


def _repeated(one: Registration, other: Registration) -> Likeness | None:
    """Compare two of one registry: same title, lead sponsor, study type, phases and enrolment.

    They share a site unless one of them lists none. One study they are only where all that is said
    at length is the same too, and the start, and neither has a number of its own.
    """
    same = one.sponsor and one.sponsor == other.sponsor and one.design
    if not same or one.design != other.design or not _same_title(one, other):
        return None
    first, second = sorted((one, other), key=_order)
    shared = sorted(set(first.sites) & set(second.sites))
    if first.sites and second.sites and not shared:
        return None
    where = f"site {shared[0]}" if shared else "no site in one of the two records"
    reason = f"same title, lead sponsor, study type, phases and enrolment; {where}"
    whole = first.digest and first.digest == second.digest and first.sites == second.sites
    merge = bool(whole and shared and first.start and first.start == second.start) and (
        first.protocols == second.protocols
    )
    if merge:
        reason += "; the same start, sites and texts"
    score = 0.99 if merge else _FLAGGED[bool(shared)]
    return Likeness(first, second, score, reason, flag=True, merge=merge)


def _same_title(first: Registration, second: Registration) -> bool:
    return folded(first.title.plain) == folded(second.title.plain)


def _contradict(first: Registration, second: Registration) -> bool:
    """Tell two that cannot be one study: other countries, ages, numbers or names in the title."""
    if first.countries and second.countries and not set(first.countries) & set(second.countries):
        return True
    if first.ages.strip("-") and second.ages.strip("-") and _ages(first, second) < 0:
        return True
    return all(_differ(words, others) for words in first.words for others in second.words)


def _differ(words: Sequence[str], others: Sequence[str]) -> bool:
    """Tell titles each of which has a number or a code that the other lacks."""
    left = {word for word in words if any(map(str.isdigit, word))}
    right = {word for word in others if any(map(str.isdigit, word))}
    return _lacks(left, right) and _lacks(right, left)


def _lacks(codes: Set[str], others: Set[str]) -> bool:
    """Tell whether one of the codes is no other's, not even shortened: 19 for 2019."""
    return any(
        not any(one.endswith(other) or other.endswith(one) for other in others) for one in codes
    )


def _titles(first: Registration, second: Registration) -> float:
    return max(
        (_alike(words, others) for words in first.words for others in second.words), default=0.0
    )


def _other_points(first: Registration, second: Registration) -> dict[str, float]:
    return {
        "sponsor": _sponsors(first, second),
        "enrolment": _sizes(first.enrollment, second.enrollment),
        "start": _starts(first.start, second.start),
        "ages": _ages(first, second),
    }


def _alike(words: Sequence[str], others: Sequence[str]) -> float:
    left, right = set(words), set(others)
    if min(len(left), len(right)) < 3:
        return 0.0
    return len(left & right) / len(left | right)


def _sponsors(first: Registration, second: Registration) -> float:
    """Compare who runs the two: one name as sponsor, partner or site of the other, in words."""
    if first.sponsor and first.sponsor == second.sponsor:
        return 1.0
    best = 0.0
    for left in _names(first):
        for right in _names(second):
            shared = len(left & right)
            if shared >= 2:
                best = max(best, shared / min(len(left), len(right)))
    if best >= 0.75:
        return 0.8
    return 0.0 if best >= 0.5 or not (first.sponsor and second.sponsor) else -0.5


def _names(one: Registration) -> list[frozenset[str]]:
    keys = (*one.organizations, *(site.rpartition("/")[2] for site in one.sites[:20]))
    return [frozenset(key.split("-")) - _COMMON for key in keys]


_COMMON: Final = frozenset(
    (
        *("of", "the", "and", "for", "de", "la", "s", "first", "second", "third", "people"),
        *("hospital", "university", "affiliated", "medical", "center", "centre", "school"),
        *("college", "institute", "co", "ltd", "inc"),
    )
)


def _sizes(one: int | None, other: int | None) -> float:
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    return 0.3 if abs(one - other) * 10 <= max(one, other) else -1.0


def _starts(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    if min(len(one), len(other)) == 4:
        return 0.3 if one[:4] == other[:4] else -0.5
    if min(len(one), len(other)) == 7 and one[:7] == other[:7]:
        return 0.9
    away = abs((_day(one) - _day(other)).days)
    if away <= _NEAR_DAYS:
        return _NEAR_START
    return 0.0 if away <= _FAR_DAYS else -1.0


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text if len(text) == 10 else f"{text}-01")


def _ages(first: Registration, second: Registration) -> float:
    if not first.ages.strip("-") or not second.ages.strip("-"):
        return 0.0
    if first.ages == second.ages:
        return 1.0
    lower, upper = (
        pair for pair in zip(first.ages.split("-"), second.ages.split("-"), strict=True)
    )
    agree = [a == b or not a or not b for a, b in (lower, upper)]
    return 0.0 if any(agree) else -1.0


def _order(one: Registration) -> tuple[tuple[int, str], str]:
    return registry_place(one.registry), one.registry_id
