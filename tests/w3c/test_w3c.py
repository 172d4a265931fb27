"""The W3C suites over HTTP; `python -m tests.w3c` prints them as a table."""

import pytest

from tests.kg.conftest import served
from tests.w3c.suites import SUITES, TOTALS, Run

# Where the engine alone is the measure: what it fails, the endpoint may fail too, and no more.
BY_THE_ENGINE = ("query evaluation", "update evaluation")


# The longest come first, for they are the last of all tests, and one core would wait for the other.
@pytest.mark.parametrize("suite", [*reversed(SUITES)])
def test_the_suite_passes_over_http(suite, shared, tmp_path):
    folder = shared / "w3c" / "rdf-tests"
    if not folder.is_dir():
        pytest.skip(f"no W3C suites at {folder}")
    outcomes = SUITES[suite](Run(folder, served, tmp_path))
    failed = {one.name: one.failure for one in outcomes if one.failure}
    if suite in BY_THE_ENGINE:
        failed = {one.name: one.failure for one in outcomes if one.failure and not one.engine}
    assert failed == {}
    assert len(outcomes) == TOTALS[suite]
