"""Sends messages, by mail or webhook. What was refused and what is unknown are told apart."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Callable
from contextlib import closing

import httpx

from kg.errors import KGError
from kg.notify.digest import Digest, as_json, as_mail
from kg.notify.subscriptions import Mail

USER, PASSWORD = "TRIALKG_SMTP_USER", "TRIALKG_SMTP_PASSWORD"

_SECONDS = 30.0
_TOLD = 200


class NotSentError(KGError):
    """A message did not leave, or was refused: it can be sent again."""


class InDoubtError(KGError):
    """The connection broke after a message had left: nobody knows whether it arrived."""


def send_mail(message: Digest, server: Mail, about_to: Callable[[], None]) -> None:
    """Send a message by mail; `about_to` is called when all is ready but the message itself."""
    mail = as_mail(message, server.sender).as_bytes()
    ready = False
    try:
        # A context would say goodbye, and take a rude answer to that for a refusal of the message.
        with closing(smtplib.SMTP(server.host, server.port, timeout=server.timeout)) as smtp:
            _greet(smtp, server.host)
            _require(*smtp.mail(server.sender))
            _require(*smtp.rcpt(message.target))
            ready = True
            about_to()
            _require(*smtp.data(mail))
    except smtplib.SMTPResponseException as error:
        raise NotSentError(f"{server.host} refuses: {_words(error.smtp_error)}") from error
    except (smtplib.SMTPException, OSError) as error:
        if ready:
            raise InDoubtError(f"{server.host} broke off as it took the message") from error
        raise NotSentError(f"{server.host}:{server.port}: {error}") from error


def _greet(smtp: smtplib.SMTP, host: str) -> None:
    """Say hello, encrypted where that is offered, and sign in where there is a password."""
    smtp.ehlo_or_helo_if_needed()
    encrypted = smtp.has_extn("starttls")
    if encrypted:
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo()
    user, password = os.environ.get(USER), os.environ.get(PASSWORD)
    if user and password:
        if not encrypted:
            raise NotSentError(f"{host} offers no encryption: no password is sent in clear")
        smtp.login(user, password)


def _require(code: int, answer: bytes) -> None:
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, answer)


def send_webhook(message: Digest, agent: str, about_to: Callable[[], None]) -> None:
    """Send a message as JSON by POST; redirects are not followed, and no answer is read."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": agent,
        "Idempotency-Key": message.key,
    }
    about_to()
    try:
        with (
            httpx.Client(timeout=_SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream(
                "POST", message.target, content=as_json(message), headers=headers
            ) as answer,
        ):
            status = answer.status_code
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
        raise NotSentError(f"{message.target}: {error}") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise InDoubtError(f"{message.target} broke off: {type(error).__name__}") from error
    if not 200 <= status < 300:
        raise NotSentError(f"{message.target} answers with status {status}")


def _words(answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return "".join(one if one.isprintable() else " " for one in text)[:_TOLD]
