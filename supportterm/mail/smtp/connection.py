"""A connection to an SMTP server: secured, greeted and signed in, or not at all."""

from __future__ import annotations

import asyncio

import aiosmtplib
from aiosmtplib import SMTP

from supportterm.config import Server
from supportterm.mail.errors import CertificateError, ConnectionFailedError, MailError, SignInError
from supportterm.mail.faults import as_mail_error, check_in_clear, clean_text, no_controls, tls_context

_HELLO = "[127.0.0.1]"
"""Said in EHLO (RFC 5321 section 4.1.3): names no machine and asks no resolver."""


async def open_connection(server: Server, user: str, password: str) -> SMTP:
    """Connect, secure and, where there is a user, sign in: all within the server's timeout.

    Raises:
        MailError: says which of these failed; whatever else the library lets through, the caller translates.
    """
    no_controls(user, "user name")
    no_controls(password, "password")
    smtp = SMTP(
        hostname=server.host.strip("[]"),
        port=server.port,
        local_hostname=_HELLO,
        timeout=server.timeout_seconds,
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        tls_context=None if server.security == "plaintext-on-loopback" else tls_context(server),
    )
    try:
        async with asyncio.timeout(server.timeout_seconds):
            await _secure(smtp, server, password)
            try:
                await smtp.ehlo()
            except aiosmtplib.SMTPHeloError:
                await smtp.helo()
            if user:
                await _sign_in(smtp, server, user, password)
    except BaseException:
        smtp.close()
        raise
    return smtp


async def _secure(smtp: SMTP, server: Server, password: str) -> None:
    try:
        await smtp.connect()
    except Exception as error:
        raise _not_open(error, server, password) from None
    check_in_clear(server, smtp.get_transport_info("peername")[0])
    if server.security != "plaintext-on-loopback" and smtp.get_transport_info("sslcontext") is None:
        raise CertificateError(f"The connection to {server.host} was not secured. Nothing was sent.")


def _not_open(error: Exception, server: Server, password: str) -> MailError:
    if isinstance(error, aiosmtplib.SMTPConnectResponseError):
        said = f"{error.code} {clean_text(error.message, secret=password)}"
        return ConnectionFailedError(f"{server.host} takes no mail just now ({said}). It will be tried again.")
    # The library tells these two apart from lost connections by nothing but their exact class.
    unoffered_or_refused = type(error) in (aiosmtplib.SMTPException, aiosmtplib.SMTPResponseException)
    if server.security == "starttls" and unoffered_or_refused:
        return CertificateError(
            f"{server.host} does not go over to TLS on port {server.port}. Nothing was sent in clear; use port 465 "
            'with security = "tls".'
        )
    return as_mail_error(error, server, connecting=True)


async def _sign_in(smtp: SMTP, server: Server, user: str, password: str) -> None:
    """Sign in by one method: trying each in turn would count as several wrong passwords."""
    methods = {"plain": smtp.auth_plain, "login": smtp.auth_login, "cram-md5": smtp.auth_crammd5}
    method = next((methods[name] for name in methods if name in smtp.server_auth_methods), None)
    if method is None:
        raise SignInError(f"{server.host} offers no way to sign in with a password. Check `port` and `security`.")
    try:
        await method(user, password)
    except aiosmtplib.SMTPAuthenticationError as error:
        said = f"{error.code} {clean_text(error.message, secret=password)}"
        if error.code // 100 == 4:
            raise ConnectionFailedError(
                f"{server.host} takes no sign-ins just now ({said}). It will be tried again."
            ) from None
        raise SignInError(
            f"{server.host} refused the sign-in of {clean_text(user)} ({said}). Check `user` and the password; many "
            "services want an app password."
        ) from None
