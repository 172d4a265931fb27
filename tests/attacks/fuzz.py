"""Texts that nobody wrote, for the guard and the server behind it.

`python -m tests.attacks.fuzz --minutes 10` cuts example questions, hostile queries and W3C syntax
tests into pieces and puts them together otherwise. Whatever comes out, the guard answers in time
with nothing but a refusal of ours; what it lets through the server answers without failing, and
nobody calls on the canary that all addresses in the texts are turned to.
"""

import argparse
import collections
import random
import re
import sys
import tempfile
import time
from pathlib import Path

import httpx

from kg.errors import QueryError
from kg.query.guard import check
from kg.query.questions import question, question_names
from kg.query.update import check_update
from kg.vocab import PREFIXES
from tests.attacks.attacking import DATA, TOKEN, canary
from tests.attacks.queries import NAMES, NESTINGS, NETWORK
from tests.conftest import shared_folder
from tests.kg.conftest import publish, served

OPTIONS = (
    *("--timeout", "0.5", "--query-memory", "256", "--client-seconds", "0", "--workers", "2"),
    *("--no-access-log", "--writable", "--token", TOKEN),
)
# Reading a text is linear in it: nothing that the guard allows takes longer, on a busy machine.
SLOWEST = 5.0
UPDATES = [
    "INSERT DATA { GRAPH <https://w3id.org/trialkg/graph/user/f> { <a:s> <a:p> 1 } }",
    "DELETE WHERE { GRAPH <https://w3id.org/trialkg/graph/user/f> { ?s ?p ?o } }",
    "LOAD SILENT <http://127.0.0.1:PORT/> INTO GRAPH <https://w3id.org/trialkg/graph/user/f>",
    (
        "INSERT { GRAPH <https://w3id.org/trialkg/graph/user/f> { ?s ?p ?o } } "
        "WHERE { SERVICE SILENT <http://127.0.0.1:PORT/> { ?s ?p ?o } }"
    ),
    "CLEAR DEFAULT ; COPY DEFAULT TO <https://w3id.org/trialkg/graph/user/f>",
]
PIECE = re.compile(r"\s+|[A-Za-z0-9_:]+|<[^<>\s]*>|\"[^\"]*\"|.", re.DOTALL)
ODD = [*"{}()[]<>\"'\\#?$@^|&!*+-/.,;:=%\0\n\r\t\u2028\ufeff", "'''", '"""', "SERVICE", "_:", "<<("]
ADDRESS = re.compile(r"https?://(?!w3id\.org/|www\.w3\.org/)[^\s<>/]*")


def seeds(port):
    texts = [question(name).query for name in question_names()]
    texts += [text for group in (NETWORK, NAMES) for text in group.values()]
    texts += [text[:2000] for text in NESTINGS.values()] + UPDATES
    suites = shared_folder() / "w3c" / "rdf-tests" / "sparql" / "sparql11"
    found = sorted(suites.glob("syntax-*/*.r[qu]"))
    texts += [path.read_text(encoding="utf-8", errors="replace") for path in found]
    there = f"http://127.0.0.1:{port}"
    return [ADDRESS.sub(there, text.replace("PORT", str(port))) for text in texts]


def mutated(chance, texts):
    pieces = PIECE.findall(chance.choice(texts))
    for _ in range(chance.randint(1, 6)):
        _ACTS[chance.randrange(len(_ACTS))](chance, pieces, texts)
    return "".join(pieces)[:200_000]


def _drop(chance, pieces, _):
    start = chance.randrange(len(pieces) + 1)
    del pieces[start : start + chance.randint(1, 4)]


def _double(chance, pieces, _):
    start = chance.randrange(len(pieces) + 1)
    pieces[start:start] = pieces[start : start + chance.randint(1, 9)] * chance.choice(
        [1, 1, 2, 99]
    )


def _swap(chance, pieces, _):
    if pieces:
        one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        pieces[one], pieces[other] = pieces[other], pieces[one]


def _splice(chance, pieces, texts):
    other = PIECE.findall(chance.choice(texts))
    start = chance.randrange(len(other) + 1)
    pieces[chance.randrange(len(pieces) + 1) :] = other[start : start + chance.randint(1, 60)]


def _odd(chance, pieces, _):
    character = chr(chance.choice([chance.randrange(1, 0xD7FF), chance.randrange(1, 256)]))
    pieces.insert(chance.randrange(len(pieces) + 1), chance.choice([chance.choice(ODD), character]))


def _glue(chance, pieces, _):
    spaces = [index for index, piece in enumerate(pieces) if piece.isspace()]
    if spaces:
        pieces[chance.choice(spaces)] = chance.choice(["", "#\n", "\t"])


_ACTS = (_drop, _double, _swap, _splice, _odd, _glue)


def guarded(text):
    """What the guard says of a text: passed, the kind of refusal, or what must not be."""
    began = time.perf_counter()
    try:
        check(text)
        said = "passed"
    except QueryError as error:
        said = error.kind
    try:
        check_update(text, PREFIXES, silent_loads=True)
        update = "passed"
    except QueryError as error:
        update = error.kind
    if time.perf_counter() - began > SLOWEST:
        raise AssertionError(f"reading took {time.perf_counter() - began:.1f} s")
    return said, update


def asked(client, field, text):
    """The status of what the server answers, 0 where it breaks off at its deadline."""
    try:
        answer = client.post(
            "/sparql", data={field: text}, headers={"Authorization": f"Bearer {TOKEN}"}
        )
    except (httpx.RemoteProtocolError, httpx.ReadError):
        return 0
    return answer.status_code


def fuzz(client, texts, seconds, chance, told=print):
    """Ask for so long; return how the guard and the server answered, and what must not be."""
    kinds, statuses, bad = collections.Counter(), collections.Counter(), []
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        text = mutated(chance, texts)
        try:
            query, update = guarded(text)
        except Exception as error:  # noqa: BLE001 - to be told with the text
            bad.append((repr(error), text))
            told(f"guard: {error!r}: {text!r}")
            continue
        kinds[query] += 1
        # A change takes a process of its own, so that only some are tried.
        fields = ["query"] * (query == "passed" or chance.random() < 0.02)
        fields += ["update"] * (update == "passed" and chance.random() < 0.05)
        for field in fields:
            status = asked(client, field, text)
            statuses[status] += 1
            # An answer that is cut off at the deadline is no failure; a server that has gone is.
            if status == 500:
                bad.append((status, text))
                told(f"server: {status}: {field} {text!r}")
    return kinds, statuses, bad


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, canary() as (port, touched):
        publish(Path(folder), "000001", DATA)
        with served(Path(folder), *OPTIONS) as client:
            chance = random.Random(options.seed)
            kinds, statuses, bad = fuzz(client, seeds(port), options.minutes * 60, chance)
        called = bool(touched)
    print(f"{kinds.total():,} texts read by the guard: {dict(kinds.most_common())}")
    print(f"{statuses.total():,} requests: {dict(statuses.most_common())}")
    print(f"{len(bad)} failures, canary {'TOUCHED' if called else 'untouched'}")
    sys.exit(1 if bad or called else 0)


if __name__ == "__main__":
    main()
