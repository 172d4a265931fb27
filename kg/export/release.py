"""A release: the graph, its tables, ontology and shapes in one folder that explains itself.

`dcat.ttl` describes every file, `SHA256SUMS` is checked by `sha256sum -c`, `CITATION.cff` says how
to cite it. The date is that of the newest record, never of a clock.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Literal

from kg.export import kgx, nquads, parquet
from kg.export.dcat import Written, describe
from kg.export.files import Counts, Files
from kg.resources import ONTOLOGY, SHAPES
from kg.store import Store
from kg.vocab import TKG

_TITLE = "trialkg: clinical trial registry records as a graph"
_MEDIA_TYPES: Mapping[str, str] = {
    ".gz": "application/gzip",
    ".parquet": "application/vnd.apache.parquet",
    ".tsv": "text/tab-separated-values",
    ".ttl": "text/turtle",
    ".md": "text/markdown",
    ".cff": "application/yaml",
}


def write(store: Store, files: Files) -> Counts:
    """Write all files of a release, those that describe the others last."""
    written: dict[str, Written] = {}
    noted = _noting(files, written)
    counts = {
        **nquads.write(store, _packed(noted)),
        **parquet.write(store, _below("tables", noted)),
        **{f"kgx {name}": count for name, count in kgx.write(store, _below("kgx", noted)).items()},
    }
    for folder, kind in ((ONTOLOGY, "ontology"), (SHAPES, "shapes")):
        for path in sorted(folder.glob("*.ttl")):
            _put(noted, f"{kind}/{path.name}", path.read_bytes())
    day = _newest(store)
    _put(noted, "CITATION.cff", _citation(day).encode())
    _put(noted, "README.md", _readme(day, counts).encode())
    _put(noted, "dcat.ttl", describe(_TITLE, day, dict(sorted(written.items()))))
    sums = "".join(f"{one.digest}  {name}\n" for name, one in sorted(written.items()))
    _put(files, "SHA256SUMS", sums.encode())
    return counts


class _Digesting(io.RawIOBase):
    """Passes bytes on, and counts and digests them."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self.size = 0
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        given = bytes(cast("bytes", part))
        self._output.write(given)
        self.digest.update(given)
        self.size += len(given)
        return len(given)


def _noting(files: Files, written: dict[str, Written]) -> Files:
    @contextmanager
    def opened(name: str) -> Iterator[IO[bytes]]:
        with files(name) as output:
            through = _Digesting(output)
            yield cast("IO[bytes]", through)
        media_type = _MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")
        written[name] = Written(through.size, through.digest.hexdigest(), media_type)

    return opened


def _packed(files: Files) -> Files:
    @contextmanager
    def opened(name: str) -> Iterator[IO[bytes]]:
        with (
            files(f"{name}.gz") as output,
            gzip.GzipFile("", "wb", compresslevel=6, fileobj=output, mtime=0) as packed,
        ):
            yield cast("IO[bytes]", packed)

    return opened


def _below(folder: str, files: Files) -> Files:
    return lambda name: files(f"{folder}/{name}")


def _put(files: Files, name: str, content: bytes) -> None:
    with files(name) as output:
        output.write(content)


def _newest(store: Store) -> dt.date | None:
    quads = store.engine.quads_for_pattern(None, TKG.lastChanged, None, None)
    days = [quad.object.value for quad in quads if isinstance(quad.object, Literal)]
    return dt.date.fromisoformat(max(days)) if days else None


def _citation(day: dt.date | None) -> str:
    lines = [
        "cff-version: 1.2.0",
        f'title: "{_TITLE}"',
        "message: Cite this data set by title and date, and name the registries that it is from.",
        "type: dataset",
        "license: Apache-2.0",
        "authors:",
        "  - name: The trialkg maintainers",
    ]
    if day is not None:
        lines += [f'version: "{day.isoformat()}"', f"date-released: {day.isoformat()}"]
    return "\n".join(lines) + "\n"


def _readme(day: dt.date | None, counts: Counts) -> str:
    listed = "".join(f"- {name}: {count:,}\n" for name, count in counts.items())
    return (
        f"# {_TITLE}\n\nRecords as of {day.isoformat() if day else 'no date'}. "
        "Check the files with `sha256sum -c SHA256SUMS`; `dcat.ttl` describes them, `CITATION.cff` "
        "says how to cite them.\n\n"
        "- `trialkg.nq.gz`: the whole graph as sorted N-Quads\n"
        "- `tables/`: Parquet tables\n"
        "- `kgx/`: nodes and edges in the words of Biolink\n"
        "- `ontology/`, `shapes/`: the terms, and where each may stand\n\n"
        f"{listed}\nNothing here is medical advice: see the registries.\n"
    )
