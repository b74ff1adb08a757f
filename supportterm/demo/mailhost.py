"""The demo's mail server itself: pymap for IMAP and aiosmtpd for SMTP over one mailbox in memory, on loopback."""

from __future__ import annotations

import asyncio
import secrets
import ssl
from argparse import Namespace
from collections.abc import Sequence
from contextlib import AsyncExitStack, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from io import BytesIO
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from proxyprotocol.noop import ProxyProtocolNoop
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.backend.dict.mailbox import MailboxSet
from pymap.context import connection_exit
from pymap.imap import IMAPConnection
from pymap.imap.state import ConnectionState
from pymap.parsing.message import AppendMessage
from pymap.parsing.response import Response
from pymap.parsing.specials import FetchRequirement
from pymap.parsing.specials.flag import Flag
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from supportterm.demo.port import LOOPBACK, Connection, Port

LARGEST_MAIL = 64 * 1024 * 1024
NUDGE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Accepted:
    """A mail the SMTP side answered 250 for."""

    recipients: tuple[str, ...]
    raw: bytes
    at: datetime

    @property
    def message_id(self) -> str:
        """The Message-ID without brackets, empty where the mail has none."""
        return message_id(self.raw)


def message_id(raw: bytes) -> str:
    """Return a mail's Message-ID without brackets, empty where it has none."""
    return str(message_from_bytes(raw).get("Message-ID", "")).strip().strip("<>")


def _octets(content: str | bytes | None) -> bytes:
    return content.encode() if isinstance(content, str) else content or b""


class MailHost:
    """One account with INBOX and Sent, reachable over two loopback ports that can be shut and opened again."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.password = secrets.token_urlsafe(18)
        self.accepted: list[Accepted] = []
        self._config = _ImapConfig(
            Namespace(),
            host=LOOPBACK,
            port=0,
            tls_enabled=False,
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
            hash_context=Cleartext(),
            proxy_protocol=ProxyProtocolNoop(),
            demo_data=False,
            demo_user=address,
            demo_password=self.password,
        )
        self._login = Login(self._config)
        self._imap = Port(self._imap_connection)
        self._smtp = Port(self._smtp_connection)

    async def start(self) -> None:
        """Create the account and listen on two free ports."""
        self._config.apply_context()
        user = UserMetadata(self._config, self.address, password=self.password)
        await self._login.demo_user_identity.set(user)
        async with self._login.demo_user_identity.new_session() as session:
            self._mailboxes: MailboxSet = session.mailbox_set
        await self._mailboxes.add_mailbox("Sent")
        await self.network(up=True)
        self._nudge = asyncio.create_task(self._nudging())

    @property
    def imap_port(self) -> int:
        """The port IMAP listens on."""
        return self._imap.number

    @property
    def smtp_port(self) -> int:
        """The port SMTP listens on."""
        return self._smtp.number

    async def network(self, *, up: bool) -> None:
        """Open both ports, or cut what is connected and refuse what comes."""
        for door in (self._imap, self._smtp):
            if up:
                await door.open()
            else:
                door.shut()

    async def deliver(self, raw: bytes, folder: str, when: datetime, flags: Sequence[str] = ()) -> int:
        """Put a mail into a folder, making the folder where it is missing, and return its UID."""
        if folder.upper() != "INBOX" and folder not in await self.folders():
            await self._mailboxes.add_mailbox(folder)
        mailbox = await self._mailboxes.get_mailbox(folder)
        marks = frozenset(Flag(flag.encode("ascii")) for flag in flags)
        return (await mailbox.append(AppendMessage(raw, when, marks))).uid

    async def folders(self) -> list[str]:
        """Return the folders' names."""
        tree = await self._mailboxes.list_mailboxes()
        return [entry.name for entry in tree.list() if entry.exists]

    async def mails(self, folder: str) -> list[dict[str, Any]]:
        """Return what a folder holds, in the order it came; nothing where there is no such folder."""
        if folder.upper() != "INBOX" and folder not in await self.folders():
            return []
        mailbox = await self._mailboxes.get_mailbox(folder)
        found = []
        for message in [message async for message in mailbox.messages()]:
            raw = bytes(await message.load_content(FetchRequirement.CONTENT))
            found.append(
                {
                    "uid": message.uid,
                    "message_id": message_id(raw),
                    "flags": sorted(str(flag) for flag in message.permanent_flags),
                    "received_at": message.internal_date.astimezone(UTC).isoformat(),
                }
            )
        return found

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd looks its hooks up by this name
        """Accept a mail; what is addressed to this account comes back into its INBOX."""
        raw, now = _octets(envelope.content), datetime.now(UTC)
        self.accepted.append(Accepted(tuple(envelope.rcpt_tos), raw, now))
        if self.address.casefold() in (recipient.casefold() for recipient in envelope.rcpt_tos):
            await self.deliver(raw, "INBOX", now)
        return f"250 2.0.0 Ok: queued as {len(self.accepted)}"

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, how: str, data: Any) -> AuthResult:
        known = (
            isinstance(data, LoginPassword)
            and data.login == self.address.encode()
            and secrets.compare_digest(data.password, self.password.encode())
        )
        return AuthResult(success=known, handled=False)

    def _imap_connection(self) -> Connection:
        return Connection(asyncio.StreamReader(limit=LARGEST_MAIL), self._serve_imap)

    async def _serve_imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = SocketInfo.get(writer, None, unique_id=secrets.token_bytes(8))
        connection = _ImapConnection(self._config.commands, self._config, reader, writer, peer)
        async with AsyncExitStack() as stack:
            connection_exit.set(stack)
            stack.enter_context(closing(connection))
            await connection.run(ConnectionState(self._login, self._config))

    def _smtp_connection(self) -> Connection:
        return _SmtpConnection(
            self,
            hostname="localhost",
            ident="supportterm demo",
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
            auth_required=True,
            auth_require_tls=False,
            authenticator=self._authenticate,
            loop=asyncio.get_running_loop(),
        )

    async def _nudging(self) -> None:
        """Make every IDLE look again: pymap tells only of what arrives while it listens."""
        while True:
            await asyncio.sleep(NUDGE_SECONDS)
            for folder in await self.folders():
                (await self._mailboxes.get_mailbox(folder))._updated.set()


class _ImapConnection(IMAPConnection):
    """One IMAP connection that writes each response whole: clients read line by line and may not wait for the rest."""

    async def write_response(self, resp: Response) -> None:
        whole = BytesIO()
        await resp.async_write(whole)
        with suppress(ConnectionError):
            self.writer.write(whole.getvalue())
            await self.writer.drain()


class _SmtpConnection(Connection, SMTP):
    """One SMTP connection that can be cut."""


class _ImapConfig(Config):
    """The dict backend's configuration, with a greeting that asks no resolver for this machine's name."""

    @property
    def greeting(self) -> bytes:
        return b"supportterm demo ready"
