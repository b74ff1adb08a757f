"""`later`: tell a customer that it takes some minutes, with a promise to be back by then."""

from __future__ import annotations

import argparse

from supportterm.cli.context import at_desk
from supportterm.cli.output import Output


def later(args: argparse.Namespace, output: Output) -> int:
    """Tell the customer that it takes some minutes."""
    from supportterm.desk.later import later as tell_later

    with at_desk(args) as desk:
        done = tell_later(desk, args.ref, args.minutes, told=args.told)
        output.record({"ref": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
    return 0
