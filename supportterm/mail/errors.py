"""What can go wrong with a mail server, as facts; each text says what to do."""

from __future__ import annotations

from supportterm.domain.errors import MailError

__all__ = [
    "CertificateError",
    "ConnectionFailedError",
    "FolderError",
    "MailError",
    "ProtocolError",
    "SignInError",
    "UnsafeTextError",
]


class ConnectionFailedError(MailError):
    """The server could not be reached, or the connection was lost: try again later."""


class CertificateError(MailError):
    """The server's certificate was refused, or it does not offer TLS: never retried in clear."""


class SignInError(MailError):
    """The server refused the user name or password: retrying would lock the account."""


class ProtocolError(MailError):
    """The server said something no mail server should: the connection was closed, what came before is kept."""


class FolderError(MailError):
    """The server refused what was asked of one folder: the connection stands, other folders are untouched."""


class UnsafeTextError(MailError):
    """A name, term or address holds what a mail command cannot carry: nothing was sent."""
