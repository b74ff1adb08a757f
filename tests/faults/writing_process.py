"""A console in a process of its own, on a terminal, with the screen for writing open: to be killed while one types."""

from __future__ import annotations

import sys
from pathlib import Path

from supportterm import bootstrap, config
from supportterm.app import SupporttermApp
from supportterm.screens.reply import ReplyScreen


def write(place: Path, key: str) -> None:
    """Open the console on a store and write on a ticket until the process ends."""
    console = bootstrap.build_console(config.load(place / "config.toml"))
    app = SupporttermApp(console)
    app.call_later(lambda: app.push_screen(ReplyScreen(key)))
    app.run()
    console.close()


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2])
