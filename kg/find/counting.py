"""Columns of one facet, sorted by value, so that a choice is a slice and a count one pass."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

Mask = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int64]


class FacetColumn:
    """The values of a facet over the rows of its level.

    `values` are sorted; a row may have several. `trial_of` gives the trial of each row; values that
    are not among `only` are left out.
    """

    def __init__(
        self, column: pl.Series, trial_of: Positions, only: Collection[str] | None = None
    ) -> None:
        frame = pl.DataFrame(
            {"row": np.arange(len(trial_of), dtype=np.uint32), "trial": trial_of, "value": column}
        )
        if isinstance(column.dtype, pl.List):
            frame = frame.explode("value")
        frame = frame.drop_nulls("value")
        if only is not None:
            frame = frame.filter(pl.col("value").is_in(sorted(only)))
        texts = frame["value"].cast(pl.String())
        self.values: list[str] = sorted(texts.unique().to_list())
        codes = {value: code for code, value in enumerate(self.values)}
        coded = texts.replace_strict(codes, return_dtype=pl.UInt32()) if codes else texts
        frame = frame.with_columns(code=coded.cast(pl.UInt32())).sort("code", "trial", "row")
        self._codes: Positions = frame["code"].to_numpy()
        self._rows: Positions = frame["row"].to_numpy()
        self._trials: Positions = frame["trial"].to_numpy()
        self._first = _changes(self._codes, self._trials)
        self._starts = np.searchsorted(self._codes, np.arange(len(self.values) + 1))
        self._place = codes
        self._length = len(trial_of)

    def __contains__(self, value: str) -> bool:
        return value in self._place

    def place(self, value: str) -> int:
        """Return the position of a value in `values` and in counts."""
        return self._place[value]

    def choose(self, wanted: Iterable[str]) -> Mask:
        """Return which rows have one of the values."""
        chosen = np.zeros(self._length, dtype=np.bool_)
        for value in wanted:
            code = self._place.get(value)
            if code is not None:
                chosen[self._rows[self._starts[code] : self._starts[code + 1]]] = True
        return chosen

    def count(self, rows: Mask | None, trials: Mask | None) -> Numbers:
        """Return how many of the trials have each value on one of the rows; None means all."""
        if rows is None:
            kept = self._first if trials is None else self._first & trials[self._trials]
            return np.bincount(self._codes[kept], minlength=len(self.values))
        kept = rows[self._rows]
        if trials is not None:
            kept &= trials[self._trials]
        codes, places = self._codes[kept], self._trials[kept]
        return np.bincount(codes[_changes(codes, places)], minlength=len(self.values))


def _changes(codes: Positions, trials: Positions) -> Mask:
    """Tell which pair differs from the one before it."""
    new = np.ones(len(codes), dtype=np.bool_)
    new[1:] = (codes[1:] != codes[:-1]) | (trials[1:] != trials[:-1])
    return new
