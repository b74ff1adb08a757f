"""A mail handed over step by step, so that what became of each recipient is always known."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from supportterm.config import Server
from supportterm.domain.mail_size import of_limit
from supportterm.mail.errors import SignInError, UnsafeTextError
from supportterm.mail.faults import as_mail_error, clean_text
from supportterm.mail.gateway import Answer, Delivery, Envelope, Transport

if TYPE_CHECKING:
    from aiosmtplib import SMTP, SMTPResponse

SLOWEST = 8192
"""Bytes a second below which handing over a mail counts as stuck."""
_PATIENCE = 2.0
"""Seconds a recipient adds to the time in which all must be answered for."""
_PIECE = 64 << 10
_END = b".\r\n"
_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f]{1,254}")
_LINE_END = re.compile(rb"\r\n|\r|\n")

Answers = dict[str, tuple[Answer, int, str]]


class SmtpTransport(Transport):
    """One SMTP connection (see `Transport`); nothing is loaded and no socket opened before the first mail.

    A connection that was dropped while idle is replaced unnoticed.
    """

    def __init__(self, server: Server, user: str, password: str) -> None:
        self._server = server
        self._user = user
        self._password = password
        self._smtp: SMTP | None = None
        self._limit: int | None = None

    async def deliver(self, envelope: Envelope, before_end: Callable[[], Awaitable[None]]) -> Delivery:
        """Send one mail; `before_end` is awaited when all but the final dot is handed over.

        Raises:
            MailError: before DATA: nothing was sent. What `before_end` raises passes through, nothing sent either.
        """
        try:
            answers = await self._guarded(self._envelope(envelope))
            standing = [address for address, (answer, _, _) in answers.items() if answer is Answer.ACCEPTED]
            if standing:
                answers |= dict.fromkeys(standing, await self._data(envelope.raw, before_end))
            else:
                await self._start_over()
        except BaseException:
            # Whatever ended the transaction left it half said: the next mail gets a connection of its own.
            self._drop()
            raise
        return Delivery({address: answers[address] for address in envelope.recipients}, self._limit)

    async def size_limit(self) -> int | None:
        """Sign in and return the largest mail in bytes the server takes; 0: no limit, None: it does not say.

        Raises:
            MailError: the server cannot be reached or refuses.
        """
        try:
            await self._ready()
        except Exception as error:
            self._drop()
            raise as_mail_error(error, self._server) from None
        return self._limit

    async def close(self) -> None:
        """Sign out and close; never raises."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(1.0):
                    await smtp.quit()
            smtp.close()

    # -- before DATA

    async def _guarded(self, step: Awaitable[Answers]) -> Answers:
        try:
            return await step
        except Exception as error:
            self._drop()
            raise as_mail_error(error, self._server) from None

    async def _envelope(self, envelope: Envelope) -> Answers:
        """Say MAIL and RCPT, once more on a new connection where the kept one turns out to be gone."""
        from aiosmtplib import SMTPServerDisconnected

        kept = self._smtp is not None and self._smtp.is_connected
        limit = self._server.timeout_seconds + _PATIENCE * len(envelope.recipients)
        while True:
            try:
                smtp = await self._ready()
                async with asyncio.timeout(limit):
                    return await self._recipients(smtp, envelope, kept=kept)
            except SMTPServerDisconnected:
                if not kept:
                    raise
                kept = False
                self._drop()

    async def _recipients(self, smtp: SMTP, envelope: Envelope, *, kept: bool) -> Answers:
        from aiosmtplib import SMTPServerDisconnected

        sender = envelope.sender
        international = smtp.supports_extension("smtputf8")
        answers: Answers = {address: _unfit(address, international=international) for address in envelope.recipients}
        fit = [address for address, (answer, _, _) in answers.items() if answer is Answer.ACCEPTED]
        if not fit:
            return answers
        if sender and _unfit(sender, international=international)[0] is not Answer.ACCEPTED:
            raise UnsafeTextError(f"{clean_text(sender)} cannot send through {self._server.host}. Check `address`.")
        if self._limit and self._limit < len(envelope.raw):
            said = f"{self._server.host} takes no mail so large: {of_limit(len(envelope.raw), self._limit)}."
            return answers | dict.fromkeys(fit, (Answer.REFUSED, 0, said))
        refusal = await self._step(smtp, b"MAIL", b"FROM:<" + sender.encode() + b">", *self._options(smtp, envelope))
        if refusal is not None:
            if refusal[1] == 421 and kept:
                raise SMTPServerDisconnected("The server had left before this mail.")
            if refusal[1] in (530, 534, 535, 538):
                raise SignInError(
                    f"{self._server.host} wants a sign-in before it takes mail ({refusal[2]}). Set `user`."
                )
            return answers | dict.fromkeys(fit, refusal)
        silence = [b"NOTIFY=NEVER"] if not sender and smtp.supports_extension("dsn") else []
        for address in fit:
            refusal = await self._step(smtp, b"RCPT", b"TO:<" + address.encode() + b">", *silence)
            if refusal is not None:
                answers[address] = refusal
                if refusal[1] == 421:
                    # The server has left: what stood before it stands no more.
                    standing = [each for each in fit if answers[each][0] is Answer.ACCEPTED]
                    answers |= dict.fromkeys(standing, refusal)
                    break
        return answers

    def _options(self, smtp: SMTP, envelope: Envelope) -> list[bytes]:
        options = []
        if smtp.supports_extension("size"):
            options.append(b"SIZE=%d" % len(envelope.raw))
        if smtp.supports_extension("8bitmime") and not envelope.raw.isascii():
            options.append(b"BODY=8BITMIME")
        if not "".join((envelope.sender, *envelope.recipients)).isascii() and smtp.supports_extension("smtputf8"):
            options.append(b"SMTPUTF8")
        return options

    async def _step(self, smtp: SMTP, *words: bytes) -> tuple[Answer, int, str] | None:
        """Say one command; None where it is taken, else the refusal."""
        said = await smtp.execute_command(*words)
        return None if 200 <= said.code < 300 else self._answer(said)

    async def _start_over(self) -> None:
        """Clear a transaction that came to nothing, so that the next mail may use the connection."""
        try:
            if self._smtp is not None and self._smtp.is_connected:
                await self._step(self._smtp, b"RSET")
        except Exception:
            self._drop()

    # -- DATA and after

    async def _data(self, raw: bytes, before_end: Callable[[], Awaitable[None]]) -> tuple[Answer, int, str]:
        """Hand the mail over: until its final dot (RFC 5321 section 4.1.1.4) nothing is sent; then the answer says."""
        from aiosmtplib import SMTPException

        unsent = (Answer.LATER, 0, "The connection was lost before the mail was handed over.")
        smtp, protocol = self._smtp, self._smtp.protocol if self._smtp else None
        if smtp is None or protocol is None:
            return unsent
        try:
            said = await smtp.execute_command(b"DATA")
        except (SMTPException, OSError, ValueError):
            self._drop()
            return unsent
        if said.code != 354:
            self._drop()
            answer = self._answer(said)
            return answer if answer[0] is not Answer.UNCERTAIN else (Answer.LATER, *answer[1:])
        body = dot_stuffed(raw).removesuffix(_END)
        try:
            async with asyncio.timeout(self._server.timeout_seconds + len(body) / SLOWEST):
                for start in range(0, len(body), _PIECE):
                    protocol.write(body[start : start + _PIECE])
                    async with asyncio.timeout(self._server.timeout_seconds):
                        # What asyncio.StreamWriter.drain awaits; the library has no public way to feel back-pressure.
                        await protocol._drain_helper()
        except Exception:
            self._drop()
            return unsent
        await before_end()
        try:
            protocol.write(_END)
            said = await protocol.read_response(timeout=self._server.timeout_seconds)
        except Exception:
            self._drop()
            return (Answer.UNCERTAIN, 0, "The connection was lost before the server said whether it took the mail.")
        answer = (Answer.ACCEPTED, said.code, self._clean(said.message)) if said.code == 250 else self._answer(said)
        if answer[0] is Answer.UNCERTAIN or said.code == 421:
            self._drop()
        return answer

    def _answer(self, said: SMTPResponse) -> tuple[Answer, int, str]:
        """Read a reply that is not the one hoped for (RFC 5321 section 4.2.1)."""
        kind = {4: Answer.LATER, 5: Answer.REFUSED}.get(said.code // 100, Answer.UNCERTAIN)
        return (kind, said.code if 100 <= said.code <= 599 else 0, self._clean(said.message))

    def _clean(self, text: str) -> str:
        return clean_text(text, secret=self._password)

    async def _ready(self) -> SMTP:
        if self._smtp is None or not self._smtp.is_connected:
            self._drop()
            from supportterm.mail.smtp.connection import open_connection

            self._smtp = await open_connection(self._server, self._user, self._password)
            self._limit = _limit(self._smtp)
        return self._smtp

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def dot_stuffed(raw: bytes) -> bytes:
    """Write a mail as DATA carries it: CRLF line ends only, leading dots doubled, the final dot (RFC 5321 4.5.2)."""
    body = _LINE_END.sub(b"\r\n", raw)
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", body) + _END


def _limit(smtp: SMTP) -> int | None:
    """Read what EHLO said of SIZE (RFC 1870 section 4); bare, it names no limit."""
    if not smtp.supports_extension("size"):
        return None
    said = smtp.esmtp_extensions.get("size", "").strip()
    return int(said[:18]) if said.isascii() and said.isdigit() else 0


def _unfit(address: str, *, international: bool) -> tuple[Answer, int, str]:
    """Say whether an address can be put into RCPT at all."""
    if not _ADDRESS.fullmatch(address):
        return (Answer.REFUSED, 0, f"{clean_text(address)!r} is no mail address. Correct it and send again.")
    try:
        address.encode()
    except UnicodeEncodeError:
        return (Answer.REFUSED, 0, f"{clean_text(address)!r} is no mail address. Correct it and send again.")
    if not address.isascii() and not international:
        return (
            Answer.REFUSED,
            0,
            f"{clean_text(address)} has letters this mail server cannot deliver to. Ask for another address.",
        )
    return (Answer.ACCEPTED, 0, "")
