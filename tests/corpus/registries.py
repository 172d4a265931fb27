"""What becomes of every file of the shared data that is of another registry or form.

python -m tests.corpus.registries   builds a graph of each file and prints a row of it
"""

import sys
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path

from kg.pipeline import Settings, build
from kg.store import Store
from loaders import LOADERS
from tests.conftest import shared_folder

# Where the files and folders stand that the manifest lists for these registries, and their loader.
SOURCES = {
    "who_ictrp/ictrp_export_2020-03-18.xml.gz": "ictrp",
    "who_ictrp/ictrp_covid_export_1135.csv.gz": "ictrp_csv",
    "eu_ctis/ctis_records.jsonl.gz": "ctis",
    "eu_ctr/euctr_records.jsonl.gz": "euclinicaltrials_json",
    "isrctn/isrctn_records.jsonl.gz": "isrctn_json",
    "chictr/chictr_detail_page.html.gz": "chictr",
    "chictr/chictr_search_page.html.gz": "chictr",
    "ctgov_legacy/xml": "clinicaltrials_xml",
    "ctgov_legacy/ctgov_xml_as_json.jsonl.gz": "clinicaltrials_xml_json",
    "seeds/clinical_trial_compass_NCT07480213.txt": "clinicaltrialcompass",
    "seeds/curemydisease_NCT07366658.txt": "curemydisease",
}


@dataclass(frozen=True)
class Row:
    """What became of one source; `claims` counts secondary records, which are no trials."""

    source: str
    loader: str
    read: int
    published: int
    claims: int
    superseded: int
    rejected: int
    dropped: int


def row(shared: Path, source: str) -> Row:
    """Build a graph of one source and count."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        report = build(data, [shared / "data" / source], LOADERS, settings=Settings(processes=1))
        claims = 0
        if (data / "store").exists():
            with Store.open(data / "store") as store:
                claims = len(list(store.source_graphs()))
    return Row(
        source=source,
        loader=report.registry or SOURCES[source],
        read=report.read,
        published=report.records,
        claims=claims,
        superseded=report.superseded + report.repeated,
        rejected=report.rejected,
        dropped=sum(report.fields_dropped.values()),
    )


def main() -> None:
    """Print the table."""
    form = "{:<46} {:<23} {:>5} {:>9} {:>6} {:>10} {:>8} {:>7}\n"
    names = [one.name for one in fields(Row)]
    sys.stdout.write(form.format(*names))
    for source in SOURCES:
        one = row(shared_folder(), source)
        sys.stdout.write(form.format(*(getattr(one, name) for name in names)))


if __name__ == "__main__":
    main()
