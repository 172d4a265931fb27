"""Workers and servers that are killed at random moments, while clients ask and compare."""

import contextlib
import random
import threading
import time
from dataclasses import dataclass, field

import httpx
import psutil

from tests.kg.conftest import publish, served

STATED = "\n".join(f"<https://a.example/s{i}> <https://a.example/p> {i} ." for i in range(1000))
DATA = f"graph <https://w3id.org/trialkg/graph/lexicon> {{ {STATED} }}"
QUERY = "SELECT (SUM(?a * ?b) AS ?n) { ?s <https://a.example/p> ?a . ?s <https://a.example/p> ?b }"
# On a busy machine it takes long until a killed worker is replaced.
SECONDS_EACH = 120
EXPECTED = f"n\r\n{sum(i * i for i in range(1000))}\r\n"


@dataclass
class Seen:
    """What clients saw: right answers, problem documents, broken connections, and the rest."""

    right: int = 0
    problems: int = 0
    broken: int = 0
    wrong: list = field(default_factory=list)

    def ask(self, client, mark):
        try:
            answer = client.post("/sparql", data={"query": f"{QUERY} # {mark}", "format": "csv"})
        except httpx.TransportError:
            self.broken += 1
            return
        if answer.status_code == 200 and answer.text == EXPECTED:
            self.right += 1
        elif answer.status_code in {400, 503} and "problem" in answer.headers["content-type"]:
            self.problems += 1
        else:
            self.wrong.append((answer.status_code, answer.text[:200]))


def server_process(client):
    listening = (c for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN)
    found = psutil.Process(next(c.pid for c in listening if c.laddr.port == client.base_url.port))
    # A worker that is just being started still holds what its parent listens on.
    parent = found.parent()
    return parent if parent is not None and "serve" in parent.cmdline() else found


def kill_workers(folder, count, seed):
    """Kill one worker after another under load, then ask once more."""
    publish(folder, "000001", DATA)
    chance, seen, stopped = random.Random(seed), Seen(), threading.Event()
    killed = 0
    with served(folder, "--workers", "2", "--client-seconds", "0", "--no-access-log") as client:
        parent = server_process(client)

        def ask():
            with httpx.Client(base_url=client.base_url, timeout=60) as own:
                number = 0
                while not stopped.is_set():
                    seen.ask(own, f"{threading.get_ident()} {(number := number + 1)}")

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            last = time.monotonic() + count * SECONDS_EACH
            while killed < count:
                check(parent, last, f"{killed} of {count} workers could be killed")
                time.sleep(chance.uniform(0, 0.2))
                for worker in parent.children()[: chance.randint(0, 1)]:
                    # It may have ended by itself, which counts for nothing.
                    with contextlib.suppress(psutil.NoSuchProcess):
                        worker.kill()
                        # A busy machine takes its time, and until then it may be given a query.
                        worker.wait(SECONDS_EACH)
                        killed += 1
            # Where none of the killed ones came to answer, those in their place do.
            while not seen.right:
                check(parent, last, "no worker that took the place of another answers")
                time.sleep(0.05)
        finally:
            stopped.set()
            for thread in threads:
                thread.join()
        after = Seen()
        after.ask(client, "after")
    return seen, after


def check(server, last, otherwise):
    assert server.status() != psutil.STATUS_ZOMBIE, "the server ended with its worker"
    assert time.monotonic() < last, otherwise


def kill_servers(folder, count, seed):
    """Kill one server after another under load; what it started must end with it."""
    publish(folder, "000001", DATA)
    chance, seen, orphans = random.Random(seed), Seen(), 0
    for number in range(count):
        with served(folder, "--workers", "2", "--client-seconds", "0", "--no-access-log") as client:
            parent = server_process(client)
            seen.ask(client, number)
            thread = threading.Thread(target=seen.ask, args=(client, f"last {number}"))
            thread.start()
            time.sleep(chance.uniform(0, 0.05))
            workers = parent.children()
            parent.kill()
            thread.join()
            orphans += len(psutil.wait_procs(workers, timeout=60)[1])
    return seen, orphans
