"""The web server under the application: its bounds, and how it stops."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from kg.api.connections import BoundedProtocol
from kg.api.settings import Manners

_IDLE_SECONDS = 30
# Queries that are ended then still have to be told so, by a machine that may be busy.
_AFTER_GRACE = 10


class _Server(uvicorn.Server):
    """A server that lets running queries finish, and after a while tells the others why not."""

    def __init__(
        self, config: uvicorn.Config, app: FastAPI, grace: float, ready: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self.app = app
        self.grace = grace
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        loop = asyncio.get_running_loop()
        alarm = loop.call_later(self.grace, self.app.state.pool.end_running)
        try:
            await super().shutdown(sockets)
        finally:
            alarm.cancel()


def run(
    app: FastAPI, manners: Manners, listening: socket.socket, ready: Callable[[], None]
) -> None:
    """Serve on a bound socket until a signal; then stop without breaking off what can finish.

    `ready` is called once the workers are there and requests are answered.
    """
    config = uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        proxy_headers=bool(manners.proxies),
        forwarded_allow_ips=list(manners.proxies),
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=int(manners.grace) + _AFTER_GRACE,
    )
    _Server(config, app, manners.grace, ready).run(sockets=[listening])
