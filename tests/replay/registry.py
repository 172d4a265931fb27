"""The registry's API v2 on loopback: real rules over given records, and the faults of a bad day."""

import base64
import hashlib
import json
import re
import socket
import struct
import threading
import zipfile
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

_RANGE = re.compile(r"AREA\[LastUpdatePostDate\]RANGE\[([^,]+),\s*([^\]]+)\]")
_MOST = 1000
_PER_CHUNK = 2**20
_SECTIONS = {
    "ProtocolSection": "protocolSection",
    "DerivedSection": "derivedSection",
    "ResultsSection": "resultsSection",
    "HasResults": "hasResults",
}


def nct_id(study):
    return study["protocolSection"]["identificationModule"]["nctId"]


def updated(study):
    return study["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"]


class Registry:
    """What the server gives, and what befalls requests: `faults` names a fault by their number."""

    def __init__(self, studies, version="2026-08-22T09:00:05"):
        self.studies = {nct_id(one): one for one in studies}
        self.version = version
        self.faults = {}
        self.asked = []
        self.agents = Counter()
        self.page = _MOST
        self.released = threading.Event()
        self.reached = {}

    def put(self, *studies):
        self.studies.update({nct_id(one): one for one in studies})

    def answer(self, path, asked):
        """Return status and body of a request that nothing befalls."""
        if path == "/version":
            return 200, json.dumps({"apiVersion": "2.0.5", "dataTimestamp": self.version})
        if path == "/archive.zip":
            return 200, archive(self.studies.values())
        if path != "/studies":
            return 404, "no such page"
        return self._studies(asked)

    def _studies(self, asked):
        same = {k: v for k, v in asked.items() if k not in {"countTotal", "pageSize", "pageToken"}}
        digest = hashlib.sha256(json.dumps([self.version, same]).encode()).hexdigest()[:12]
        start = 0
        if "pageToken" in asked:
            known, _, at = base64.urlsafe_b64decode(asked["pageToken"]).decode().partition(":")
            if known != digest:
                return 400, "Page token is incorrect or expired"
            start = int(at)
        found = [one for _, one in sorted(self.studies.items()) if _meets(one, asked)]
        size = min(int(asked.get("pageSize", 10)) or 10, _MOST, self.page)
        body = {"studies": [_fields(one, asked) for one in found[start : start + size]]}
        if asked.get("countTotal") == "true" and not start:
            body["totalCount"] = len(found)
        if start + size < len(found):
            token = f"{digest}:{start + size}".encode()
            body["nextPageToken"] = base64.urlsafe_b64encode(token).decode()
        return 200, json.dumps(body)


def _meets(study, asked):
    ids = asked.get("filter.ids")
    if ids and nct_id(study) not in re.split(r"[,|]", ids):
        return False
    told = _RANGE.fullmatch(asked.get("filter.advanced", "")) if "filter.advanced" in asked else 0
    if told is None:
        raise ValueError(asked["filter.advanced"])
    if told:
        first, last = (part.strip() for part in told.groups())
        day = updated(study)
        if (first != "MIN" and day < first) or (last != "MAX" and day > last):
            return False
    words = asked.get("query.term", "").casefold().split()
    return not words or _has(study, words)


def _has(study, words):
    text = json.dumps(study, ensure_ascii=False).casefold()
    return all(word in text for word in words)


def _fields(study, asked):
    wanted = asked.get("fields", "").split("|")
    if wanted == [""]:
        return study
    if wanted == ["NCTId"]:
        return {"protocolSection": {"identificationModule": {"nctId": nct_id(study)}}}
    return {key: study[key] for name in wanted if (key := _SECTIONS[name]) in study}


def archive(studies):
    """Return all records as the registry archives them: one a member."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for one in studies:
            file.writestr(f"{nct_id(one)}.json", json.dumps(one))
    return packed.getvalue()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        registry = self.server.registry
        number = len(registry.asked)
        place = urlsplit(self.path)
        asked = {name: values[-1] for name, values in parse_qs(place.query).items()}
        registry.asked.append((place.path, asked))
        registry.agents[self.headers["User-Agent"]] += 1
        if number in registry.reached:
            registry.reached[number].set()
        fault = registry.faults.get(number)
        if fault is not None:
            getattr(self, f"_{fault}")(place, asked)
            return
        self._send(*registry.answer(place.path, asked))

    def _send(self, status, body, **headers):
        packed = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(packed)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(packed)

    def _reset(self, *_):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _busy(self, *_):
        self._send(429, "slow down", Retry_After="7")

    def _busy_until(self, *_):
        self._send(503, "later", Retry_After="Sat, 22 Aug 2026 12:00:30 GMT")

    def _busy_for_days(self, *_):
        self._send(429, "come back next week", Retry_After="604800")

    def _broken(self, *_):
        self._send(500, "internal error")

    def _cut_off(self, place, asked):
        _, body = self.server.registry.answer(place.path, asked)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode()[:-20])
        self.close_connection = True

    def _truncated(self, place, asked):
        _, body = self.server.registry.answer(place.path, asked)
        self._send(200, body.encode()[: len(body) // 2])

    def _expired(self, *_):
        self._send(400, "Page token is incorrect or expired")

    def _refused(self, *_):
        self._send(400, "Parameter `query.term` has incorrect syntax\x1b[2J")

    def _elsewhere(self, *_):
        self._send(302, "", Location="http://127.0.0.1:9/studies")

    def _stalls(self, *_):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b'{"studies"')
        self.wfile.flush()
        self.server.registry.released.wait(300)
        self.close_connection = True

    def _endless(self, *_):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        chunk = f"{_PER_CHUNK:x}\r\n".encode() + b" " * _PER_CHUNK + b"\r\n"
        try:
            while True:
                self.wfile.write(chunk)
        except OSError:
            self.close_connection = True

    def log_message(self, *_):
        pass


@contextmanager
def served(registry):
    """Serve a registry on a free port and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.registry = registry
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        registry.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
