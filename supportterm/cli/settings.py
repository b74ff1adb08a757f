"""`config` and `backup`: what the program works with."""

from __future__ import annotations

import argparse
from pathlib import Path

from supportterm import paths
from supportterm.cli.context import config_of
from supportterm.cli.output import Output
from supportterm.config import Config
from supportterm.domain.errors import ConfigError


def config_path(args: argparse.Namespace, output: Output) -> int:
    """Print where the configuration, the store and the macros are."""
    path = Path(args.config) if args.config else paths.config_file()
    try:
        store = config_of(args).store or paths.store_file()
    except ConfigError:
        store = paths.store_file()
    record = {"config": str(path), "store": str(store), "macros": str(paths.user_macros(path))}
    output.record(record, "\n".join(f"{name:7} {value}" for name, value in record.items()))
    return 0


def config_check(args: argparse.Namespace, output: Output) -> int:
    """Read the configuration and say whether it can be used."""
    from supportterm.bootstrap import build_learned, build_packs, check_policies
    from supportterm.desk import house_hints

    config = config_of(args)
    check_policies(config)
    problems = (*build_packs(config).problems, *house_hints.of(config).problems)
    receipts = _receipts(config)
    record = {"config": str(config.path), "ok": not problems, "problems": problems, "receipts": receipts}
    output.record(record, f"{config.path} is right.")
    output.say(receipts)
    if unlearned := build_learned(config).problem:
        output.say(unlearned)
    for problem in problems:
        output.text(problem)
    if problems:
        output.say("A pack that is refused is left out; everything else holds.")
        return 2
    output.say("The servers are asked by `supportterm sync --once`.")
    return 0


def _receipts(config: Config) -> str:
    """Say whether new mail is acknowledged, and what would keep every receipt back.

    Raises:
        ConfigError: they are on, and the macro cannot be used.
    """
    since = config.receipt.enabled_since
    if since is None:
        return "Receipts are off: `enabled_since` under [receipt] switches them on."
    from datetime import UTC, datetime, timedelta

    from supportterm.desk.people import People
    from supportterm.desk.receipts import Receipts

    now = datetime.now(UTC)
    problem = Receipts(config, People.of(config.mailbox)).problem(now, now + timedelta(days=1))
    if problem:
        raise ConfigError(
            f"No receipt can be sent: {problem}. Mend `macro` under [receipt] in {config.path}, or the macro."
        )
    return f"Receipts are on for mail since {since.isoformat()}."


def backup(args: argparse.Namespace, output: Output) -> int:
    """Copy the whole store, sources of mail included."""
    from supportterm.store.database import Database

    config = config_of(args)
    database = Database(config.store or paths.store_file())
    try:
        target = database.backup(Path(args.file) if args.file else None)
    finally:
        database.close()
    output.record({"backup": str(target), "bytes": target.stat().st_size}, str(target))
    return 0
