"""What a command is made of: how its words are read, its exit status, and what carries it out."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

EXITS = {
    0: "done",
    1: "done with something left to act on, or refused with a reason",
    2: "unusable input, configuration or usage",
    3: "a mail server refused or could not be reached",
    4: "the store cannot be used",
}
EXIT_STATUS = textwrap.fill("exit status: " + "; ".join(f"{code} {words}" for code, words in EXITS.items()), 100)

STATUSES = ("new", "open", "pending", "on-hold", "solved", "closed", "spam")


class CommandParser(argparse.ArgumentParser):
    """Reads one command: options may stand between its words, and a query's `-tag:x` is a word of it."""

    takes_query = False
    _mixing = False

    def parse_known_args(  # type: ignore[override] # argparse's overloads say no more than this
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Read arguments as `argparse` does, words and options in any order."""
        if args is not None and self.takes_query:
            args = [f" {arg}" if len(arg) > 1 and arg[0] == "-" != arg[1] and arg != "-h" else arg for arg in args]
        if self._mixing or "--" in (args or ()) or self._subparsers is not None:
            return super().parse_known_args(args, namespace)
        self._mixing = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._mixing = False


def made(commands: Any, common: argparse.ArgumentParser, name: str, run: str, words: str, **more: Any) -> CommandParser:
    """Add a command, or a step of one; `run` is the dotted name of what carries it out."""
    made: CommandParser = commands.add_parser(
        name, help=words, description=f"{words[0].upper()}{words[1:]}.", parents=[common], epilog=EXIT_STATUS, **more
    )
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.set_defaults(run=run)
    return made


Maker = Callable[..., CommandParser]
