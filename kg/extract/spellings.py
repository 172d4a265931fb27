"""The ways in which registries spell one name: hyphens, spaces, Greek letters, slips."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise, product

_GREEK = {
    "α": ("a", "alpha"),
    "β": ("b", "beta"),
    "γ": ("g", "gamma"),
    "δ": ("d", "delta"),
    "ε": ("e", "epsilon"),
    "ζ": ("z", "zeta"),
    "κ": ("k", "kappa"),
    "λ": ("l", "lambda"),
}
_CODE_PIECES = re.compile(r"[^\W\d_]+|\d+|[^\w\s-]")
_JOINTS: tuple[str, ...] = ("", "-", " ")
_SPACED: tuple[str, ...] = ("-", " ")
_CLOSED: tuple[str, ...] = ("",)
_MOST_SPELLINGS = 81
_SHORTEST_SLIP = 9
_SHORTEST_LATIN = 4


def squeezed(text: str) -> str:
    """Return the text without hyphens and spaces, to compare spellings letter by letter."""
    return text.replace("-", "").replace(" ", "")


@cache
def spellings(name: str) -> tuple[str, ...]:
    """Return the spellings of a name, as written in the table first.

    A name with a digit is a code: its letters and digits may be joined in any way. In other names
    only a hyphen or a space may change.
    """
    found: dict[str, None] = {name: None}
    for plain in _latin(name):
        for spelling in _joined(plain):
            found[spelling] = None
    return tuple(found)


def _latin(name: str) -> tuple[str, ...]:
    options: list[tuple[str, ...]] = []
    for char in name:
        latin = _GREEK.get(char)
        if latin is None:
            options.append((char,))
        elif len(name) < _SHORTEST_LATIN:
            options.append((char, latin[1], f" {latin[1]}", f"-{latin[1]}"))
        else:
            options.append((char, *latin, f" {latin[1]}", f"-{latin[1]}"))
    return tuple("".join(choice) for choice in product(*options))[:25]


def _joined(name: str) -> list[str]:
    if any(char.isdigit() for char in name):
        pieces = _CODE_PIECES.findall(name)
        joints = [_JOINTS if _may_open(left, right) else _CLOSED for left, right in _pairs(pieces)]
    else:
        pieces = re.split(r"[\s-]+", name)
        joints = [_SPACED for _ in pieces[1:]]
    count = 1
    for joint in joints:
        count *= len(joint)
    if count > _MOST_SPELLINGS:
        return [name, re.sub(r"[\s-]+", " ", name), re.sub(r"[\s-]+", "-", name)]
    return [
        pieces[0] + "".join(map(str.__add__, choice, pieces[1:])) for choice in product(*joints)
    ]


def _pairs(pieces: list[str]) -> list[tuple[str, str]]:
    return list(pairwise(pieces))


def _may_open(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum()


def slips(name: str) -> tuple[str, ...]:
    """Return spellings of a long word with one letter lost or two letters swapped."""
    if len(name) < _SHORTEST_SLIP or not name.isalpha() or not name.isascii():
        return ()
    lost = {name[:cut] + name[cut + 1 :] for cut in range(1, len(name))}
    swapped = {
        name[:cut] + name[cut + 1] + name[cut] + name[cut + 2 :] for cut in range(1, len(name) - 1)
    }
    return tuple(sorted((lost | swapped) - {name}))
