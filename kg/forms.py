"""Which loader reads a source: the one that recognises it, or the one that is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from kg.errors import RecordError
from kg.records import Joint, Loader, RawRecord
from kg.sources import DAMAGE, head_of, open_archive, open_source, source_files

# A raw record always has its loader; an error has none where no loader recognises the source.
Found = tuple[Loader | None, RawRecord | RecordError]


def raw_records(
    sources: Sequence[Path], loaders: Mapping[str, Loader], name: str | None
) -> Iterator[Found]:
    """Yield the raw records of all sources, each with its loader; errors stand for what is none.

    Without a `name` each file is read by the loader that recognises its first bytes. What several
    files of a folder or archive hold together is yielded after the last of them.
    """
    for place, files in _places(sources):
        with ExitStack() as stack:
            joints: dict[str, Joint] = {}
            for path in files:
                yield from _of_file(path, loaders, name, joints, stack)
            for key, joint in joints.items():
                yield from _joined(loaders[key], joint, str(place))


def archived_records(file: BinaryIO, name: str, loader: Loader) -> Iterator[Found]:
    """Yield the raw records of an archive that is open, all of one form; errors as above."""
    origin = name
    try:
        for origin, stream in open_archive(file, name):
            yield from _read(loader, stream, origin)
    except DAMAGE as error:
        yield loader, _damaged(loader, origin, error)


def _places(sources: Sequence[Path]) -> Iterator[tuple[Path, list[Path]]]:
    """Divide files by where they stand: an archive is a place of its own."""
    place: Path | None = None
    files: list[Path] = []
    for path in source_files(sources):
        here = path if path.suffix.lower() == ".zip" else path.parent
        if place is not None and here != place:
            yield place, files
            files = []
        place = here
        files.append(path)
    if place is not None:
        yield place, files


def _of_file(
    path: Path,
    loaders: Mapping[str, Loader],
    name: str | None,
    joints: dict[str, Joint],
    stack: ExitStack,
) -> Iterator[Found]:
    origin = str(path)
    loader = None
    try:
        for origin, opened in open_source(path):
            head, stream = head_of(opened)
            try:
                loader = loaders[name] if name else recognised(loaders, head, origin)
            except RecordError as error:
                yield None, error
                continue
            if loader.joint is None:
                yield from _read(loader, stream, origin)
            else:
                if loader.name not in joints:
                    joints[loader.name] = loader.joint()
                    stack.callback(joints[loader.name].close)
                yield from _added(loader, joints[loader.name], stream, origin)
    except DAMAGE as error:
        yield loader, _damaged(loader, origin, error)


def recognised(loaders: Mapping[str, Loader], head: bytes, origin: str) -> Loader:
    """Return the one loader that recognises the first bytes of a source, or raise RecordError."""
    found = [one for one in loaders.values() if one.recognises(head, origin)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in found)
    reason = f"is read by several loaders: {names}" if found else "is of no form that is known"
    remedy = "name its form with --registry; `trialkg registries` lists them"
    raise RecordError("", "", reason, origin=origin, remedy=remedy)


def _read(loader: Loader, stream: BinaryIO, origin: str) -> Iterator[Found]:
    try:
        for one in loader.read(stream, origin):
            yield loader, one
    except RecordError as error:
        yield loader, error


def _added(loader: Loader, joint: Joint, stream: BinaryIO, origin: str) -> Iterator[Found]:
    try:
        joint.add(stream, origin)
    except RecordError as error:
        yield loader, error


def _joined(loader: Loader, joint: Joint, origin: str) -> Iterator[Found]:
    try:
        for one in joint.records():
            yield loader, one
    except (RecordError, OSError) as error:
        yield loader, error if isinstance(error, RecordError) else _damaged(loader, origin, error)


def _damaged(loader: Loader | None, origin: str, error: BaseException) -> RecordError:
    return RecordError(
        (loader.registry or loader.name) if loader else "",
        "",
        f"the file is damaged, and what follows in it was not read: {error}",
        remedy="download it again, or unpack and mend it",
        origin=origin,
    )
