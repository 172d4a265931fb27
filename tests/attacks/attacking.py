"""Attacks on a running server, while somebody else asks `ASK {}` and the memory is watched."""

import contextlib
import random
import socket
import statistics
import threading
import time
from dataclasses import dataclass, field

import httpx
import psutil

from tests.attacks.documents import BODIES, RDF, SLOW, WIRE
from tests.attacks.queries import GROUPS, NAMES, UPDATES

DEADLINE, OVERSHOOT, OFTEN = 3.0, 0.25, 0.02
# What a head or a body has, before it is refused.
PATIENCE = 10.0
TOKEN = "of-this-attack-only"  # noqa: S105 - it guards nothing
OPTIONS = (
    *("--timeout", str(DEADLINE), "--query-memory", "512", "--client-seconds", "0"),
    *("--no-access-log", "--writable", "--token", TOKEN),
)
WRITTEN = "https://w3id.org/trialkg/graph/user/attack"
TRIPLES = "\n".join(
    f'<https://a.example/s{i % 500}> <https://a.example/p{i % 7}> "value {i}" .'
    for i in range(3000)
)
DATA = f"graph <https://w3id.org/trialkg/graph/lexicon> {{ {TRIPLES} }}"


@dataclass(frozen=True)
class Outcome:
    """How one attack ended."""

    group: str
    name: str
    status: int
    kind: str
    seconds: float
    allowed: float

    @property
    def held(self):
        """A problem document in time, or a whole answer in time."""
        refused = 400 <= self.status < 500 or self.status == 503
        ended = (refused and self.kind) or self.status in {200, 201, 204}
        return bool(ended) and self.seconds <= self.allowed


@dataclass
class Bystander:
    """Somebody who asks a light question all the time, and looks at the server's memory."""

    base: str
    process: psutil.Process
    waits: list = field(default_factory=list)
    memory: list = field(default_factory=list)
    failures: int = 0
    refused: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def watch(self):
        with httpx.Client(base_url=self.base, timeout=60) as client:
            number = 0
            while not self.stopped.wait(OFTEN):
                number += 1
                began = time.perf_counter()
                # Each differs, so that none comes from the cache.
                try:
                    answer = client.post("/sparql", data={"query": f"ASK {{}} # {number}"})
                except httpx.TransportError:
                    self.failures += 1
                    continue
                self.waits.append(time.perf_counter() - began)
                self.failures += answer.status_code not in {200, 503}
                self.refused += answer.status_code == 503
                self.memory.append(self.process.memory_info().rss)


@contextlib.contextmanager
def bystander(base):
    port = httpx.URL(base).port
    found = Bystander(base, psutil.Process(_listener(port)))
    thread = threading.Thread(target=found.watch)
    thread.start()
    try:
        yield found
    finally:
        found.stopped.set()
        thread.join()


def _listener(port):
    listening = (one for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN)
    return next(one.pid for one in listening if one.laddr.port == port)


def corpus(canary_port, canary_file):
    """Every attack: group, name, and what carries it out."""
    for group, queries in GROUPS.items():
        for name, query in queries.items():
            text = _aimed(query, canary_port, canary_file)
            yield group, name, lambda client, text=text: _ask(client, text)
    for name, query in NAMES.items():
        text = _aimed(query, canary_port, canary_file)
        yield "names", name, lambda client, text=text: _ask(client, text)
    for name, update in UPDATES.items():
        text = _aimed(update, canary_port, canary_file)
        yield "update", name, lambda client, text=text: _update(client, text)
    for name, document in RDF.items():
        aimed = [_aimed(part, canary_port, canary_file) for part in document]
        yield "rdf", name, lambda client, aimed=aimed: _put(client, *aimed)
    for name, (body, media_type, coding) in BODIES.items():
        yield "bodies", name, lambda client, a=(body, media_type, coding): _post(client, *a)
    for name, sent in WIRE.items():
        yield "wire", name, lambda client, sent=sent: _wire(client, sent)
    for name, sent in SLOW.items():
        yield "slow", name, lambda client, sent=sent: _wire(client, sent)


def attack(client, group, name, act):
    """Carry out one attack and see how it ends."""
    allowed = (PATIENCE if group == "slow" else DEADLINE) + OVERSHOOT
    began = time.perf_counter()
    status, kind = act(client)
    return Outcome(group, name, status, kind, time.perf_counter() - began, allowed)


def sample(attacks, count, seed):
    """Some of the attacks, at least one of each group that does not wait."""
    chance = random.Random(seed)
    quick = [one for one in attacks if one[0] != "slow"]
    first = {group: (group, name, act) for group, name, act in chance.sample(quick, len(quick))}
    rest = [one for one in quick if one not in first.values()]
    return [*first.values(), *chance.sample(rest, max(0, count - len(first)))]


def median(waits):
    return statistics.median(waits)


def _aimed(text, port, file):
    if isinstance(text, bytes):
        return text.replace(b"PORT", str(port).encode()).replace(b"FILE", str(file).encode())
    return text.replace("PORT", str(port)).replace("FILE", str(file))


def _ended(answer):
    problem = answer.headers.get("content-type") == "application/problem+json"
    kind = answer.json()["type"].rpartition("/")[2] if problem else ""
    return answer.status_code, kind


def _ask(client, query):
    return _ended(client.post("/sparql", data={"query": query}))


def _update(client, update):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return _ended(client.post("/sparql", data={"update": update}, headers=headers))


def _put(client, body, media_type):
    headers = {"Content-Type": media_type, "Authorization": f"Bearer {TOKEN}"}
    return _ended(
        client.put("/graph-store", params={"graph": WRITTEN}, content=body, headers=headers)
    )


def _post(client, body, media_type, coding):
    headers = {"Content-Type": media_type} | ({"Content-Encoding": coding} if coding else {})
    return _ended(client.post("/sparql", content=body, headers=headers))


def _wire(client, sent):
    """Send bytes as they are and read until the server closes."""
    read = b""
    with socket.create_connection(("127.0.0.1", client.base_url.port), timeout=60) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(sent)
        with contextlib.suppress(ConnectionError):
            while b"\r\n\r\n" not in read and (part := connection.recv(1 << 16)):
                read += part
    if not read:
        return 400, "closed"
    status = int(read.split(b" ", 2)[1])
    return status, "problem" if b"application/problem+json" in read else ""


@contextlib.contextmanager
def canary():
    """A server that counts who comes, on both kinds of loopback where there are two."""
    touched = []

    def accept(listening):
        with contextlib.suppress(OSError):
            while True:
                touched.append(listening.accept()[1])

    with contextlib.ExitStack() as stack:
        first = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = first.getsockname()[1]
        listening = [first]
        with contextlib.suppress(OSError):
            other = socket.create_server(("::1", port), family=socket.AF_INET6)
            listening.append(stack.enter_context(other))
        for one in listening:
            threading.Thread(target=accept, args=(one,), daemon=True).start()
        yield port, touched
