"""A loopback port that can be cut like a cable and come back under the same number."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

LOOPBACK = "127.0.0.1"


class Connection(asyncio.StreamReaderProtocol):
    """A connection its port can cut; `live` is the port's set of open ones."""

    live: set[asyncio.BaseTransport]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the open connections."""
        self._cuttable = transport
        self.live.add(transport)
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the open connections."""
        self.live.discard(self._cuttable)
        super().connection_lost(exc)


class Port:
    """One listening port on loopback.

    While it is shut the number stays ours: a socket is bound to it that does
    not listen, so that connections are refused and nobody else takes it.
    """

    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection
        self._live: set[asyncio.BaseTransport] = set()
        self._server: asyncio.Server | None = None
        self._socket = _bound(0)
        self.number: int = self._socket.getsockname()[1]

    async def open(self) -> None:
        """Listen; nothing changes where it listens already."""
        if self._server is None:
            self._server = await asyncio.get_running_loop().create_server(self._connect, sock=self._socket)

    def shut(self) -> None:
        """Cut every connection and refuse new ones."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        self._socket = _bound(self.number)
        for transport in list(self._live):
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()

    def _connect(self) -> Connection:
        connection = self._connection()
        connection.live = self._live
        return connection


def _bound(number: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((LOOPBACK, number))
    return bound
