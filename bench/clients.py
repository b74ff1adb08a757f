"""What else an agent could open on a hundred thousand mails: aerc and neomutt on a Maildir, their caches warm."""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

from bench.mailbox import ADDRESS, LAST_DAY
from bench.registry import BenchError

NEWEST, SECOND = b"mail-000000", b"mail-000001"
"""How the first two rows' subjects begin."""


def many_mails(folder: Path, count: int) -> Path:
    """Return a Maildir of so many short mails under `folder`, newest first by number, made once and kept.

    Their headers are those of real mail; their bodies are short, which favours the programs that read them.
    """
    done = folder / f"many-mails-{count}" / "INBOX"
    if done.is_dir():
        return done
    making = done.parent.with_suffix(".making")
    shutil.rmtree(making, ignore_errors=True)
    for part in ("cur", "new", "tmp"):
        (making / "INBOX" / part).mkdir(parents=True)
    rng = random.Random("many mails")
    for number in range(count):
        when = LAST_DAY - timedelta(minutes=number)
        hops = "".join(
            f"Received: from relay{hop}.mail.example (relay{hop}.mail.example [192.0.2.{rng.randrange(1, 250)}])\r\n"
            f"\tby mx.lantern.example (Postfix) with ESMTPS id {rng.randrange(16**10):010X}\r\n"
            f"\tfor <{ADDRESS}>; {format_datetime(when)}\r\n"
            for hop in range(3)
        )
        raw = (
            f"{hops}Date: {format_datetime(when)}\r\nFrom: Customer {number % 40_000} <customer{number % 40_000}"
            f"@mail.example>\r\nTo: Lantern Support <{ADDRESS}>\r\nSubject: mail-{number:06d} waits since yesterday\r\n"
            f"Message-ID: <{number}@mail.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "\r\nHello,\r\n\r\nwhere is my parcel?\r\n"
        )
        path = making / "INBOX" / "cur" / f"{int(when.timestamp())}.M{number:06d}P1.bench:2,S"
        path.write_bytes(raw.encode())
        os.utime(path, (when.timestamp(), when.timestamp()))
    making.rename(done.parent)
    return done


@dataclass(frozen=True, slots=True)
class Client:
    """A mail program set up on a Maildir: its name, its command, its environment."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]


def neomutt(mails: Path, folder: Path) -> Client:
    """Set up neomutt with a header cache.

    Raises:
        BenchError: it is not installed.
    """
    rc = folder / "neomuttrc"
    rc.write_text(
        f'set folder="{mails.parent}"\nset spoolfile="{mails}"\nset header_cache="{folder / "headers"}"\n'
        "set sort=reverse-date\nset mail_check=600\nset sleep_time=0\nset quit=yes\n"
        f'set from="{ADDRESS}"\nset mark_old=no\nset auto_edit=no\nunset wait_key\n'
        "bind index j next-entry\nbind index \\Cd next-page\n"
    )
    command = (_program("neomutt"), "-n", "-F", str(rc), "-f", str(mails))
    return Client("neomutt", command, {"HOME": str(folder), "TERM": "xterm-256color"})


def aerc(mails: Path, folder: Path) -> Client:
    """Set up aerc on the Maildir's parent.

    Raises:
        BenchError: it is not installed.
    """
    settings = folder / "config" / "aerc"
    settings.mkdir(parents=True)
    accounts = settings / "accounts.conf"
    accounts.write_text(
        f"[bench]\nsource = maildir://{mails.parent}\ndefault = INBOX\nfrom = Bench <{ADDRESS}>\ncheck-mail = 0\n"
    )
    accounts.chmod(0o600)
    (settings / "aerc.conf").write_text("[ui]\nmouse-enabled = false\n")
    places = {name: str(folder / part) for name, part in (("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache"))}
    return Client("aerc", (_program("aerc"),), {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"), **places})


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise BenchError(f"{name} is not installed")
    return found
