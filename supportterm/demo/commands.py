"""What the demo's mail server process does for each command line it reads."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

from supportterm.demo.mailhost import MailHost


class Commands:
    """The process's side: what it does for each command line."""

    def __init__(self, host: MailHost) -> None:
        self._host = host
        self._known: dict[str, Callable[[dict[str, Any]], Coroutine[Any, Any, dict[str, Any]]]] = {
            "deliver": self._deliver,
            "network": self._network,
            "accepted": self._accepted,
            "folders": self._folders,
            "mails": self._mails,
        }

    async def answer(self, line: bytes) -> dict[str, Any] | None:
        """Carry out one command line; None where it says to stop."""
        asked: dict[str, Any] = {}
        try:
            asked = json.loads(line)
            if asked["do"] == "stop":
                return None
            return {"id": asked.get("id"), "ok": True, **await self._known[asked["do"]](asked)}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            known = ", ".join([*self._known, "stop"])
            name = asked.get("id") if isinstance(asked, dict) else None
            return {"id": name, "ok": False, "error": f"Not a command ({error!r}). Known: {known}."}

    async def _deliver(self, asked: dict[str, Any]) -> dict[str, Any]:
        when = datetime.fromisoformat(asked["date"]) if asked.get("date") else datetime.now(UTC)
        raw = base64.b64decode(asked["raw"])
        return {"uid": await self._host.deliver(raw, asked.get("folder", "INBOX"), when, asked.get("flags", ()))}

    async def _network(self, asked: dict[str, Any]) -> dict[str, Any]:
        await self._host.network(up=bool(asked["up"]))
        return {}

    async def _accepted(self, asked: dict[str, Any]) -> dict[str, Any]:
        mails = self._host.accepted[int(asked.get("after", 0)) :]
        return {
            "mails": [
                {
                    "message_id": mail.message_id,
                    "recipients": mail.recipients,
                    "raw": _text(mail.raw),
                    "at": mail.at.isoformat(),
                }
                for mail in mails
            ]
        }

    async def _folders(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"folders": await self._host.folders()}

    async def _mails(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"mails": await self._host.mails(asked["folder"])}


async def serve(address: str, longest_line: int) -> None:
    """Run the mail server until standard input closes or says stop; command lines may have so many bytes."""
    host = MailHost(address)
    await host.start()
    commands = asyncio.StreamReader(limit=longest_line)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin.buffer)
    ports = {"imap_port": host.imap_port, "smtp_port": host.smtp_port}
    _say({"ok": True, **ports, "user": address, "password": host.password})
    answers = Commands(host)
    while line := await commands.readline():
        answer = await answers.answer(line)
        if answer is None:
            return
        _say(answer)


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
