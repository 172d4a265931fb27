"""Every error that trialkg raises on purpose.

KGError
+ UsageError         a command or call was given something that cannot be meant
+ RecordError        one registry record cannot be read; the run goes on and counts it
+ OntologyError      a file of ontology/ or shapes/ is wrong
+ LexiconError       a row of a lexicon table is wrong
+ ServerError        a registry's server gives no answer, or one that cannot be used
  - TokenExpired     it does not know the token of a page any more: begin anew
+ StoreError         the store or a snapshot cannot be opened or written
  - StoreBusy        another process is writing there
+ QueryError         a SPARQL query is malformed or not allowed
  - QueryTimeout     it ran longer than its deadline
  - QueryTooLarge    it, its memory or its result passed a limit
+ ExportError        a format cannot express what it was asked to
"""

from __future__ import annotations


class KGError(Exception):
    """The base of all errors of this project."""


class UsageError(KGError):
    """A command or call was given something that cannot be meant."""


class RecordError(KGError):
    """One registry record cannot be read.

    `registry_id` is empty where the record does not give one; `origin` then says where it stood.
    `field` is a JSON pointer or the registry's own name of the field; `remedy` says what to do.
    """

    def __init__(
        self,
        registry: str,
        registry_id: str,
        reason: str,
        *,
        field: str = "",
        remedy: str = "",
        origin: str = "",
    ) -> None:
        self.registry = registry
        self.registry_id = registry_id
        self.reason = reason
        self.field = field
        self.remedy = remedy
        self.origin = origin
        super().__init__(registry, registry_id, reason, field, remedy, origin)

    def __str__(self) -> str:
        name = f"{self.registry} {self.registry_id or 'record without an id'}"
        parts = [f"{name} ({self.origin})" if self.origin else name]
        parts.append(f"{self.field}: {self.reason}" if self.field else self.reason)
        if self.remedy:
            parts.append(self.remedy)
        return "; ".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        keywords = {"field": self.field, "remedy": self.remedy, "origin": self.origin}
        return (_record_error, (self.registry, self.registry_id, self.reason, keywords))


def _record_error(
    registry: str, registry_id: str, reason: str, keywords: dict[str, str]
) -> RecordError:
    return RecordError(registry, registry_id, reason, **keywords)


class OntologyError(KGError):
    """A file of ontology/ or shapes/ is wrong."""


class LexiconError(KGError):
    """A row of a lexicon table is wrong."""


class ServerError(KGError):
    """A registry's server gives no answer, or one that cannot be used."""


class TokenExpired(ServerError):  # noqa: N818 - says what happened
    """A server does not know the token of a page any more."""


class StoreError(KGError):
    """The store or a snapshot cannot be opened or written."""


class StoreBusy(StoreError):  # noqa: N818 - says what it is
    """Another process is writing to the store."""


class QueryError(KGError):
    """A SPARQL query is malformed or not allowed.

    `kind` is one word for programs ("syntax", "service", "timeout", …); `line` and `column` count
    from 1 and `offset` from 0, in code points of the query; `hint` says what to do instead.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str = "query",
        line: int | None = None,
        column: int | None = None,
        offset: int | None = None,
        token: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.line = line
        self.column = column
        self.offset = offset
        self.token = token
        self.hint = hint


class QueryTimeout(QueryError):  # noqa: N818 - says what happened
    """A query ran longer than its deadline."""


class QueryTooLarge(QueryError):  # noqa: N818 - says what happened
    """A query, its memory or its result passed a limit."""


class ExportError(KGError):
    """A format cannot express what it was asked to."""
