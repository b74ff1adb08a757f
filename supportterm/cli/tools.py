"""`parse`, `thread`, `triage`, `completion`: work on files, without a store."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from supportterm.cli.context import config_or_none
from supportterm.cli.output import Output
from supportterm.domain.errors import SupporttermError


def parse(args: argparse.Namespace, output: Output) -> int:
    """Print what mail files say."""
    from supportterm.cli.parse import parse_files, parse_folder

    if args.jsonl:
        return parse_folder(_folder(args.jsonl), sys.stdout)
    if not args.files:
        raise SupporttermError("Name mail files, or a folder of them with --jsonl.")
    return parse_files([Path(name) for name in args.files], sys.stdout)


def thread(args: argparse.Namespace, output: Output) -> int:
    """Print which mails of a folder belong together."""
    from supportterm.cli.parse import thread_folder

    return thread_folder(_folder(args.jsonl), sys.stdout)


def triage(args: argparse.Namespace, output: Output) -> int:
    """Score customers' texts."""
    from supportterm.bootstrap import build_learned, build_packs
    from supportterm.cli.triage import triage_file

    if not args.jsonl:
        raise SupporttermError("Name a file of texts with --jsonl, or a step: check, rejected, overrides.")
    config = config_or_none(args)
    learned = build_learned(config)
    if learned.problem:
        output.say(learned.problem)
    return triage_file(Path(args.jsonl), sys.stdout, build_packs(config), learned)


def completion(args: argparse.Namespace, output: Output) -> int:
    """Print a shell's completion script."""
    import shtab

    from supportterm.cli.parser import build

    sys.stdout.write(shtab.complete(build(), args.shell))
    return 0


def _folder(name: str) -> Path:
    path = Path(name)
    if not path.is_dir():
        raise SupporttermError(f"{name} is no folder. Name one that holds mail files.")
    return path
