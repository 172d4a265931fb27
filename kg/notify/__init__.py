"""Digests of changes for those who follow them, each change once."""

from __future__ import annotations

from kg.notify.run import Doubt, Outcome, notify, preview
from kg.notify.subscriptions import Subscriptions, read_subscriptions

__all__ = ["Doubt", "Outcome", "Subscriptions", "notify", "preview", "read_subscriptions"]
