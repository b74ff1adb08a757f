"""From whatever a library or the system raised to the one family of errors a person is told about."""

from __future__ import annotations

import socket
import ssl
import unicodedata

from supportterm.config import Server, is_loopback
from supportterm.mail.errors import (
    CertificateError,
    ConnectionFailedError,
    MailError,
    ProtocolError,
    UnsafeTextError,
)

TEXT_LIMIT = 300
"""Characters of a server's own words that are kept."""


def clean_text(text: str | bytes, secret: str = "") -> str:
    """Make a server's words fit for a line on screen: no control, format or surrogate characters, one space for many.

    `secret` is blotted out wherever the server repeats it.
    """
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    if secret:
        shown = shown.replace(secret, "***")
    # Lone surrogates, controls and separators: everything Unicode files under C or as a line of its own.
    shown = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in shown[: 4 * TEXT_LIMIT])
    shown = " ".join(shown.split())
    return shown if len(shown) <= TEXT_LIMIT else shown[: TEXT_LIMIT - 1] + "…"


def no_controls(text: str, what: str) -> str:
    """Return `text` unchanged if a mail command can carry it.

    Raises:
        UnsafeTextError: it holds a line break, another control character or a lone surrogate.
    """
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):
        raise UnsafeTextError(f"The {what} holds a line break or control character. Take it out and try again.")
    return text


def tls_context(server: Server) -> ssl.SSLContext:
    """Make the TLS settings for a server: verified against its `ca_file` if it names one, else the system's.

    Raises:
        CertificateError: the `ca_file` cannot be read.
    """
    try:
        return ssl.create_default_context(cafile=str(server.ca_file) if server.ca_file else None)
    except (OSError, ValueError):
        raise CertificateError(
            f"The ca_file {server.ca_file} cannot be used. Check that it is a PEM file you may read."
        ) from None


def check_in_clear(server: Server, peer: str) -> None:
    """Let a connection stay in clear only where the address it leads to, `peer`, is this machine.

    Raises:
        CertificateError: it leads elsewhere.
    """
    if server.security == "plaintext-on-loopback" and not is_loopback(peer):
        raise CertificateError(f'{server.host} is not this machine. Use security = "tls" for it. Nothing was sent.')


def as_mail_error(error: BaseException, server: Server, *, connecting: bool = False) -> MailError:
    """Say what an exception means for a person; total.

    `connecting` is true until the connection is secured: TLS trouble is then
    a matter of trust, later it is a lost connection.
    """
    chain = _chain(error)
    for cause in chain:
        if isinstance(cause, MailError):
            return cause
        if isinstance(cause, ssl.SSLCertVerificationError):
            return CertificateError(
                f"The certificate of {server.host} cannot be trusted ({clean_text(cause.verify_message)}). "
                "Check `host`, or name your own authority in `ca_file`. Nothing was sent."
            )
    for cause in reversed(chain):
        if known := _known(cause, server, connecting=connecting):
            return known
    return ProtocolError(
        f"{server.host} said something no mail server should ({type(error).__name__}). "
        "The connection was closed; it will be tried again."
    )


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and len(chain) < 10:
        chain.append(step)
        step = step.__cause__ or step.__context__
    return chain


def _known(error: BaseException, server: Server, *, connecting: bool) -> MailError | None:
    place = f"{server.host}, port {server.port}"
    if isinstance(error, ssl.SSLError) and connecting and not isinstance(error, (ssl.SSLEOFError, TimeoutError)):
        return CertificateError(
            f"{place}, does not speak TLS as asked. Check `port` and `security` (usually 993 or 465 with "
            '"tls", 143 or 587 with "starttls"). Nothing was sent in clear.'
        )
    if isinstance(error, socket.gaierror):
        return ConnectionFailedError(f"No server named {server.host} was found. Check `host`, or the network.")
    if isinstance(error, ConnectionRefusedError):
        return ConnectionFailedError(f"{place}, takes no connections. Check `port`, or try again later.")
    if isinstance(error, TimeoutError):
        return ConnectionFailedError(
            f"{place}, did not answer within {server.timeout_seconds:g} seconds. "
            "Check the network; it will be tried again."
        )
    if isinstance(error, OSError):
        reason = clean_text(error.strerror or "") or "it was closed"
        if connecting:
            return ConnectionFailedError(f"{place}, could not be reached: {reason}. Check `host` and `port`.")
        return ConnectionFailedError(f"The connection to {place}, was lost: {reason}. It will be tried again.")
    return None
