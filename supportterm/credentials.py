"""Secrets: from a command, the keyring, or the person; never from a file, never logged."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

from supportterm.config import Server
from supportterm.domain.errors import ConfigError

SERVICE = "supportterm"


Given = Mapping[str, str]
"""Passwords a person typed, by `account`; in memory only."""


def account(server: Server, address: str) -> str:
    """Return the name a server's password is kept under."""
    return f"{server.user or address}@{server.host}"


def unknown(server: Server, address: str) -> bool:
    """Tell whether a server's password would have to be asked for."""
    return not server.password_command and not _from_keyring(server.user or address, server.host)


def ask(server: Server, address: str) -> str:
    """Ask for a password on the terminal."""
    import getpass

    user = server.user or address
    return getpass.getpass(f"Password for {user} at {server.host} (kept in memory only): ")


def password(server: Server, address: str, given: Given | None = None) -> str:
    """Return the password for a server: `password_command`, else the keyring, else as given, else asked for.

    Raises:
        ConfigError: none of the three gave one; the text says how to set it.
    """
    user = server.user or address
    if server.password_command:
        return _from_command(server.password_command)
    if stored := _from_keyring(user, server.host):
        return stored
    if typed := (given or {}).get(account(server, address)):
        return typed
    if sys.stdin.isatty():
        return ask(server, address)
    raise ConfigError(
        f"No password for {user} at {server.host}. Set password_command in the configuration, or store it with"
        f" `keyring set {SERVICE} {user}@{server.host}`."
    )


def _from_command(command: tuple[str, ...]) -> str:
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 the user's own command, an argument list, no shell
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = "took over a minute" if isinstance(error, subprocess.TimeoutExpired) else "cannot be started"
        raise ConfigError(f"password_command {command[0]!r} {reason}. Try it in a shell first.") from None
    first = run.stdout.split("\n", 1)[0].rstrip("\r")
    if run.returncode or not first:
        raise ConfigError(
            f"password_command {command[0]!r} gave no password (exit status {run.returncode}). Try it in a shell first."
        )
    return first


def _from_keyring(user: str, host: str) -> str | None:
    try:
        import keyring

        backend = keyring.get_keyring()
        if backend.__class__.__module__.startswith("keyrings.alt"):
            return None  # it stores plain text
        return keyring.get_password(SERVICE, f"{user}@{host}")
    except Exception:
        return None
