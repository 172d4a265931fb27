"""What a refresh asked, found and changed."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kg.report import RunReport

WITH_REJECTS = 3


class RefreshReport(msgspec.Struct, kw_only=True):
    """What one refresh did.

    `asked` is the query, `since` the first day of updates that was asked for, None for all.
    `data_version` is when the registry brought its data up to date, as it says. Of the records
    `fetched`, `changed` were new or different, `unchanged` known, and `failed` could not be read;
    counts are over all runs that one refresh took, `began_anew` of them since a token expired.
    `withdrawn` are kept and marked, `returned` are marked no more. `doubtful` would have been
    marked, and are too many to be believed; `unfetched` answer the query without having been
    updated. `checked` tells whether vanished records were looked for, `build` what publishing did,
    None where nothing had to be published.
    """

    registry: str
    asked: str
    source: str
    since: str | None = None
    data_version: str | None = None
    resumed: bool = False
    began_anew: int = 0
    requests: int = 0
    repeated: int = 0
    fetched: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    checked: bool = False
    withdrawn: int = 0
    returned: int = 0
    doubtful: int = 0
    unfetched: int = 0
    seconds: dict[str, float] = {}
    started: str = ""
    snapshot: str | None = None
    build: RunReport | None = None
    exit_status: int = 1

    def finish(self) -> None:
        """Tell the exit status: that of the build, and 3 where this run leaves something open."""
        status = self.build.exit_status if self.build else (0 if self.snapshot else 1)
        open_ends = self.failed or self.doubtful
        self.exit_status = WITH_REJECTS if open_ends and status == 0 else status


def write_refresh_report(report: RefreshReport, data: Path) -> Path:
    """Write the report as JSON beside the others and return where."""
    folder = data / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    name = report.started.replace(":", "").replace("-", "")
    path = folder / f"refresh-{name}.json"
    partial = path.with_suffix(".partial")
    partial.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    partial.replace(path)
    return path
