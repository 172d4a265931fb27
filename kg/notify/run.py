"""One run of notifying: what is new for each subscription goes out, and is written down."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec

from kg.find.catalogue import Catalogue
from kg.following.asked import changes_of, read_asked
from kg.notify.digest import Digest, digest
from kg.notify.ledger import Deliveries
from kg.notify.sending import InDoubtError, NotSentError, send_mail, send_webhook
from kg.notify.subscriptions import Subscription, Subscriptions
from kg.publish import current_snapshot

_AGENT = "trialkg notify"
_ALL = 10**9

Doubt = Literal["tell", "again", "arrived"]
"""What to do with what is in doubt: tell of it, send it again, or take it for sent."""


class Outcome(msgspec.Struct, kw_only=True):
    """What became of one run.

    `sent` are messages with their numbers of changes; `failed` go again with the next run;
    `doubtful` left and may have arrived, in this run or an earlier one, and do not go again.
    """

    sent: list[tuple[str, str, int]] = []
    failed: list[tuple[str, str, str]] = []
    doubtful: list[tuple[str, str, int]] = []


def pending(data: Path, subscriptions: Subscriptions, deliveries: Deliveries) -> Iterator[Digest]:
    """Yield the messages that have to be sent, in the order of the file."""
    snapshot = current_snapshot(data)
    catalogue = Catalogue(snapshot)
    asked = [(one, read_asked(catalogue, one.parameters())) for one in subscriptions.subscription]
    for one, wanted in asked:
        found = changes_of(snapshot, wanted, most=_ALL).changes
        for target in _targets(one):
            settled = deliveries.settled(one.name, target)
            news = [change for change in found if change.event not in settled]
            if news:
                yield digest(one.name, target, news, subscriptions.link)


def preview(data: Path, subscriptions: Subscriptions) -> list[Digest]:
    """Return the messages that would be sent; nothing is sent or written down."""
    with Deliveries.preview(data) as deliveries:
        return list(pending(data, subscriptions, deliveries))


def notify(data: Path, subscriptions: Subscriptions, *, doubt: Doubt = "tell") -> Outcome:
    """Send what is new, each change once, and return what became of it.

    Raises UsageError for a subscription that means nothing
    before anything is sent, and StoreError while another run sends.
    """
    outcome = Outcome()
    with Deliveries.open(data) as deliveries:
        if doubt == "again":
            deliveries.send_again()
        elif doubt == "arrived":
            deliveries.take_for_sent()
        for message in pending(data, subscriptions, deliveries):
            _send(message, subscriptions, deliveries, outcome)
        outcome.doubtful = [
            (name, target, count) for name, target, _, count in deliveries.doubtful()
        ]
    return outcome


def _send(
    message: Digest, subscriptions: Subscriptions, deliveries: Deliveries, outcome: Outcome
) -> None:
    events = [one.event for one in message.changes]
    about_to = partial(deliveries.begin, message.subscription, message.target, message.key, events)
    try:
        if message.target.startswith(("http://", "https://")):
            send_webhook(message, _AGENT, about_to)
        elif subscriptions.smtp is not None:
            send_mail(message, subscriptions.smtp, about_to)
    except NotSentError as error:
        deliveries.failed(message.key)
        outcome.failed.append((message.subscription, message.target, str(error)))
    except InDoubtError:
        return
    else:
        deliveries.sent(message.key)
        outcome.sent.append((message.subscription, message.target, len(message.changes)))


def _targets(subscription: Subscription) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*subscription.mail, *subscription.webhook)))
