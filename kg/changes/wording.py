"""What differs between two texts, in whole sentences."""

from __future__ import annotations

from collections import Counter

from kg.quads.sentence import sentences


def folded(text: str) -> str:
    """Return the text with every run of space as one: what is left differs in what it says."""
    return " ".join(text.split())


def differing(before: str, after: str) -> tuple[str, str]:
    """Return the sentences of each text that the other lacks, one a line.

    Where both have the same sentences in another order, it is those from the first to the last
    that changed their place.
    """
    earlier = [folded(one) for one in sentences(before)]
    later = [folded(one) for one in sentences(after)]
    gone, new = _lacking(earlier, later), _lacking(later, earlier)
    if not gone and not new:
        gone, new = _moved(earlier, later)
    return "\n".join(gone), "\n".join(new)


def _lacking(mine: list[str], others: list[str]) -> list[str]:
    there = Counter(others)
    found = []
    for one in mine:
        if there[one]:
            there[one] -= 1
        else:
            found.append(one)
    return found


def _moved(earlier: list[str], later: list[str]) -> tuple[list[str], list[str]]:
    apart = [n for n, pair in enumerate(zip(earlier, later, strict=True)) if pair[0] != pair[1]]
    span = slice(apart[0], apart[-1] + 1) if apart else slice(0)
    return earlier[span], later[span]
