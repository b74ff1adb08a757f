"""A private Dovecot 2.3 on loopback: its own folder, ports, users and certificate."""

from __future__ import annotations

import getpass
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Literal

from supportterm.config import Server
from tests.servers.certificate import make_certificate

_CONFIG = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = {uid}
mail_location = maildir:{base}/mail/%u
mail_max_userip_connections = 200
mailbox_list_index = yes
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {base}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/home/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    {special_use}
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def missing() -> str:
    """Say why Dovecot cannot be started here; empty where it can."""
    if shutil.which("dovecot") is None and not Path("/usr/sbin/dovecot").exists():
        return "Dovecot is not installed (Debian: apt-get install dovecot-imapd)"
    if shutil.which("openssl") is None:
        return "the openssl command is not installed"
    version = subprocess.run([_binary(), "--version"], capture_output=True, text=True, check=False).stdout
    return "" if version.startswith("2.3") else f"Dovecot 2.3 is needed, this is {version.split(' ')[0] or 'unknown'}"


class Dovecot:
    """A Dovecot with one user (`user`, `password`), maildirs and two ports: `port` (STARTTLS) and `tls_port`.

    As root its mail belongs to `nobody`, else to the current user.
    """

    def __init__(self, *, special_use: bool = True) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.base.chmod(0o755)
        self.user = "desk"
        self.password = secrets.token_hex(8)
        self.port, self.tls_port = _free_port(), _free_port()
        self.certificate = make_certificate(self.base)
        self.certificate.key.chmod(0o600)
        root = os.geteuid() == 0
        me = "nobody" if root else getpass.getuser()
        owner = pwd.getpwnam(me)
        self._owner = (owner.pw_uid, owner.pw_gid)
        for name in ("mail", "home", "state", "run"):
            (self.base / name).mkdir(mode=0o755)
            if name in ("mail", "home"):
                os.chown(self.base / name, *self._owner)
        (self.base / "users").write_text(f"{self.user}:{self.password}\n")
        (self.base / "users").chmod(0o644)
        self._config = self.base / "dovecot.conf"
        self._config.write_text(
            _CONFIG.format(
                base=self.base,
                internal="dovecot" if root else me,
                internal_group="dovecot" if root else _group(owner.pw_gid),
                login="dovenull" if root else me,
                uid=owner.pw_uid,
                gid=owner.pw_gid,
                cert=self.certificate.cert,
                key=self.certificate.key,
                port=self.port,
                tls_port=self.tls_port,
                special_use="special_use = \\Sent" if special_use else "",
            )
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Dovecot:
        """Start it and wait until it greets."""
        self._process = subprocess.Popen([_binary(), "-F", "-c", str(self._config)], stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as probe:
                    probe.settimeout(2)
                    if probe.recv(100).startswith(b"* OK"):
                        return self
            except OSError:
                pass
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        log = self.base / "dovecot.log"
        raise RuntimeError(f"Dovecot did not start: {log.read_text()[-2000:] if log.exists() else 'no log'}")

    def stop(self) -> None:
        """Stop it and remove all it had."""
        self._end(signal.SIGTERM)
        shutil.rmtree(self.base, ignore_errors=True)

    def kill(self) -> None:
        """End it and every session at once, as a power cut would; the mail stays."""
        children = self._children()
        self._end(signal.SIGKILL)
        for child in children:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue
        (self.base / "run" / "master.pid").unlink(missing_ok=True)

    def restart(self) -> None:
        """Kill it and start it anew on the same ports with the same mail."""
        self.kill()
        self.start()

    def server(
        self,
        security: Literal["tls", "starttls", "plaintext-on-loopback"] = "plaintext-on-loopback",
        timeout: float = 10.0,
    ) -> Server:
        """Describe it as a configuration would."""
        return Server(
            "127.0.0.1",
            self.tls_port if security == "tls" else self.port,
            security,
            self.user,
            ca_file=self.certificate.cert,
            timeout_seconds=timeout,
        )

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        """Put a mail into a folder's maildir as a delivery agent would; the folder is made where it is missing."""
        self.deliver_all([raw], folder)

    def deliver_all(self, mails: list[bytes], folder: str = "INBOX") -> None:
        """Put many mails into a folder, in order."""
        place = self.maildir(folder)
        for part in ("", "cur", "new", "tmp"):
            (place / part).mkdir(mode=0o755, parents=True, exist_ok=True)
            os.chown(place / part, *self._owner)
        os.chown(self.base / "mail" / self.user, *self._owner)
        stamp = time.time_ns()
        for number, raw in enumerate(mails):
            name = f"{stamp // 10**9}.M{stamp // 1000 % 10**6:06}P{number:06}{secrets.token_hex(3)}.test"
            (place / "tmp" / name).write_bytes(raw.replace(b"\r\n", b"\n"))
            os.chown(place / "tmp" / name, *self._owner)
            (place / "tmp" / name).rename(place / "new" / name)

    def maildir(self, folder: str) -> Path:
        """Return where a folder (named in ASCII) keeps its mails."""
        home = self.base / "mail" / self.user
        return home if folder.upper() == "INBOX" else home / f".{folder.replace('/', '.')}"

    def _children(self) -> list[int]:
        if self._process is None:
            return []
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._process.pid)], capture_output=True, text=True, check=False
        )
        return [int(pid) for pid in found.stdout.split()]

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
            self._process = None


def _binary() -> str:
    return shutil.which("dovecot") or "/usr/sbin/dovecot"


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
