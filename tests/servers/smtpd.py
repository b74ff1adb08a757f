"""An SMTP server on loopback that keeps what it takes, and fails where it is told to."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from supportterm.config import Server
from tests.servers.certificate import Certificate

End = Literal["", "drop before dot", "drop after dot", "hang after dot", "drop at data"]


@dataclass
class Taken:
    """One mail the server has taken for good."""

    sender: str
    recipients: list[str]
    raw: bytes


@dataclass
class Faults:
    """What goes wrong, until it is set right: replies like "451 later" by recipient or for DATA, or a lost line."""

    recipients: dict[str, str] = field(default_factory=dict)
    sender: str = ""
    data: str = ""
    after_data: str = ""
    end: End = ""


class SmtpServer:
    """An aiosmtpd in a thread: `taken` holds the mails, `attempts` counts sign-ins, `faults` says what to break.

    With `user` it wants AUTH; with `certificate` it offers STARTTLS, and wants it before AUTH.
    """

    def __init__(
        self, *, user: str = "", password: str = "", certificate: Certificate | None = None, port: int = 0
    ) -> None:
        self.user = user
        self.password = password
        self.taken: list[Taken] = []
        self.faults = Faults()
        self.connections = 0
        self.attempts = 0
        self._running = False
        self._certificate = certificate
        context: ssl.SSLContext | None = certificate.server_context() if certificate else None
        options: dict[str, Any] = {"enable_SMTPUTF8": False, "tls_context": context}
        if user:
            options |= {
                "authenticator": self._check,
                "auth_required": True,
                "auth_require_tls": context is not None,
            }
        self._controller = _Controller(self, options, port)

    def start(self) -> SmtpServer:
        """Listen on a free port of 127.0.0.1."""
        self._controller.start()
        self._running = True
        self.connections = 0  # the controller's own, which tries it
        return self

    def stop(self) -> None:
        """Stop listening and close what is open."""
        if self._running:
            self._running = False
            self._controller.stop()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._controller.port)

    def server(self, timeout: float = 5.0) -> Server:
        """Describe it as a configuration would."""
        if self._certificate is None:
            return Server("127.0.0.1", self.port, "plaintext-on-loopback", self.user, timeout_seconds=timeout)
        return Server(
            "127.0.0.1", self.port, "starttls", self.user, ca_file=self._certificate.cert, timeout_seconds=timeout
        )

    def _check(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        self.attempts += 1
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (
            self.user.encode(),
            self.password.encode(),
        )
        return AuthResult(success=right, handled=right)


class _Controller(Controller):
    def __init__(self, owner: SmtpServer, options: dict[str, Any], port: int) -> None:
        self._owner = owner
        self._options = options
        super().__init__(_Handler(owner), hostname="127.0.0.1", port=port)

    def factory(self) -> SMTP:
        self._owner.connections += 1
        return _Smtp(self.handler, **self._options)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class _Smtp(SMTP):
    """aiosmtpd that can lose the line at DATA and before the final dot."""

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        faults = self.event_handler.owner.faults
        if faults.data:
            await self.push(faults.data)
        elif faults.end == "drop at data":
            self.transport.abort()
        elif faults.end == "drop before dot":
            await self.push("354 go on")
            await self._reader.read(1)
            self.transport.abort()
        else:
            await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, owner: SmtpServer) -> None:
        self.owner = owner

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.owner.faults.sender:
            return self.owner.faults.sender
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if fault := self.owner.faults.recipients.get(address):
            if fault.startswith("421"):
                asyncio.get_running_loop().call_later(0.05, server.transport.close)
            return fault
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        faults = self.owner.faults
        if faults.after_data:
            return faults.after_data
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.owner.taken.append(Taken(envelope.mail_from or "", list(envelope.rcpt_tos), content))
        if faults.end == "drop after dot":
            server.transport.abort()
        elif faults.end == "hang after dot":
            await asyncio.sleep(3600)
        return "250 taken"
