"""`config`, `backup` and `macro`: what the program works with."""

from __future__ import annotations

import argparse
from pathlib import Path

from supportterm import paths
from supportterm.cli.context import config_of
from supportterm.cli.output import Output, fit
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
    from supportterm.bootstrap import build_packs, check_policies

    config = config_of(args)
    check_policies(config)
    problems = build_packs(config).problems
    receipts = _receipts(config)
    record = {"config": str(config.path), "ok": not problems, "problems": problems, "receipts": receipts}
    output.record(record, f"{config.path} is right.")
    output.say(receipts)
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


def macro_list(args: argparse.Namespace, output: Output) -> int:
    """List the snippets and macros."""
    from supportterm.bootstrap import build_macros

    for macro in build_macros(_config_or_none(args)).macros:
        record = {
            "id": macro.id,
            "title": macro.title,
            "lang": macro.lang,
            "topic": macro.topic,
            "trigger": macro.trigger,
            "path": macro.path,
        }
        output.record(record, f"{fit(macro.trigger or macro.id, 14)} {fit(macro.lang or 'any', 4)} {macro.title}")
    return 0


def macro_check(args: argparse.Namespace, output: Output) -> int:
    """Check every macro, or those of a folder; status 2 where one cannot be used."""
    from supportterm.bootstrap import build_macros
    from supportterm.desk.macros import MacroLibrary

    if args.folder:
        folder = Path(args.folder)
        if not folder.is_dir():
            raise ConfigError(f"{folder} is no folder. Name one that holds macro files.")
        library = MacroLibrary([folder])
    else:
        library = build_macros(_config_or_none(args))
    problems = library.check()
    for problem in problems:
        output.record({"problem": problem}, problem)
    output.say(f"{_many(len(library.macros), 'macro')}, {_many(len(problems), 'problem')}.")
    return 2 if problems else 0


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _config_or_none(args: argparse.Namespace) -> Config | None:
    """Read the configuration where there is one: the shipped macros need none."""
    path = Path(args.config) if args.config else paths.config_file()
    return config_of(args) if args.config or path.exists() else None
