"""A socket read by line and by literal, within bounds of time, length and number."""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
import time
from socket import socket as Socket  # noqa: N812 - a class, though its module names it in small letters

from supportterm.config import Server
from supportterm.mail.errors import ConnectionFailedError, ProtocolError

MAX_LINE = 1 << 20
"""Bytes a line may have."""
MAX_LINES = 100_000
"""Lines an answer may have, unless more were asked for."""
MAX_ANSWER = 16 << 20
"""Bytes an answer may have beside the mails that were asked for."""
MAX_LITERAL = 64 << 10
"""Bytes of a literal where no mail was asked for."""
SLOWEST = 8192
"""Bytes a second below which a transfer counts as stuck."""
_PIECE = 256 << 10


class Wire:
    """The bytes of one connection.

    `begin` starts a command's allowance; whatever exceeds it raises
    `ProtocolError` (too much) or `TimeoutError` (too slow), and the caller
    drops the connection. Only `abort` may be called from another thread.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._timeout = server.timeout_seconds
        self._buffer = bytearray()
        self.deadline = 0.0
        self._lines = self._bytes = self._literal = 0
        self.begin()
        self._sock: socket.socket = self._dial()

    def begin(
        self, seconds: float | None = None, *, lines: int = MAX_LINES, extra: int = 0, literal: int = MAX_LITERAL
    ) -> None:
        """Grant a command its time and size: `extra` bytes beside `MAX_ANSWER`, literals up to `literal` bytes."""
        self.deadline = time.monotonic() + (self._timeout if seconds is None else seconds)
        self._lines = lines
        self._bytes = MAX_ANSWER + extra
        self._literal = literal

    @property
    def socket(self) -> Socket:
        """The socket, for polling."""
        return self._sock

    def secure(self, context: ssl.SSLContext) -> None:
        """Go over to TLS; what came in clear before is forgotten."""
        self._buffer.clear()
        self._sock.settimeout(self._left())
        self._sock = context.wrap_socket(self._sock, server_hostname=self._server.host.strip("[]"))

    def readline(self) -> bytes:
        """Return the next line with its CRLF."""
        seen = 0
        while (end := self._buffer.find(b"\n", seen)) < 0:
            seen = len(self._buffer)
            if seen > MAX_LINE:
                raise self._excess("a line without end")
            self._fill()
        if end > MAX_LINE:
            raise self._excess("a line without end")
        self._lines -= 1
        if self._lines < 0:
            raise self._excess("more lines than any answer has")
        self._spend(end + 1)
        line = bytes(self._buffer[: end + 1])
        del self._buffer[: end + 1]
        return line

    def read(self, size: int) -> bytes:
        """Return a literal of `size` bytes; each piece that comes earns time for the next."""
        if size > self._literal:
            raise self._excess("something larger than was asked for")
        self._spend(size)
        if size <= len(self._buffer):
            literal = bytes(self._buffer[:size])
            del self._buffer[:size]
            return literal
        pieces = [bytes(self._buffer)]
        missing = size - len(self._buffer)
        self._buffer.clear()
        while missing:
            piece = self._receive(min(missing, _PIECE))
            self.deadline += len(piece) / SLOWEST
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def send(self, data: bytes) -> None:
        """Send everything; long mails earn time as they leave."""
        for start in range(0, len(data), _PIECE):
            piece = data[start : start + _PIECE]
            self._sock.settimeout(self._left())
            self._sock.sendall(piece)
            if len(data) > _PIECE:
                self.deadline += len(piece) / SLOWEST

    def readable(self, seconds: float, waker: Socket) -> bool:
        """Wait until something can be read here (True), or on `waker`, or the time is up (False)."""
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._sock, selectors.EVENT_READ)
            selector.register(waker, selectors.EVENT_READ)
            while not self._buffer:
                ready = selector.select(max(end - time.monotonic(), 0)) if not self._pending() else None
                if ready is not None and all(key.fileobj is not self._sock for key, _ in ready):
                    return False
                if not isinstance(self._sock, ssl.SSLSocket):
                    return True
                # What TLS says to itself is not for us.
                self._sock.settimeout(0)
                with contextlib.suppress(ssl.SSLWantReadError):
                    self._buffer += self._unless_closed(self._sock.recv(_PIECE))
        return True

    def _pending(self) -> bool:
        return isinstance(self._sock, ssl.SSLSocket) and self._sock.pending() > 0

    def abort(self) -> None:
        """End the connection at once, from any thread; whoever reads it gets an error."""
        # SSLSocket.shutdown would first forget its TLS and let another thread write in clear.
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket."""
        self.abort()
        with contextlib.suppress(OSError):
            self._sock.close()

    def _dial(self) -> Socket:
        host = self._server.host.strip("[]")
        try:
            places = socket.getaddrinfo(host, self._server.port, type=socket.SOCK_STREAM)
        except UnicodeError:
            raise socket.gaierror(socket.EAI_NONAME, "not a host name") from None
        failure: OSError = ConnectionRefusedError()
        for waiting, (family, kind, protocol, _, address) in zip(range(len(places), 0, -1), places, strict=True):
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(self._left() / waiting)
                sock.connect(address)
            except OSError as error:
                failure = error
                sock.close()
                continue
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        raise failure

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, self._timeout)

    def _fill(self) -> None:
        self._buffer += self._receive(_PIECE)

    def _receive(self, size: int) -> bytes:
        self._sock.settimeout(self._left())
        return self._unless_closed(self._sock.recv(size))

    def _unless_closed(self, piece: bytes) -> bytes:
        """Return what was received; nothing means that the other side has closed."""
        if not piece:
            raise ConnectionFailedError(f"{self._server.host} closed the connection. It will be tried again.")
        return piece

    def _spend(self, size: int) -> None:
        self._bytes -= size
        if self._bytes < 0:
            raise self._excess("more than any answer has")

    def _excess(self, what: str) -> ProtocolError:
        return ProtocolError(f"{self._server.host} sent {what}. The connection was closed; it will be tried again.")
