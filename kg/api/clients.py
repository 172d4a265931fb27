"""Who asks: the address of a client, as the share of query time is counted by."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send

from kg.query.shares import ASKER

# Whoever has one address of IPv6 has all with the same first half.
_NETWORK_OF_ONE = 64


def client_of(scope: Scope) -> str:
    """Return what stands for a client: its address or, in IPv6, its network."""
    return _client((scope.get("client") or ("unknown", 0))[0])


@lru_cache(maxsize=4096)
def _client(address: str) -> str:
    try:
        read = ip_address(address)
    except ValueError:
        return str(address)
    if not isinstance(read, IPv6Address):
        return str(read)
    if read.ipv4_mapped:
        return str(read.ipv4_mapped)
    return str(ip_network((read, _NETWORK_OF_ONE), strict=False))


class Clients:
    """ASGI middleware that says for all that follows who asks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            ASKER.set(client_of(scope))
        await self.app(scope, receive, send)
