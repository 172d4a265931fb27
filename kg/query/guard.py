"""What is refused before the engine sees it.

The engine has no limit of its own on nesting or on the size of a plan: brackets by the thousand
end its process, and planning grows with the cube of the patterns in one group. The bounds here are
far above what people write and far below what hurts. Network access is refused by name, so that
the answer explains itself; the sandbox of the worker refuses it once more.
"""

from __future__ import annotations

from kg.errors import QueryError, QueryTooLarge
from kg.query.form import Form, form_of
from kg.query.lexer import Token, position, tokens

LARGEST_TEXT = 256 * 1024
DEEPEST = 128
MOST_PATTERNS = 300
MOST_OPERATORS = 2000

_SEPARATORS = frozenset(".;,/")
_COUNTED_WORDS = frozenset(
    {"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "GRAPH", "EXISTS", "AS", "IN", "VALUES"}
)
_UNCOUNTED_MARKS = frozenset(".;,)]}")
_TERMS = frozenset({"iri", "string", "variable", "node", "name", "number"})


def check(text: str, *, calling: bool = False) -> Form:
    """Return the form of a query that may be given to the engine, else raise QueryError.

    A text that begins with no form passes: the engine's own message says best what is wrong. Calls
    of other endpoints pass only where who asks will see to them (`calling`).
    """
    read = bounded(text, LARGEST_TEXT, "give long lists of values in several queries")
    form = form_of(read)
    if form.update and form.token is not None:
        raise refused(text, form.token, *_UPDATE)
    call = None if calling else network_call(read)
    if call is not None:
        raise refused(text, call, *SERVICE)
    return form


def bounded(text: str, largest: int, hint: str) -> list[Token]:
    """Return the tokens of a text that stays within all bounds, else raise QueryError."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > largest:
        raise QueryTooLarge(
            f"the text has {size:,} bytes; {largest:,} are allowed", kind="too-long", hint=hint
        )
    read: list[Token] = []
    width, operators = _Width(), _Operators()
    for token in tokens(text):
        read.append(token)
        if token.depth > DEEPEST:
            raise refused(text, token, *_TOO_DEEP)
        if width.exceeded(token):
            raise refused(text, token, *_TOO_WIDE)
        if operators.exceeded(token):
            raise refused(text, token, *_TOO_MANY)
    return read


_UPDATE = (
    "update",
    "a query only reads; use SELECT, ASK, CONSTRUCT or DESCRIBE",
    "where writing is switched on, send updates by POST as update=… or application/sparql-update",
)
SERVICE = (
    "service",
    "SERVICE is not allowed: queries run without access to any network",
    "ask the other endpoint by itself and join the answers, or pass its values with VALUES",
)
_TOO_DEEP = (
    "too-deep",
    f"brackets are nested more than {DEEPEST} deep",
    "split the query",
)
_TOO_WIDE = (
    "too-wide",
    f"one group holds more than {MOST_PATTERNS} triple patterns",
    "split the group; long lists of values belong in VALUES",
)
_TOO_MANY = (
    "too-many-operators",
    f"the query has more than {MOST_OPERATORS} operators and groups",
    "long lists of alternatives belong in VALUES or IN",
)


def refused(text: str, token: Token, kind: str, message: str, hint: str) -> QueryError:
    """Return the error that says what is refused, and where it stands."""
    line, column = position(text, token.offset)
    return QueryError(
        f"line {line}, column {column}: {message}",
        kind=kind,
        line=line,
        column=column,
        offset=token.offset,
        token=token.text[:80],
        hint=hint,
    )


def network_call(read: list[Token]) -> Token | None:
    """Return the token that calls another endpoint, None where there is none."""
    return next((read[i] for i in range(len(read)) if calls_network(read, i)), None)


def calls_network(read: list[Token], index: int) -> bool:
    """Return whether the token at an index calls another endpoint."""
    token = read[index]
    if "SERVICE" not in token.text.partition(":")[0].upper():
        return False
    return token.kind == "word" or (token.kind == "name" and _calls(read, index))


def _calls(read: list[Token], index: int) -> bool:
    # `GRAPH service:x {` names a graph; any other name right before a group can only be called.
    following = read[index + 1].text if index + 1 < len(read) else ""
    previous = read[index - 1].text.upper() if index else ""
    inside = read[index].depth > 0
    return inside and following == "{" and not previous.endswith("GRAPH")


class _Width:
    """Counts the patterns that are planned as one join.

    A list of n elements stands for 2 n patterns; brackets inside a group belong to its join.
    """

    def __init__(self) -> None:
        self.counts = [0]
        self.marks: list[str] = []

    def exceeded(self, token: Token) -> bool:
        if token.kind == "mark" and token.text in "({[":
            self.marks.append(token.text)
            if token.text == "{":
                self.counts.append(0)
        elif token.kind == "mark" and token.text in ")}]":
            if self.marks and self.marks.pop() == "{":
                self.counts.pop()
        elif token.within == "pattern" and token.kind == "mark":
            self.counts[-1] += token.text in _SEPARATORS
        elif token.within == "list" and token.kind in _TERMS:
            self.counts[-1] += 2
        return self.counts[-1] > MOST_PATTERNS


class _Operators:
    """Counts what makes the tree of the query deeper: operators, groups, chained clauses."""

    def __init__(self) -> None:
        self.count = 0

    def exceeded(self, token: Token) -> bool:
        if token.within == "data":
            return False
        if token.kind == "mark":
            self.count += token.text not in _UNCOUNTED_MARKS
        elif token.kind == "word":
            self.count += token.text.upper() in _COUNTED_WORDS
        return self.count > MOST_OPERATORS
