"""What can go wrong with a mail server, as facts; each text says what to do."""

from __future__ import annotations

from supportterm.domain.errors import MailError

__all__ = ["CertificateError", "ConnectionFailedError", "MailError", "ProtocolError", "SignInError"]


class ConnectionFailedError(MailError):
    """The server could not be reached, or the connection was lost: try again later."""


class CertificateError(MailError):
    """The server's certificate was refused, or it does not offer TLS: never retried in clear."""


class SignInError(MailError):
    """The server refused the user name or password: retrying would lock the account."""


class ProtocolError(MailError):
    """The server said something no mail server should: the connection was closed, what came before is kept."""
