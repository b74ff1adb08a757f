"""Secrets: from a command, the keyring, or the person; never from a file, never logged."""

from __future__ import annotations

import subprocess
import sys

from supportterm.config import Server
from supportterm.domain.errors import ConfigError

SERVICE = "supportterm"


def password(server: Server, address: str) -> str:
    """Return the password for a server: `password_command`, else the keyring, else asked for on the terminal.

    Raises:
        ConfigError: none of the three gave one; the text says how to set it.
    """
    user = server.user or address
    if server.password_command:
        return _from_command(server.password_command)
    if stored := _from_keyring(user, server.host):
        return stored
    if sys.stdin.isatty():
        import getpass

        return getpass.getpass(f"Password for {user} at {server.host} (kept in memory only): ")
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
