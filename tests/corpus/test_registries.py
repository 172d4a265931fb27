"""Every record of every file of other registries is published, claimed or kept aside."""

import pytest

from kg.pipeline import Settings, build
from loaders import LOADERS
from tests.corpus.corpus import WHOLE
from tests.corpus.registries import SOURCES, row

# The exports of ICTRP cost a minute; their records are read in the tests of their loader.
LARGE = {"who_ictrp/ictrp_export_2020-03-18.xml.gz", "who_ictrp/ictrp_covid_export_1135.csv.gz"}
REFUSED = "chictr/chictr_search_page.html.gz"


@pytest.mark.skipif(not WHOLE, reason="a graph for each file: set TRIALKG_CORPUS=whole")
@pytest.mark.parametrize("source", SOURCES)
def test_nothing_of_a_file_is_lost(shared, source):
    one = row(shared, source)
    assert one.loader == SOURCES[source]
    assert one.read == one.rejected + one.superseded + max(one.published, one.claims)
    assert one.rejected == (source == REFUSED)


def test_files_of_all_forms_are_read_at_once_and_nothing_is_lost(shared, tmp_path):
    small = [shared / "data" / source for source in SOURCES if source not in LARGE]
    report = build(tmp_path, small, LOADERS, settings=Settings(processes=1))
    assert set(report.registry.split(", ")) == set(SOURCES.values()) - {"ictrp", "ictrp_csv"}
    pages = 2
    assert report.read == report.records + report.rejected + report.repeated + pages
    assert (report.read, report.rejected) == (4 + 4 + 9 + 1 + 1 + 41 + 2 + pages, 1)
    assert report.unknown_keys == {}
