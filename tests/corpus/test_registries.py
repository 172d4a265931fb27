"""Every record of every file of other registries is published, claimed or kept aside."""

import pytest

from tests.corpus.corpus import WHOLE
from tests.corpus.registries import SOURCES, row

# What the whole exports cost is a minute; the command prints them.
LARGE = {"who_ictrp/ictrp_export_2020-03-18.xml.gz", "who_ictrp/ictrp_covid_export_1135.csv.gz"}


@pytest.mark.parametrize("source", [one for one in SOURCES if WHOLE or one not in LARGE])
def test_nothing_of_a_file_is_lost(shared, source):
    one = row(shared, source)
    assert one.loader in (SOURCES[source], "")
    assert one.read == one.rejected + one.superseded + max(one.published, one.claims)
    assert one.rejected == (source == "chictr/chictr_search_page.html.gz")
