"""How the tests of loaders read a source."""

import io

from kg.errors import RecordError
from kg.forms import recognised
from loaders import LOADERS


def read(loader, content, name="source"):
    """Return the raw records of bytes or text, errors in their places."""
    data = content if isinstance(content, bytes) else content.encode()
    return list(loader.read(io.BytesIO(data), name))


def versions(loader, content, name="source"):
    """Return the versions of a source; what is refused stands there as its error."""
    made = []
    for raw in read(loader, content, name):
        try:
            made.append(raw if isinstance(raw, RecordError) else loader.version(raw))
        except RecordError as error:
            made.append(error)
    return made


def trial(loader, content, name="source"):
    """Return the one trial of a source."""
    (version,) = versions(loader, content, name)
    if isinstance(version, RecordError):
        raise version
    return loader.parse(version.content)


def found(content, name="source"):
    """Return the name of the loader that recognises a source."""
    data = content if isinstance(content, bytes) else content.encode()
    return recognised(LOADERS, data[: 2**16], name).name
