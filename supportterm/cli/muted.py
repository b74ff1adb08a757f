"""`supportterm muted`: which hints are muted or quieter by habit, and hearing one again."""

from __future__ import annotations

import argparse

from supportterm.cli.context import at_desk, reading
from supportterm.cli.output import Output
from supportterm.desk import muting
from supportterm.domain.errors import RefusedError
from supportterm.domain.hints.muting import Reach


def muted(args: argparse.Namespace, output: Output) -> int:
    """List what is muted, or let a rule be heard again wherever this agent may say so."""
    if args.hear:
        return _hear(args, output)
    with reading(args) as (views, config):
        mutes, lowered = views.hint_mutes(config.agent.id), views.lowered_hints(config.agent.id)
        refs = {one.whose: views.ticket(one.whose) for one in mutes if one.reach in (Reach.TICKET, Reach.WORDS)}
    for one in mutes:
        ticket = refs.get(one.whose)
        where = f"{muting.FOR[one.reach]}{f', {ticket.ref}' if ticket else ''}"
        about = f"  “{one.words}”" if one.words else ""
        record = {"rule": one.rule, "reach": one.reach.value, "ref": ticket.ref if ticket else None, "words": one.words}
        output.record({**record, "by": one.by}, f"{one.rule:<24}{where}{about}  by {one.by}")
    for rule in sorted(lowered):
        output.record({"rule": rule, "reach": "habit"}, f"{rule:<24}quieter for you: 8 of its last 10 were passed over")
    if not mutes and not lowered:
        output.say("No hint is muted.")
    return 0


def _hear(args: argparse.Namespace, output: Output) -> int:
    with at_desk(args) as desk, reading(args) as (views, config):
        found = [one for one in views.hint_mutes(config.agent.id) if one.rule == args.hear]
        for one in found:
            muting.hear(desk, one)
        if args.hear in views.lowered_hints(config.agent.id):
            muting.begin_anew(desk, args.hear)
        elif not found:
            raise RefusedError(f"{args.hear} is not muted. `supportterm muted` lists what is.")
    output.record({"rule": args.hear, "done": "is heard again"}, f"{args.hear}: is heard again")
    return 0
