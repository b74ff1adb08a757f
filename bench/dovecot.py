"""A private Dovecot 2.3 on loopback: its own folder, a free port, one throw-away password."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.mailbox import ADDRESS
from bench.registry import BenchError

PATIENCE_SECONDS = 20.0
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login_user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail
mail_max_userip_connections = 50
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service stats {{
  chroot =
}}
"""


@dataclass(slots=True)
class Dovecot:
    """Serves one Maildir as INBOX to the user `ADDRESS`; `with` starts and stops it."""

    messages: Path
    host: str = "127.0.0.1"
    port: int = 0
    user: str = ADDRESS
    folder: Path = Path()
    password: str = field(default_factory=lambda: secrets.token_hex(8), repr=False)
    _process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Dovecot:
        places = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
        program = shutil.which("dovecot", path=places)
        if not program:
            raise BenchError("Dovecot is not installed: on Debian, apt-get install dovecot-imapd.")
        self.folder = Path(tempfile.mkdtemp(prefix="bench-dovecot-"))
        shutil.copytree(self.messages, self.folder / "mail")
        (self.folder / "home").mkdir()
        self.port = _free_port()
        config = self.folder / "dovecot.conf"
        facts = {"folder": self.folder, "port": self.port, "password": self.password, **self._accounts()}
        config.write_text(_CONFIG.format(**facts))
        config.chmod(0o600)
        self._process = subprocess.Popen([program, "-F", "-c", str(config)], stderr=subprocess.DEVNULL)
        try:
            self._await()
        except BenchError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(timeout=PATIENCE_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self) -> imaplib.IMAP4:
        """Return a signed-in connection with INBOX selected."""
        connection = imaplib.IMAP4(self.host, self.port)
        connection.login(self.user, self.password)
        connection.select("INBOX")
        return connection

    def warm(self) -> int:
        """Have the server index the mailbox, so that every contender meets the same server; return its messages."""
        connection = self.connect()
        _, found = connection.select("INBOX")
        connection.fetch("1:*", "(ENVELOPE RFC822.SIZE)")
        connection.logout()
        return int(found[0] or 0)

    def _accounts(self) -> dict[str, str | int]:
        """As root: Debian's `mail` owns the mail, `dovecot` runs the rest; else all is the person's own."""
        mine = pwd.getpwuid(os.geteuid())
        internal = login = mail = mine
        if mine.pw_uid == 0:
            internal, login, mail = (pwd.getpwnam(name) for name in ("dovecot", "dovenull", "mail"))
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, mail.pw_uid, mail.pw_gid)
        return {
            "user": internal.pw_name,
            "group": grp.getgrgid(internal.pw_gid).gr_name,
            "login_user": login.pw_name,
            "uid": mail.pw_uid,
            "gid": mail.pw_gid,
        }

    def _await(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.connect().logout()
            except (OSError, imaplib.IMAP4.error):
                if time.monotonic() > until:
                    log = self.folder / "dovecot.log"
                    said = log.read_text()[-800:] if log.exists() else "it wrote no log"
                    raise BenchError(f"Dovecot did not start: {said}") from None
                time.sleep(0.05)
            else:
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
