# ruff: noqa: E501 - the texts of tables
"""Our server beside the oxigraph server and rdflib-endpoint, on the same store, in one run.

`python -m tests.benchmarks.endpoint --data DIR` needs wrk; `oxigraph` (package of that name) and
`--rdflib PYTHON` (a Python that has rdflib-endpoint) are measured where they are given.
"""

import argparse
import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import psutil
import pyoxigraph as ox

from kg.publish import current_snapshot
from tests.kg.conftest import served

POINT = "SELECT ?p ?o WHERE { <SUBJECT> ?p ?o }"
ROWS = 100_000
TABLE = f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} LIMIT {ROWS}"
CLIENTS = (1, 8, 50)
# Each request asks of another subject and has a comment of its own, so that no cache answers it.
SCRIPT = """
local subjects = {SUBJECTS}
local number = 0
local thread = 0
function setup(one) one:set("id", thread); thread = thread + 1 end
request = function()
  number = number + 1
  local subject = subjects[number % #subjects + 1]
  local mark = FRESH and ("%20%23" .. id .. "-" .. number) or ""
  local path = "PATH?query=SELECT%20%3Fp%20%3Fo%20WHERE%20%7B%20%3C" .. subject
  return wrk.format("GET", path .. "%3E%20%3Fp%20%3Fo%20%7D" .. mark,
    {["Accept"] = "application/sparql-results+json"})
end
done = function(summary, latency)
  local failed = summary.errors.status + summary.errors.read + summary.errors.timeout
  print(string.format("WRK %.1f %.3f %.3f %.3f %d",
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3,
    latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, failed))
end
"""
RDFLIB = """
import sys, rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint
graph = rdflib.Dataset(default_union=True)
graph.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=graph), host="127.0.0.1", port=int(sys.argv[2]),
            log_level="warning")
"""


def subjects(snapshot, count=200):
    found = ox.Store.read_only(str(snapshot)).query(
        f"SELECT DISTINCT ?s WHERE {{ GRAPH ?g {{ ?s a ?t }} FILTER(isIRI(?s)) }} LIMIT {count}"
    )
    return [row["s"].value for row in found]


def wrk(base, path, names, clients, seconds, *, fresh):
    """Run wrk; return requests a second, p50, p95, p99 in ms, and how many failed."""
    listed = "{" + ",".join(f'"{quote(name, safe="")}"' for name in names) + "}"
    text = SCRIPT.replace("{SUBJECTS}", listed).replace("PATH", path)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(text.replace("FRESH", str(fresh).lower()))
        script.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "-s", script.name, base]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"WRK (\S+) (\S+) (\S+) (\S+) (\d+)", done.stdout)
    return [float(number) for number in found.groups()]


@contextlib.contextmanager
def started(command, port, *, ready=120):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(ready * 10):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def table(name, base, path, names, seconds, *, fresh):
    rates = {}
    for clients in CLIENTS:
        rate, p50, p95, p99, failed = wrk(base, path, names, clients, seconds, fresh=fresh)
        rates[clients] = rate
        print(f"{name:28}{clients:4} clients {rate:9.0f} requests/s   p50 {p50:7.2f}  "
              f"p95 {p95:7.2f}  p99 {p99:7.2f} ms  {failed:.0f} failed", flush=True)  # fmt: skip
    return rates


def others(snapshot, rdflib_python):
    """The other servers on the same data: name, command, port, path."""
    port = free_port()
    oxigraph = shutil.which("oxigraph") or str(Path(sys.executable).with_name("oxigraph"))
    if Path(oxigraph).exists():
        serve = ["serve-read-only", "--location", str(snapshot), "--bind", f"127.0.0.1:{port}"]
        yield "oxigraph", [oxigraph, *serve, "--union-default-graph"], port, "/query"
    if rdflib_python:
        dump = Path(tempfile.mkdtemp()) / "data.nq"
        ox.Store.read_only(str(snapshot)).dump(str(dump), format=ox.RdfFormat.N_QUADS)
        yield "rdflib-endpoint", [rdflib_python, "-c", RDFLIB, str(dump), str(port)], port, "/"


def received(port, query, server):
    """Read a table as plainly as can be; return its rows and the most memory of the server."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"/sparql?{urlencode({'query': query, 'format': 'tsv'})}")
    answer, part = connection.getresponse(), bytearray(1 << 20)
    rows, most, number = -1, 0, 0
    while size := answer.readinto(part):
        rows += part.count(b"\n", 0, size)
        if (number := number + 1) % 8 == 0:
            most = max(most, server.memory_info().rss)
    connection.close()
    return rows, most


def streamed(client, snapshot, runs):
    """Seconds of a large table over HTTP and from the engine alone, and the server's memory."""
    port = client.base_url.port
    listening = (c for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN)
    server = psutil.Process(next(c.pid for c in listening if c.laddr.port == port))
    store = ox.Store.read_only(str(snapshot))
    before, most, rows = server.memory_info().rss, 0, 0
    ours, engine = [], []
    for number in range(runs):
        began = time.perf_counter()
        with Path(os.devnull).open("wb") as sink:
            found = store.query(TABLE, use_default_graph_as_union=True)
            found.serialize(sink, format=ox.QueryResultsFormat.TSV)
        engine.append(time.perf_counter() - began)
        began = time.perf_counter()
        rows, peak = received(port, f"{TABLE} # {number}", server)
        most = max(most, peak)
        ours.append(time.perf_counter() - began)
    return sorted(ours)[runs // 2], sorted(engine)[runs // 2], rows, before, most


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder that was built")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rdflib", help="a Python that has rdflib-endpoint")
    options = parser.parse_args()
    snapshot = current_snapshot(options.data)
    names = subjects(snapshot)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {len(names)} subjects")
    with served(options.data, "--client-seconds", "0", "--no-access-log") as client:
        base = str(client.base_url).rstrip("/")
        seen = httpx.get(f"{base}/sparql", params={"query": POINT.replace("SUBJECT", names[0])})
        assert seen.json()["results"]["bindings"]
        fresh = table("trialkg", base, "/sparql", names, options.seconds, fresh=True)
        kept = table("trialkg, kept answers", base, "/sparql", names, options.seconds, fresh=False)
        ours, engine, rows, before, most = streamed(client, snapshot, 5)
    for name, command, port, path in others(snapshot, options.rdflib):
        with started(command, port) as base:
            table(name, base, path, names, options.seconds, fresh=True)
    print(f"{rows:,} rows as TSV: {ours:.2f} s over HTTP, {engine:.2f} s from the engine alone: "
          f"{engine / ours:.0%}; web process {before >> 20} MB before, {most >> 20} MB at most")  # fmt: skip
    print(f"point queries {max(fresh.values()):.0f}/s (goal 1,000), "
          f"kept answers {max(kept.values()):.0f}/s (goal 5,000)")  # fmt: skip
    sys.exit(0 if max(fresh.values()) >= 1000 and max(kept.values()) >= 5000 else 1)


if __name__ == "__main__":
    main()
