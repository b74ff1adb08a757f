"""A tiny line server on loopback that plays a written dialogue: for what no real server would say."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from socket import SO_LINGER, SOL_SOCKET

Script = Callable[["Peer"], Awaitable[None]]
Reply = bytes | Callable[["Peer", str, str], Awaitable[bytes | None]]


class HungUpError(Exception):
    """The client closed the connection, or the script did."""


class Peer:
    """The server's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: ScriptedServer) -> None:
        self._reader = reader
        self._writer = writer
        self._server = server
        self.secure = False

    async def say(self, data: bytes) -> None:
        """Send bytes as they stand."""
        self._writer.write(data)
        await self._writer.drain()

    async def hear(self) -> str:
        """Return the client's next line."""
        line = await self._reader.readline()
        self._note(line)
        if not line.endswith(b"\n"):
            raise HungUpError
        return line.rstrip(b"\r\n").decode("utf-8", "replace")

    async def take(self, size: int) -> bytes:
        """Return the client's next `size` bytes."""
        data = await self._reader.readexactly(size)
        self._note(data)
        return data

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Go over to TLS; what the client sends from here on is not in clear."""
        await self._writer.start_tls(context)
        self.secure = True

    async def drip(self, data: bytes, pause: float = 0.05) -> None:
        """Send bytes one at a time."""
        for byte in data:
            await self.say(bytes([byte]))
            await asyncio.sleep(pause)

    async def flood(self, data: bytes, times: int = 1_000_000) -> None:
        """Send the same again and again."""
        block = data * max(1, 65536 // len(data))
        for _ in range(times * len(data) // len(block)):
            await self.say(block)

    async def hang(self) -> None:
        """Say nothing more; listen until the client leaves."""
        while data := await self._reader.read(65536):
            self._note(data)

    def hang_up(self, *, reset: bool = False) -> None:
        """Close the connection, with RST if asked."""
        if reset:
            self._writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.close()
        raise HungUpError

    def _note(self, data: bytes) -> None:
        self._server.heard += data
        if not self.secure:
            self._server.clear += data


class ScriptedServer:
    """What was heard by all connections, and what of it in clear."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        self.heard = b""
        self.clear = b""


@contextlib.asynccontextmanager
async def scripted(script: Script, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[ScriptedServer]:
    """Serve a script to every connection; with `tls` from the first byte."""
    state = ScriptedServer()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        state.connections += 1
        peer = Peer(reader, writer, state)
        peer.secure = tls is not None
        try:
            with contextlib.suppress(OSError, HungUpError, asyncio.IncompleteReadError, ValueError):
                await script(peer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    state.port = server.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        server.close()


GREETING = "greeting"
CAPABILITIES = b"* CAPABILITY IMAP4rev1 IDLE\r\n<tag> OK done\r\n"
SELECTED = b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n<tag> OK [READ-WRITE] ok\r\n"
_ORDINARY: Mapping[str, Reply] = {
    GREETING: b"* OK ready\r\n",
    "CAPABILITY": CAPABILITIES,
    "SELECT": SELECTED,
    "LIST": b'* LIST () "/" INBOX\r\n<tag> OK done\r\n',
    "LOGOUT": b"* BYE\r\n<tag> OK done\r\n",
}


def imap(answers: Mapping[str, Reply] | None = None) -> Script:
    """A server that answers OK to everything, but for the commands in `answers`.

    A reply is bytes in which `<tag>` stands for the command's tag, or a
    function of the peer, the tag and the line which may say what it likes.
    Commands are looked up by their beginning, longest first.
    """
    table = {**_ORDINARY, **(answers or {})}

    async def answer(peer: Peer, command: str, tag: str, line: str) -> None:
        reply = table.get(command, b"<tag> OK done\r\n")
        data = reply if isinstance(reply, bytes) else await reply(peer, tag, line)
        if data is not None:
            await peer.say(data.replace(b"<tag>", tag.encode()))

    async def script(peer: Peer) -> None:
        await answer(peer, GREETING, "*", "")
        while True:
            tag, _, line = (await peer.hear()).partition(" ")
            command = next((name for name in sorted(table, key=len, reverse=True) if line.upper().startswith(name)), "")
            await answer(peer, command, tag, line)
            if literal := re.search(r"\{(\d+)\}$", line):
                await peer.take(int(literal[1]) + 2)
                await answer(peer, "LITERAL", tag, line)

    return script


def smtp(answers: Mapping[str, Reply] | None = None) -> Script:
    """A server that takes every mail, but for the commands in `answers`; "." is the reply to a mail's end."""
    table: dict[str, Reply] = {
        GREETING: b"220 ready\r\n",
        "EHLO": b"250-here\r\n250 SIZE 10000000\r\n",
        "DATA": b"354 go on\r\n",
        "QUIT": b"221 bye\r\n",
        **(answers or {}),
    }

    async def answer(peer: Peer, command: str, line: str) -> bytes | None:
        reply = table.get(command, b"250 ok\r\n")
        data = reply if isinstance(reply, bytes) else await reply(peer, command, line)
        if data is not None:
            await peer.say(data)
        return data

    async def script(peer: Peer) -> None:
        await answer(peer, GREETING, "")
        while True:
            line = await peer.hear()
            command = next((name for name in sorted(table, key=len, reverse=True) if line.upper().startswith(name)), "")
            said = await answer(peer, command, line)
            if command == "DATA" and said is not None and said.startswith(b"354"):
                while await peer.hear() != ".":
                    pass
                await answer(peer, ".", ".")

    return script
