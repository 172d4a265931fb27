"""What is said of studies before and after a change of some registrations.

What is said of one depends on those to which evidence or an identifier joins it, and on those to
which they are joined. So only these are read and joined anew, and equal what joining all gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import NamedTuple

import polars as pl
from pyoxigraph import Quad

from kg.study.blocks import KEY, LARGEST, Key, identity_table, sharing
from kg.study.likeness import Likeness, compare
from kg.study.merging import NONE, Refusals
from kg.study.quads import joined_quads
from kg.study.registration import Registration

Read = Callable[[Iterable[Key]], Iterable[Registration]]
"""Gives the registrations of these records, in any order."""


class Turned(NamedTuple):
    """What identified the study of a record, and what does; None where it was or is not there."""

    before: Registration | None
    after: Registration | None


class StudyChange(NamedTuple):
    """The table of blocks after a change, and what left the graph of studies and came to it."""

    table: pl.DataFrame
    removed: set[Quad]
    added: set[Quad]


def study_difference(
    table: pl.DataFrame, turned: Mapping[Key, Turned], read: Read, refusals: Refusals = NONE
) -> StudyChange:
    """Return what changes; `table` is that before, `read` gives the registrations after."""
    new = identity_table(one.after for one in turned.values() if one.after is not None)
    keys = pl.DataFrame(list(turned), schema=dict.fromkeys(KEY, pl.String()), orient="row")
    kept = table.join(keys, on=KEY, how="anti")
    numbers = pl.concat([table.select(KEY), keys]).unique().sort(KEY).with_row_index("number")
    records = _Records(numbers, turned, read)
    before = _State(records, table, {n: one.before for n, one in records.turned.items()})
    after = _State(records, pl.concat([kept, new]), {n: o.after for n, o in records.turned.items()})
    touched = _touched(before, after)
    was, now = (set(state.quads(touched, refusals)) for state in (before, after))
    return StudyChange(pl.concat([kept, new]).sort(KEY), was - now, now - was)


def _touched(before: _State, after: _State) -> set[int]:
    """Return the numbers of all registrations of which something else may be said."""
    found: set[int] = set()
    waiting = set(before.records.turned) | _turned_by_size(before, after)
    while waiting:
        found |= waiting
        near = (state.near(waiting) for state in (before, after))
        waiting = set().union(*near) - found
    return found


def _turned_by_size(before: _State, after: _State) -> set[int]:
    """Return the members of blocks that have become too large to say anything, or were."""
    rows = [state.blocks_of(before.records.turned) for state in (before, after)]
    blocks = pl.concat([one.select("blocks") for one in rows]).unique()
    near = [state.blocks.join(blocks, on="blocks", how="semi") for state in (before, after)]
    sizes = [one.group_by("blocks").len() for one in near]
    both = sizes[0].join(sizes[1], on="blocks", suffix="_after")
    turned = both.filter((pl.col("len") > LARGEST) != (pl.col("len_after") > LARGEST))
    members = pl.concat(near).join(turned, on="blocks", how="semi")
    return set(members["number"].to_list())


class _Records:
    """The registrations of a ledger by number, each read when it is asked for, and once."""

    def __init__(self, numbers: pl.DataFrame, turned: Mapping[Key, Turned], read: Read) -> None:
        self.numbers = numbers
        keys = pl.DataFrame(list(turned), schema=dict.fromkeys(KEY, pl.String()), orient="row")
        places = numbers.join(keys, on=KEY, how="semi").iter_rows()
        self.turned = {number: turned[registry, one] for number, registry, one in places}
        self.likenesses: dict[tuple[int, int], Likeness | None] = {}
        self._read = read
        self._known: dict[int, Registration] = {}

    def __getitem__(self, number: int) -> Registration:
        return self._known[number]

    def load(self, wanted: Set[int]) -> None:
        """Read those of which nothing has changed."""
        missing = sorted(wanted - self._known.keys() - self.turned.keys())
        keys = dict(zip(self.keys(missing), missing, strict=True))
        for one in self._read(keys):
            self._known[keys[one.registry, one.registry_id]] = one

    def keys(self, numbers: list[int]) -> Iterator[Key]:
        """Yield registry and id of each."""
        yield from self.numbers.select(KEY)[numbers].iter_rows()


class _State:
    """All registrations before or after the change; `own` are those that it concerns."""

    def __init__(
        self, records: _Records, table: pl.DataFrame, own: Mapping[int, Registration | None]
    ) -> None:
        rows = table.join(records.numbers, on=KEY)
        self.records = records
        self.blocks = rows.select("number", "blocks").explode("blocks").drop_nulls()
        self._keys = rows.select("number", "keys").explode("keys").drop_nulls()
        self._own = own
        self._alike: dict[tuple[int, int], Likeness] = {}

    def near(self, numbers: Set[int]) -> set[int]:
        """Return the numbers of those that evidence or an identifier joins to these."""
        mine = self._keys.filter(pl.col("number").is_in(list(numbers))).select("keys").unique()
        found = set(self._keys.join(mine, on="keys", how="semi")["number"].to_list())
        shared = sharing(self.blocks_of(numbers), self.blocks)
        self.records.load(set(shared["other"].to_list()) | found | numbers)
        for pair in {(min(both), max(both)) for both in shared.iter_rows()}:
            if self._compared(*pair) is not None:
                found.update(pair)
        return found

    def blocks_of(self, numbers: Iterable[int]) -> pl.DataFrame:
        """Return the rows of the blocks of some registrations."""
        return self.blocks.filter(pl.col("number").is_in(list(numbers)))

    def quads(self, numbers: Set[int], refusals: Refusals) -> list[Quad]:
        """Return what is said of these registrations, to which no other is joined."""
        known = [one for number in sorted(numbers) if (one := self._at(number)) is not None]
        return joined_quads(known, list(self._alike.values()), refusals)

    def _compared(self, first: int, second: int) -> Likeness | None:
        known = self.records.likenesses
        lasts = first not in self._own and second not in self._own
        if lasts and (first, second) in known:
            found = known[first, second]
        else:
            one, other = self._at(first), self._at(second)
            found = compare(one, other) if one is not None and other is not None else None
        if lasts:
            known[first, second] = found
        if found is not None:
            self._alike[first, second] = found
        return found

    def _at(self, number: int) -> Registration | None:
        return self._own[number] if number in self._own else self.records[number]
