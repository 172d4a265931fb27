"""Counts of right and wrong answers by trial; precision, recall, F1 and their intervals."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

_RESAMPLES = 1000
_SEED = 20240229


class Count(NamedTuple):
    """Answers of one trial: right, wrong, missed. For a share, `wrong` and `missed` are equal."""

    right: float = 0.0
    wrong: float = 0.0
    missed: float = 0.0


class Score(msgspec.Struct, frozen=True):
    """One measure over some trials; intervals are 95 % bootstrap intervals over trials."""

    measure: str
    trials: int
    right: float
    wrong: float
    missed: float
    precision: float
    recall: float
    f1: float
    f1_low: float
    f1_high: float


def score(measure: str, counts: Sequence[Count]) -> Score:
    """Return the measure of some trials, with its interval; the resampling is seeded."""
    total = _sum(counts)
    low, high = _interval(counts)
    return Score(
        measure=measure,
        trials=sum(1 for count in counts if any(count)),
        right=total.right,
        wrong=total.wrong,
        missed=total.missed,
        precision=round(_precision(total), 4),
        recall=round(_recall(total), 4),
        f1=round(_f1(total), 4),
        f1_low=round(low, 4),
        f1_high=round(high, 4),
    )


def share(right: bool) -> Count:
    """Count one yes-or-no answer, so that precision, recall and F1 are all the share."""
    return Count(1.0) if right else Count(0.0, 1.0, 1.0)


def _sum(counts: Sequence[Count]) -> Count:
    return Count(
        sum(count.right for count in counts),
        sum(count.wrong for count in counts),
        sum(count.missed for count in counts),
    )


def _precision(total: Count) -> float:
    return _ratio(total.right, total.right + total.wrong)


def _recall(total: Count) -> float:
    return _ratio(total.right, total.right + total.missed)


def _f1(total: Count) -> float:
    return _ratio(2 * total.right, 2 * total.right + total.wrong + total.missed)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _interval(
    counts: Sequence[Count], figure: Callable[[Count], float] = _f1
) -> tuple[float, float]:
    informative = [count for count in counts if any(count)]
    if not informative:
        return 0.0, 1.0
    draw = random.Random(_SEED)  # noqa: S311
    figures = sorted(
        figure(_sum(draw.choices(informative, k=len(informative)))) for _ in range(_RESAMPLES)
    )
    return figures[int(_RESAMPLES * 0.025)], figures[int(_RESAMPLES * 0.975) - 1]
