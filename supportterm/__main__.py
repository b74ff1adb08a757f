"""The program: reads the command line, runs one command, and turns what went wrong into a sentence."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Callable, Sequence

from supportterm.domain.errors import SupporttermError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    from supportterm.cli.parser import build

    parser = build()
    args = parser.parse_args(arguments)
    if args.command is None and not (sys.stdin.isatty() and sys.stdout.isatty()):
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
        return error.exit_status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
    except Exception as error:
        output.say(f"supportterm: {_unexpected(error)}")
        return 70


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
