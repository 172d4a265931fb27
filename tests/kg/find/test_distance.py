import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.find.distance import within
from kg.find.selection import Place

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


def kilometres(one, other):
    """Return the distance of two points, as the haversine formula has it."""
    (north, east), (north2, east2) = (map(math.radians, point) for point in (one, other))
    half = math.sin((north - north2) / 2) ** 2
    half += math.cos(north) * math.cos(north2) * math.sin((east - east2) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(min(1, half)))


@given(
    st.lists(st.tuples(LATITUDES, LONGITUDES), max_size=20),
    st.tuples(LATITUDES, LONGITUDES),
    st.floats(0.1, 20_040),
)
def test_the_box_around_a_place_loses_no_point_and_adds_none(points, here, far):
    latitude, longitude = (np.array([point[axis] for point in points]) for axis in (0, 1))
    found = within(latitude, longitude, Place(*here, far))
    for point, inside in zip(points, found, strict=True):
        away = kilometres(point, here)
        # At the rim of the circle the two differ in the last digits.
        assert math.isclose(away, far, rel_tol=1e-6) or inside == (away <= far)


def test_a_circle_reaches_over_the_date_line_and_over_a_pole():
    fiji = within(np.array([-17.8, -17.8]), np.array([179.9, 178.0]), Place(-17.8, -179.9, 50))
    assert fiji.tolist() == [True, False]
    pole = within(np.array([89.5, 80.0]), np.array([-170.0, 10.0]), Place(89.5, 10.0, 150))
    assert pole.tolist() == [True, False]


def test_a_point_that_is_not_known_is_nowhere():
    assert within(np.array([np.nan]), np.array([np.nan]), Place(0, 0, 20_040)).tolist() == [False]
