"""What can be timed at fetching a mailbox: ours, and the peers that are installed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.dovecot import Dovecot
from bench.registry import BenchError

CHECKOUT = Path(__file__).resolve().parent.parent
OURS = (sys.executable, "-m", "supportterm")


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall time, and the peak memory of the largest process."""

    seconds: float
    peak_mb: float


class Contender(Protocol):
    """Fetches the server's mailbox into a folder of its own, first all of it, then what is new."""

    name: str

    def prepare(self, server: Dovecot, folder: Path) -> None:
        """Write the configuration, starting from nothing."""

    def sync(self) -> Cost:
        """Fetch what is new; raise BenchError when it cannot."""

    def held(self) -> int:
        """Return how many messages the copy holds."""


class Supportterm:
    """`supportterm sync --once`, store, threads, signals and index included."""

    name = "supportterm"

    def prepare(self, server: Dovecot, folder: Path) -> None:
        """Write config.toml with the store beside it."""
        self.config = write_config(server, folder)

    def sync(self) -> Cost:
        """Run one sync in a process of its own."""
        return run([*OURS, "--config", str(self.config), "sync", "--once"])

    def held(self) -> int:
        """Return how many messages are in the store's tickets."""
        store = self.config.with_name("store.sqlite3")
        if not store.exists():
            return 0
        with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
            made = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'message'").fetchone()[0]
            return int(connection.execute("SELECT count(*) FROM message").fetchone()[0]) if made else 0


class Mbsync:
    """isync's mbsync, pulling into a Maildir."""

    name = "mbsync"

    def prepare(self, server: Dovecot, folder: Path) -> None:
        """Write mbsyncrc for one channel, pulling INBOX."""
        self.mail = folder / "mail"
        self.mail.mkdir()
        self.rc = folder / "mbsyncrc"
        self.rc.write_text(
            f"IMAPAccount bench\nHost {server.host}\nPort {server.port}\nUser {server.user}\nPass {server.password}\n"
            f"SSLType None\nAuthMechs LOGIN\n\nIMAPStore far\nAccount bench\n\n"
            f"MaildirStore near\nPath {self.mail}/\nInbox {self.mail}/INBOX\n\n"
            "Channel bench\nFar :far:\nNear :near:\nPatterns INBOX\nCreate Near\nSync Pull\nSyncState *\n"
        )

    def sync(self) -> Cost:
        """Pull once."""
        return run(["mbsync", "--quiet", "--config", str(self.rc), "bench"])

    def held(self) -> int:
        """Return the Maildir's messages."""
        return sum(1 for part in ("cur", "new") for _ in (self.mail / "INBOX" / part).iterdir())


class MbsyncNotmuch(Mbsync):
    """The same, then `notmuch new`: threads and a full-text index."""

    name = "mbsync + notmuch"

    def prepare(self, server: Dovecot, folder: Path) -> None:
        """Write notmuch's configuration beside mbsync's."""
        super().prepare(server, folder)
        self.notmuch = folder / "notmuch-config"
        self.notmuch.write_text(
            f"[database]\npath={self.mail}\n[user]\nname=Bench\nprimary_email={server.user}\n"
            "[new]\ntags=unread;inbox\nignore=.mbsyncstate;.uidvalidity\n[maildir]\nsynchronize_flags=true\n"
        )

    def sync(self) -> Cost:
        """Pull once and index once."""
        pull = super().sync()
        index = run(["notmuch", "new", "--quiet"], NOTMUCH_CONFIG=str(self.notmuch))
        return Cost(pull.seconds + index.seconds, max(pull.peak_mb, index.peak_mb))

    def held(self) -> int:
        """Return the messages in notmuch's index."""
        environment = {**os.environ, "NOTMUCH_CONFIG": str(self.notmuch)}
        counted = subprocess.run(["notmuch", "count", "*"], env=environment, capture_output=True, text=True, check=True)
        return int(counted.stdout)


def write_config(server: Dovecot, folder: Path) -> Path:
    """Write our config.toml for the server, store.sqlite3 beside it, and return its path."""
    path = folder / "config.toml"
    login = (
        f'host = "{server.host}"\nport = {server.port}\nsecurity = "plaintext-on-loopback"\n'
        f'user = "{server.user}"\npassword_command = ["printf", "%s", "{server.password}"]\n'
    )
    path.write_text(
        f'store = "{folder / "store.sqlite3"}"\n\n[agent]\nid = "bench"\n\n[mailbox]\naddress = "{server.user}"\n\n'
        f"[mailbox.imap]\n{login}\n[mailbox.smtp]\n{login}\n[sync]\nhistory_days = 36500\n"
    )
    return path


def run(command: list[str], **environment: str) -> Cost:
    """Run a command to its end from the checkout's top; raise BenchError with its last words when it fails."""
    program = shutil.which(command[0])
    if not program:
        raise BenchError(f"{command[0]} is not installed")
    started = time.perf_counter()
    child = subprocess.Popen(
        [program, *command[1:]],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert child.stderr
    words = child.stderr.read().decode("utf-8", "replace").strip()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        last = words.splitlines()[-1] if words else "it said nothing"
        raise BenchError(f"{Path(program).name} left with {child.returncode}: {last}")
    return Cost(seconds, usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024))
