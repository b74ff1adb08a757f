"""The demo's mail server as a process of its own, and the parent's hold on it.

`python -m supportterm.demo.server` prints one JSON line with its ports and a
password made at start, then answers JSON-line commands on standard input, and
ends when that closes.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any

from supportterm.domain.errors import SupporttermError

ADDRESS = "support@acme.example"
LONGEST_LINE = 256 * 1024 * 1024
START_SECONDS = 30.0
STOP_SECONDS = 3.0
MISSING = "The demo's mail server is not installed. Get it with `pip install 'supportterm[demo]'`."


class DemoError(SupporttermError):
    """The demo's mail server cannot be had."""


@dataclass(frozen=True, slots=True)
class AcceptedMail:
    """A mail the server accepted by SMTP; the Message-ID stands without brackets."""

    message_id: str
    recipients: tuple[str, ...]
    raw: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class ServerMail:
    """A mail as it lies in a folder of the server; the Message-ID stands without brackets."""

    uid: int
    message_id: str
    flags: frozenset[str]
    received_at: datetime


class DemoServer:
    """The parent's side: starts the process, speaks to it, ends it. Safe for concurrent calls."""

    def __init__(self, address: str = ADDRESS) -> None:
        self.user = address
        self.password = ""
        self.imap_port = 0
        self.smtp_port = 0
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._asked = 0

    async def start(self) -> None:
        """Start the process and wait until it listens on both ports.

        Raises:
            DemoError: the extra `[demo]` is not installed, or the process did not start.
        """
        check_installed()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "supportterm.demo.server",
            self.user,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=LONGEST_LINE,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                told = await self._heard()
        except TimeoutError:
            await self.stop()
            raise DemoError(_UNHEARD) from None
        self.imap_port, self.smtp_port, self.password = told["imap_port"], told["smtp_port"], told["password"]

    async def deliver(
        self, raw: bytes, folder: str = "INBOX", when: datetime | None = None, flags: Sequence[str] = ()
    ) -> int:
        """Put a mail straight into a folder, `when` being its received time (now by default), and return its UID."""
        date = (when or datetime.now(UTC)).isoformat()
        answer = await self._ask("deliver", folder=folder, raw=_text(raw), date=date, flags=list(flags))
        return int(answer["uid"])

    async def network(self, up: bool) -> None:
        """Pull the cable (False: connections are cut, new ones refused) or plug it in again (True)."""
        await self._ask("network", up=up)

    async def accepted(self, after: int = 0) -> list[AcceptedMail]:
        """Return the mails SMTP accepted, in order, leaving out the first `after`."""
        answer = await self._ask("accepted", after=after)
        return [
            AcceptedMail(
                mail["message_id"],
                tuple(mail["recipients"]),
                base64.b64decode(mail["raw"]),
                datetime.fromisoformat(mail["at"]),
            )
            for mail in answer["mails"]
        ]

    async def folders(self) -> list[str]:
        """Return the names of the server's folders."""
        return list((await self._ask("folders"))["folders"])

    async def mails(self, folder: str) -> list[ServerMail]:
        """Return what a folder holds, in the order it came; nothing where there is no such folder."""
        answer = await self._ask("mails", folder=folder)
        return [
            ServerMail(
                mail["uid"],
                mail["message_id"],
                frozenset(mail["flags"]),
                datetime.fromisoformat(mail["received_at"]),
            )
            for mail in answer["mails"]
        ]

    async def stop(self) -> None:
        """End the process; a no-op where none runs."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _ask(self, do: str, **values: Any) -> dict[str, Any]:
        async with self._turn:
            if self._process is None or self._process.stdin is None:
                raise DemoError("The demo's mail server is not running. Start the demo again.")
            self._asked += 1
            mine = self._asked
            try:
                self._process.stdin.write(json.dumps({"do": do, "id": mine, **values}).encode() + b"\n")
                await self._process.stdin.drain()
            except ConnectionError:
                raise DemoError(_UNHEARD) from None
            answer = await self._heard()
            while answer.get("id") != mine:  # the question before was cancelled while its answer was on its way
                answer = await self._heard()
        if "error" in answer:
            raise DemoError(str(answer["error"]))
        return answer

    async def _heard(self) -> dict[str, Any]:
        line = await self._process.stdout.readline() if self._process and self._process.stdout else b""
        if not line:
            raise DemoError(_UNHEARD)
        told: dict[str, Any] = json.loads(line)
        return told


_UNHEARD = "The demo's mail server ended or did not start. `python -m supportterm.demo.server` shows why."


def main(arguments: Sequence[str]) -> int:
    """Run the process; return its exit status."""
    if not _installed():
        sys.stderr.write(MISSING + "\n")
        return DemoError.exit_status
    from supportterm.demo.commands import serve

    logging.disable(logging.CRITICAL)
    try:
        asyncio.run(serve(arguments[0] if arguments else ADDRESS, LONGEST_LINE))
    except (KeyboardInterrupt, BrokenPipeError):
        return 0
    return 0


def check_installed() -> None:
    """Make sure that the demo's mail server can be run.

    Raises:
        DemoError: the extra `[demo]` is not installed.
    """
    if not _installed():
        raise DemoError(MISSING)


def _installed() -> bool:
    return all(find_spec(name) is not None for name in ("pymap", "aiosmtpd"))


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
