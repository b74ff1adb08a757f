"""`later` and `reply --at`: the customer waits some minutes more, or the mail waits for its time."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from supportterm.cli.context import at_desk
from supportterm.cli.output import Output
from supportterm.domain import held
from supportterm.domain.errors import ConfigError

if TYPE_CHECKING:
    from supportterm.desk.context import Desk
    from supportterm.domain.held import Hold


def later(args: argparse.Namespace, output: Output) -> int:
    """Tell the customer that it takes some minutes."""
    from supportterm.desk.later import later as tell_later

    with at_desk(args) as desk:
        done = tell_later(desk, args.ref, args.minutes, told=args.told)
        output.record({"ref": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
    return 0


def held_until(desk: Desk, args: argparse.Namespace, output: Output) -> Hold | None:
    """Return when the reply is to leave, where that is not at once; says so where that is too late for something."""
    if args.at is None:
        return None
    if args.wait:
        raise ConfigError("--at holds the mail and --wait waits until it has left. Leave one of them out.")
    from supportterm.desk import holding, verbs
    from supportterm.store.views import reading

    with desk.database.write() as session:
        key = verbs.find(session, args.ref).key
    with reading(desk.database.path) as views:
        zone = holding.zone_of(views, key, desk.config)
    hold = holding.read(args.at, desk.config, desk.now(), zone)
    with desk.database.write() as session:
        if late := holding.too_late(session, key, hold.at, desk.now()):
            output.say(f"It leaves {held.in_words(hold, desk.now())}, and {late}.")
    return hold
