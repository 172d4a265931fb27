"""Keeps a data folder current with a registry: fetches what was updated, marks what vanished."""

from __future__ import annotations

from kg.refresh.archive import refresh_from_archive
from kg.refresh.report import RefreshReport
from kg.refresh.run import refresh
from kg.refresh.server import Server

__all__ = ["RefreshReport", "Server", "refresh", "refresh_from_archive"]
