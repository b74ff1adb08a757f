"""The program: reads the command line, runs one command, and turns what went wrong into a sentence."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from supportterm.domain.errors import SupporttermError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    args: Any = _console_alone(words)
    if args is None:
        from supportterm.cli.parser import build

        parser = build()
        args = parser.parse_args(words)
        if args.command is None and not _on_a_terminal():
            parser.print_help()
            return 2
    from supportterm.cli.output import Output, set_up_streams

    set_up_streams()
    output = Output(as_json=getattr(args, "json", False))
    module, _, name = getattr(args, "run", "supportterm.cli.console:console").partition(":")
    try:
        command: Callable[..., int] = getattr(importlib.import_module(module), name)
        return command(args, output)
    except SupporttermError as error:
        output.say(f"supportterm: {error}")
        if where := error.pointed():
            output.say(where)
        return error.exit_status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
    except Exception as error:
        output.say(f"supportterm: {_unexpected(error)}")
        return 70


def _console_alone(words: Sequence[str]) -> SimpleNamespace | None:
    """Read `supportterm [--config FILE]` on a terminal; a console that opens at once builds no command tree first."""
    match list(words):
        case []:
            file = None
        case ["--config", str(file)] if not file.startswith("-"):
            pass
        case _:
            return None
    return SimpleNamespace(command=None, config=file) if _on_a_terminal() else None


def _on_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _unexpected(error: Exception) -> str:
    import errno

    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Nothing was lost: free some space, then do it again."
    import tempfile

    with tempfile.NamedTemporaryFile("w", prefix="supportterm-", suffix=".log", delete=False) as log:
        traceback.print_exception(error, file=log)
    return f"Something went wrong that should not have ({type(error).__name__}). Nothing was sent; details: {log.name}"


if __name__ == "__main__":
    sys.exit(main())
