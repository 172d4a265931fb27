"""Which points of the map lie within a distance of a place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kg.find.counting import Mask
from kg.find.selection import Place

_EARTH = 6371.0088
_DEGREE = np.pi * _EARTH / 180
# A box that is a hair too large loses no point to rounding.
_SLACK = 1e-6

Degrees = npt.NDArray[np.float64]


def within(latitude: Degrees, longitude: Degrees, near: Place) -> Mask:
    """Return which points are within a distance on a sphere; one that is not a number is not.

    The sphere is asked only for points in a box around the place, for its sines cost most.
    """
    high = near.kilometres / _DEGREE + _SLACK
    inside = np.abs(latitude - near.latitude) <= high
    wide = _half_width(near.latitude, high)
    if wide < np.pi:
        away = np.abs(longitude - near.longitude)
        inside &= np.minimum(away, 360 - away) <= np.degrees(wide) + _SLACK
    found: Mask = np.zeros(len(latitude), dtype=np.bool_)
    places = np.flatnonzero(inside)
    found[places] = _kilometres(latitude[places], longitude[places], near) <= near.kilometres
    return found


def _half_width(latitude: float, high: float) -> float:
    """Return how far in longitude a circle reaches, in radians; one around a pole reaches all."""
    if abs(latitude) + high >= 90:
        return float(np.pi)
    return float(np.arcsin(np.sin(np.radians(high)) / np.cos(np.radians(latitude))))


def _kilometres(latitude: Degrees, longitude: Degrees, near: Place) -> Degrees:
    north, east = np.radians(latitude), np.radians(longitude)
    here, there = np.radians(near.latitude), np.radians(near.longitude)
    half = (
        np.sin((north - here) / 2) ** 2
        + np.cos(here) * np.cos(north) * np.sin((east - there) / 2) ** 2
    )
    far: Degrees = 2 * _EARTH * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return far
