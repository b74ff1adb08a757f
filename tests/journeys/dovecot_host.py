"""A real Dovecot with an SMTP server beside it, as the demo's story asks of a mail server."""

import asyncio
import os
import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes

from imapclient import IMAPClient

from supportterm.demo.server import ADDRESS, AcceptedMail, ServerMail
from tests.servers.dovecot import Dovecot
from tests.servers.smtpd import SmtpServer

_MARKS = {"\\Answered": "R", "\\Seen": "S"}


class DovecotHost:
    """Both servers, over one account signed in to under its address; the network is cut by killing Dovecot."""

    def __init__(self) -> None:
        self.dovecot = Dovecot()
        self.user = ADDRESS
        self.password = self.dovecot.password
        self.dovecot.user = ADDRESS
        (self.dovecot.base / "users").write_text(f"{ADDRESS}:{self.password}\n")
        self.smtp = SmtpServer(user=ADDRESS, password=self.password)

    def start(self) -> "DovecotHost":
        """Start both."""
        self.dovecot.start()
        self.smtp.start()
        return self

    def stop(self) -> None:
        """Stop both and remove all they had."""
        self.smtp.stop()
        self.dovecot.stop()

    @property
    def imap_port(self) -> int:
        return self.dovecot.port

    @property
    def smtp_port(self) -> int:
        return self.smtp.port

    async def deliver(
        self, raw: bytes, folder: str = "INBOX", when: datetime | None = None, flags: Sequence[str] = ()
    ) -> int:
        """Put a mail into the maildir as a delivery agent would; its file's time is when it was received."""
        place = self.dovecot.maildir(folder)
        owner = (self.dovecot.base / "mail").stat()
        for path in (self.dovecot.maildir("INBOX"), place, *(place / part for part in ("cur", "new", "tmp"))):
            path.mkdir(mode=0o755, exist_ok=True)
            os.chown(path, owner.st_uid, owner.st_gid)
        stamp = time.time_ns()
        name = f"{stamp // 10**9}.M{stamp // 1000 % 10**6:06}P{secrets.token_hex(4)}.test"
        made = place / "tmp" / name
        made.write_bytes(raw.replace(b"\r\n", b"\n"))
        os.chown(made, owner.st_uid, owner.st_gid)
        received = (when or datetime.now(UTC)).timestamp()
        os.utime(made, (received, received))
        marks = "".join(sorted(_MARKS[flag] for flag in flags))
        made.rename(place / "cur" / f"{name}:2,{marks}" if marks else place / "new" / name)
        return 0

    async def network(self, up: bool) -> None:
        """Kill Dovecot with every session, or start it anew over the same mail."""
        await asyncio.to_thread(self.dovecot.start if up else self.dovecot.kill)

    async def accepted(self, after: int = 0) -> list[AcceptedMail]:
        """Return what the SMTP server took."""
        return [
            AcceptedMail(_id(mail.raw), tuple(mail.recipients), mail.raw, datetime.now(UTC))
            for mail in self.smtp.taken[after:]
        ]

    async def mails(self, folder: str) -> list[ServerMail]:
        """Return what a folder holds, as another mail program sees it."""
        return await asyncio.to_thread(self._mails, folder)

    def _mails(self, folder: str) -> list[ServerMail]:
        with IMAPClient("127.0.0.1", port=self.imap_port, ssl=False, timeout=10) as client:
            client.login(self.user, self.password)
            client.select_folder(folder, readonly=True)
            uids = client.search()
            found = client.fetch(uids, ["FLAGS", "INTERNALDATE", "BODY.PEEK[HEADER]"]) if uids else {}
        return [
            ServerMail(
                uid,
                _id(items[b"BODY[HEADER]"]),
                frozenset(flag.decode() for flag in items[b"FLAGS"]),
                items[b"INTERNALDATE"].astimezone(UTC),
            )
            for uid, items in sorted(found.items())
        ]


def _id(raw: bytes) -> str:
    return str(message_from_bytes(raw).get("Message-ID", "")).strip().strip("<>")
