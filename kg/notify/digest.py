"""A message about changes, before it is known how it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

import msgspec

from kg.following import Change
from kg.following.wording import headline, told
from kg.iris import trial_iri
from kg.records import Record

# So many changes are told in full; a mail of thousands is not read.
SHOWN = 200
_NOTE = "Made from registry records by rules; see the registry. Not medical advice."


class Digest(Record, frozen=True):
    """Changes for one target; `key` is the same for the same changes and target."""

    key: str
    subscription: str
    target: str
    changes: tuple[Change, ...]
    link: str | None = None


def digest(subscription: str, target: str, changes: Sequence[Change], link: str | None) -> Digest:
    """Return the message that tells a target of changes."""
    parts = (subscription, target, *(one.event for one in changes))
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    return Digest(
        key=key, subscription=subscription, target=target, changes=tuple(changes), link=link
    )


def as_text(message: Digest) -> str:
    """Return the message as plain text."""
    lines = [subject(message), ""]
    for one in message.changes[:SHOWN]:
        lines.append(headline(one))
        lines += [
            f"    {name}: {text.replace(chr(10), chr(10) + '        ')}" for name, text in told(one)
        ]
        lines += [f"    {_page(message, one)}", ""]
    more = len(message.changes) - SHOWN
    if more > 0:
        lines += [f"{more:,} more are not told here; see them: trialkg changes", ""]
    return "\n".join([*lines, _NOTE, ""])


def as_mail(message: Digest, sender: str) -> EmailMessage:
    """Return the message as mail; no word of a record stands in a header."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = subject(message)
    mail["From"] = sender
    mail["To"] = message.target
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{message.key}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(as_text(message), charset="utf-8", cte="base64")
    return mail


def as_json(message: Digest) -> bytes:
    """Return the message for programs; with `more`, changes beyond those that are told."""
    changes = message.changes[:SHOWN]
    return msgspec.json.encode(
        {
            "delivery": message.key,
            "subscription": message.subscription,
            "changes": [{**msgspec.to_builtins(one), "headline": headline(one)} for one in changes],
            "more": len(message.changes) - len(changes),
        }
    )


def subject(message: Digest) -> str:
    """Return what a message is about, on one line."""
    count = len(message.changes)
    return f"{message.subscription}: {count:,} change{'' if count == 1 else 's'} of trials"


def _page(message: Digest, change: Change) -> str:
    node = trial_iri(change.registry, change.trial).value
    if message.link is None:
        return node
    return f"{message.link.rstrip('/')}/trial/{change.registry}/{change.trial}"
