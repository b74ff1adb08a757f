"""`supportterm` without a command: the console, with a worker beside it."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from supportterm import bootstrap, config, paths
from supportterm.cli.output import Output
from supportterm.domain.errors import SupporttermError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from supportterm.app import SupporttermApp
    from supportterm.config import Config


SWITCH_SECONDS = 0.0002
"""How long a thread may keep a key waiting for the interpreter."""


def console(args: argparse.Namespace, output: Output) -> int:
    """Open the console on the configured store; whatever keeps it from opening is said before the screen is taken."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.disable()  # a start leaves no garbage; it is enabled once all is loaded
    _check_terminal()
    path = Path(args.config) if args.config else paths.config_file()
    if not args.config and not path.exists():
        return _first_start(path, output)
    found = config.load(path)
    bootstrap.check_policies(found)
    return work_at(found)


def work_at(found: Config, furnish: Callable[[SupporttermApp], None] = lambda _: None) -> int:
    """Open the console under a configuration, see that a worker runs, and return the exit status.

    Args:
        found: The configuration.
        furnish: Called with the app before it runs, to add to it.

    Raises:
        SupporttermError: it cannot be opened, or ended against everybody's will.
    """
    from supportterm.desk import errorlog
    from supportterm.desk.presence import Presence
    from supportterm.desk.supervisor import Supervisor, command
    from supportterm.screens import arena
    from supportterm.store.database import must_be_writable

    arena.share()
    console = bootstrap.build_console(found)
    must_be_writable(console.store)
    errorlog.begin(console.store)
    passwords = _asked_for(found, console.store)
    presence = Presence(console.store)
    try:
        from supportterm.app import open_console

        return open_console(console, Supervisor(console.store, command(found.path), passwords), furnish)
    finally:
        presence.leave()


def _check_terminal() -> None:
    if os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        raise SupporttermError(
            f"This terminal (TERM={os.environ.get('TERM', '')}) cannot show the console. Use another, or the commands:"
            " `supportterm queue`, `supportterm show`; `supportterm --help` lists them."
        )
    if not sys.stderr.isatty():
        raise SupporttermError(
            "The console draws on standard error, which leads elsewhere here. Start it without `2>` or `|&`."
        )


def _asked_for(found: Config, store: Path) -> dict[str, str]:
    """Ask for the passwords a worker needs that nothing else knows; nobody is asked while a worker runs."""
    from supportterm import credentials
    from supportterm.desk import synclock

    given: dict[str, str] = {}
    if synclock.holder(store) is not None:
        return given
    address = found.mailbox.address
    for server in (found.mailbox.imap, found.mailbox.smtp):
        name = credentials.account(server, address)
        if name not in given and credentials.unknown(server, address):
            given[name] = credentials.ask(server, address)
    return given


def _first_start(path: Path, output: Output) -> int:
    from supportterm.screens.start import Start

    if Start(path).run() != "demo":
        return 0
    from supportterm.cli.demo import demo
    from supportterm.cli.parser import build

    return demo(build().parse_args(["demo"]), output)
