"""imapclient with every byte passing through a `Wire`: greeting, capabilities, STARTTLS, sign-in, APPEND."""

from __future__ import annotations

import imaplib
import logging
import re
import socket
import ssl
from typing import Any

from imapclient import IMAPClient

from supportterm.config import Server
from supportterm.mail.errors import CertificateError, ConnectionFailedError, ProtocolError, SignInError
from supportterm.mail.faults import check_in_clear, clean_text, tls_context
from supportterm.mail.imap.responses import quoted
from supportterm.mail.imap.wire import Wire

# Its complaints repeat the server's words, which may repeat the password.
logging.getLogger("imapclient").propagate = False
logging.getLogger("imapclient").addHandler(logging.NullHandler())

_TERSE = re.compile(rb"\A(\w+ (?:OK|NO|BAD))\r\n\Z")
_NOT_NOW = ("UNAVAILABLE", "LIMIT", "INUSE", "SERVERBUG")
"""Response codes that blame the server, not the password (RFC 5530 section 3)."""


class _Imap4(imaplib.IMAP4):
    """imaplib's command machine over a wire, without its log of commands: that would hold the password."""

    def __init__(self, wire: Wire, host: str, port: int) -> None:
        self.wire = wire
        super().__init__(host, port)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        self.host = host
        self.port = port
        self.sock = self.wire.socket

    def read(self, size: int) -> bytes:
        return self.wire.read(size)

    def readline(self) -> bytes:
        line = self.wire.readline()
        if line[:5].upper() == b"* BYE":
            raise ConnectionFailedError(f"{self.host} takes no connections just now ({clean_text(line[5:])}).")
        # imaplib wants words behind the status, which some servers leave out.
        return _TERSE.sub(rb"\1 \r\n", line)

    def send(self, data: Any) -> None:
        self.wire.send(bytes(data))

    def shutdown(self) -> None:
        self.wire.close()

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        """Go over to TLS and forget all that was said before it (RFC 3501 6.2.1)."""
        if ssl_context is None:
            raise ssl.SSLError("no TLS settings")
        status, said = self._simple_command("STARTTLS")
        if status == "OK":
            self.wire.secure(ssl_context)
            self.sock = self.wire.socket
            self._tls_established = True
            self.untagged_responses.clear()
            self._get_capabilities()
        return status, said

    def _log(self, line: object) -> None:
        pass

    def _mesg(self, s: object, secs: object = None) -> None:
        pass


class Client(IMAPClient):  # type: ignore[misc]  # imapclient has no types
    """A signed-in imapclient whose socket is guarded.

    Raises from construction: the members of `MailError` that name what is
    wrong with the address, the certificate or the sign-in, or whatever the
    library lets through; the caller translates that.
    """

    def __init__(self, server: Server, wire: Wire) -> None:
        self.server = server
        self.wire = wire
        if server.security == "tls":
            wire.secure(tls_context(server))
        check_in_clear(server, wire.socket.getpeername()[0])
        super().__init__(server.host, server.port, ssl=False)
        self._imap.debug = 0
        if server.security == "starttls":
            self._go_secure()

    def _create_IMAP4(self) -> _Imap4:  # noqa: N802 - imapclient's name
        return _Imap4(self.wire, self.server.host, self.server.port)

    def _set_read_timeout(self) -> None:
        """Leave the socket alone: the wire sets its own times."""

    def socket(self) -> socket.socket:
        """Return the wire's socket."""
        return self.wire.socket

    def _go_secure(self) -> None:
        host = self.server.host
        if self._imap.state != "NONAUTH":
            raise CertificateError(
                f"{host} signed us in before the connection was secured. Nothing was sent; use port 993."
            )
        if not self.has_capability("STARTTLS"):
            raise CertificateError(
                f"{host} does not offer STARTTLS on port {self.server.port}. Nothing was sent in clear; use "
                'port 993 with security = "tls".'
            )
        try:
            self.starttls(tls_context(self.server))
        except (imaplib.IMAP4.abort, ConnectionFailedError):
            raise
        except imaplib.IMAP4.error as error:
            raise CertificateError(
                f"{host} refused STARTTLS ({clean_text(str(error))}). Nothing was sent in clear; try port 993."
            ) from None

    def sign_in(self, user: str, password: str) -> None:
        """Sign in by LOGIN, or by AUTHENTICATE PLAIN where LOGIN is switched off or cannot carry the password.

        Raises:
            SignInError: the server refused the name or the password, or takes none.
            ConnectionFailedError: it refused for a reason of its own (RFC 5530).
        """
        if self._imap.state == "AUTH":
            return
        host = self.server.host
        plain = self.has_capability("AUTH=PLAIN")
        closed = self.has_capability("LOGINDISABLED")
        if not plain and (closed or not (user + password).isascii()):
            why = "takes no passwords here" if closed else "takes only plain letters and digits in passwords"
            raise SignInError(f'{host} {why}. Use security = "tls", or ask its keeper for another way to sign in.')
        try:
            if closed or not (user + password).isascii():
                self.plain_login(user, password)
            else:
                self.login(quoted(user).decode("ascii"), password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            said = clean_text(str(error), secret=password)
            if any(f"[{code}]" in said.upper() for code in _NOT_NOW):
                raise ConnectionFailedError(
                    f"{host} takes no sign-ins just now ({said}). It will be tried again."
                ) from None
            if " command error: BAD" in said:
                raise ProtocolError(f"{host} did not understand the sign-in ({said}). Check `port`.") from None
            raise SignInError(
                f"{host} refused the sign-in of {clean_text(user)} ({said}). Check `user` and the password; many "
                "services want an app password."
            ) from None
