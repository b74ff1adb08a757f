"""`supportterm` without a command: the console."""

from __future__ import annotations

import argparse

from supportterm import bootstrap, config, paths
from supportterm.cli.output import Output


def console(args: argparse.Namespace, output: Output) -> int:
    """Open the console on the configured store."""
    from pathlib import Path

    from supportterm.app import open_console

    found = config.load(Path(args.config) if args.config else paths.config_file())
    return open_console(bootstrap.build_console(found))
