"""The sample conversations as they stand in their TOML files, one file a conversation."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any

US = "us"


@dataclass(frozen=True, slots=True)
class Customer:
    """Who writes: their language, clock (`zone` in hours from UTC) and the mail program that shapes what they send."""

    name: str
    address: str
    lang: str = "en"
    zone: float = 0.0
    program: str = "gmail"
    charset: str = "utf-8"
    transfer: str = "quoted-printable"
    answers: tuple[str, ...] = ()
    """What they write back to our replies, one after another; nobody is silent but by having none left."""


@dataclass(frozen=True, slots=True)
class Written:
    """One mail of a conversation; `sender` is empty for the customer, `us` for the team, else `Name <address>`.

    `{address}` and `{domain}` in the texts stand for the shared mailbox, and
    `{quote}` in HTML for the mail before.
    """

    age: timedelta
    subject: str
    text: str = ""
    html: str = ""
    sender: str = ""
    quote: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    attachments: tuple[dict[str, str], ...] = ()
    bounce: dict[str, str] = field(default_factory=dict)
    """The `status` and `diagnostic` of a delivery report about the mail before."""

    @property
    def is_ours(self) -> bool:
        """True for what the team sent from the shared mailbox."""
        return self.sender == US


@dataclass(frozen=True, slots=True)
class Conversation:
    """A customer and their mails, oldest first."""

    name: str
    customer: Customer
    mails: tuple[Written, ...]
    colleague: str = ""
    """What a colleague would answer, where the conversation says."""

    @property
    def token(self) -> str:
        """What the Message-IDs of this conversation begin with."""
        return _token(self.name)


def conversations() -> tuple[Conversation, ...]:
    """Return the conversations the demo's mailbox begins with, ordered by name."""
    return _read("conversations")


def arrivals() -> tuple[Conversation, ...]:
    """Return those that begin while somebody works in the demo, in the order they come."""
    return _read("arrivals")


@cache
def _read(place: str) -> tuple[Conversation, ...]:
    folder = files("supportterm.demo") / place
    found = (entry for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(
        _conversation(entry.name.removesuffix(".toml"), tomllib.loads(entry.read_text(encoding="utf-8")))
        for entry in sorted(found, key=lambda entry: entry.name)
    )


def conversation_of(message_ids: tuple[str, ...]) -> Conversation | None:
    """Return the conversation that these Message-IDs (without brackets) belong to, the last one first."""
    by_token = {conversation.token: conversation for conversation in (*conversations(), *arrivals())}
    tokens = (message_id.partition(".")[0] for message_id in reversed(message_ids))
    return next((by_token[token] for token in tokens if token in by_token), None)


def age(text: str) -> timedelta:
    """Read an age like `35m`, `2h` or `3d4h`.

    Raises:
        ValueError: it is not written so.
    """
    if not re.fullmatch(r"(\d+[dhm])+", text):
        raise ValueError(f"{text!r} is not an age: write 35m, 2h or 3d4h.")
    units = {"d": "days", "h": "hours", "m": "minutes"}
    return timedelta(**{units[unit]: int(number) for number, unit in re.findall(r"(\d+)([dhm])", text)})


def _conversation(name: str, data: dict[str, Any]) -> Conversation:
    customer = data["customer"]
    return Conversation(
        name,
        Customer(**{**customer, "answers": tuple(customer.get("answers", ()))}),
        tuple(_written(mail) for mail in data["mail"]),
        data.get("colleague", ""),
    )


def _written(data: dict[str, Any]) -> Written:
    return Written(**{**data, "age": age(data["age"]), "attachments": tuple(data.get("attachments", ()))})


def _token(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:14]
