"""The demo's scratch folder: a store and a configuration like anybody's, without a password in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from supportterm.config import Config, load
from supportterm.demo.samples import OUR_NAME

AGENT = "Sam Rivera"
CONFIG, STORE = "config.toml", "store.sqlite3"
PASSWORD_VARIABLE = "SUPPORTTERM_DEMO_PASSWORD"  # noqa: S105 the name of a variable, not its value


class Reached(Protocol):
    """Where a mailbox on this machine is reached."""

    @property
    def user(self) -> str:
        """The address, under which one signs in."""
        ...

    @property
    def imap_port(self) -> int:
        """The port of IMAP on loopback."""
        ...

    @property
    def smtp_port(self) -> int:
        """The port of SMTP on loopback."""
        ...


def configure(folder: Path, mailbox: Reached, *, undo_seconds: int, poll_seconds: int) -> Config:
    """Write the configuration and read it back; a command prints the password from the environment."""
    server = (
        'host = "127.0.0.1"\nport = {port}\nsecurity = "plaintext-on-loopback"\n'
        f"user = {json.dumps(mailbox.user)}\n"
        f'password_command = ["printenv", "{PASSWORD_VARIABLE}"]\n'
    )
    file = folder / CONFIG
    file.write_text(
        f"store = {json.dumps(str(folder / STORE))}\n\n"
        f'[agent]\nid = "sam"\nname = "{AGENT}"\n\n'
        f'[mailbox]\naddress = {json.dumps(mailbox.user)}\nname = "{OUR_NAME}"\n\n'
        f"[mailbox.imap]\n{server.format(port=mailbox.imap_port)}\n"
        f"[mailbox.smtp]\n{server.format(port=mailbox.smtp_port)}\n"
        f"[sync]\npoll_seconds = {poll_seconds}\n\n"
        f"[sending]\nundo_seconds = {undo_seconds}\n",
        encoding="utf-8",
    )
    return load(file)
