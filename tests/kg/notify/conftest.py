"""Those who are told: a real server of mail and a receiver of webhooks, both on loopback."""

import contextlib
import json
import shutil
import socket
import ssl
import subprocess
import threading
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Mailbox:
    """Takes mail, or does what it is told to instead."""

    def __init__(self):
        self.messages = []
        self.recipients = []
        self.signed_in = []
        self.refuse = {}
        self.reached = threading.Event()
        self.released = threading.Event()
        self.stall = False
        self.drop = False

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - its name
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - its name
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        self.recipients += envelope.rcpt_tos
        self.reached.set()
        if self.drop:
            server.transport.abort()
        if self.stall:
            await server.loop.run_in_executor(None, self.released.wait, 300)
        return "250 taken"


class _Controller(Controller):
    """Serves on a socket that is open: a port that is only known to be free may be taken."""

    def __init__(self, box, listening, **options):
        host, port = listening.getsockname()
        super().__init__(box, hostname=host, port=port, ready_timeout=60, **options)
        self._listening = listening

    def _create_server(self):
        return self.loop.create_server(
            self._factory_invoker, sock=self._listening, ssl=self.ssl_context
        )


@contextlib.contextmanager
def taking_mail(box, **options):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        box.port = listening.getsockname()[1]
        controller = _Controller(box, listening, **options)
        controller.start()
        try:
            yield box
        finally:
            box.released.set()
            controller.stop()


@pytest.fixture
def mailbox():
    with taking_mail(Mailbox()) as box:
        yield box


@pytest.fixture
def signed_mailbox(tmp_path, monkeypatch):
    """A server that offers encryption and asks for a password; its certificate is trusted."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    box = Mailbox()

    def signed_in(server, session, envelope, mechanism, auth_data):
        box.signed_in.append((auth_data.login, auth_data.password, session.ssl is not None))
        return AuthResult(success=auth_data.password == b"secret")

    with taking_mail(box, tls_context=context, authenticator=signed_in):
        yield box


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        hook = self.server.hook
        body = self.rfile.read(int(self.headers["Content-Length"]))
        hook.posts.append((dict(self.headers), json.loads(body)))
        hook.reached.set()
        if hook.stall:
            hook.released.wait(300)
        if hook.drop:
            self.close_connection = True
            return
        self.send_response(hook.status)
        if hook.status == 302:
            self.send_header("Location", "http://127.0.0.1:9/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Hook:
    """Receives webhooks, and answers as it is told to."""

    def __init__(self):
        self.posts = []
        self.status = 204
        self.drop = self.stall = False
        self.reached = threading.Event()
        self.released = threading.Event()


@pytest.fixture
def hook():
    made = Hook()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    server.daemon_threads = True
    server.hook = made
    made.address = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield made
    made.released.set()
    server.shutdown()
    server.server_close()
    thread.join()
