"""What a forward says of a conversation: what was said to and by the customer, never what stayed inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from supportterm.domain.mail import Attachment
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation, State
from supportterm.domain.ticket import MessageKind

MARK = "---------- Forwarded conversation ----------"
_SAID = (MessageKind.CUSTOMER, MessageKind.REPLY)


def quoted(conversation: Iterable[Message], outbox: Iterable[Operation], zone: ZoneInfo) -> str:
    """Return the conversation as a forward carries it, oldest first, with who wrote when; empty where nothing was said.

    Notes, mail from the team and replies that have not left are left out.
    """
    parts = [
        f"{m.sender.name or m.sender.address}, {_when(m.at, zone)}:\n\n{(m.reply_text or m.text).strip()}"
        for m in said(conversation, outbox)
    ]
    return "\n\n".join([MARK, *parts]) + "\n" if parts else ""


def said(conversation: Iterable[Message], outbox: Iterable[Operation]) -> list[Message]:
    """Return the messages that customer and desk exchanged."""
    held = {operation.message for operation in outbox if operation.state is not State.ACCEPTED}
    return [m for m in conversation if m.kind in _SAID and m.id not in held]


def originals(conversation: Iterable[Message], outbox: Sequence[Operation]) -> list[tuple[Message, Attachment]]:
    """Return the files that came or went with those messages, newest first."""
    return [
        (message, attachment)
        for message in reversed(said(conversation, outbox))
        for attachment in message.attachments
        if not attachment.inline and message.raw
    ]


def _when(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M} {instant.astimezone(zone):%Z}"
