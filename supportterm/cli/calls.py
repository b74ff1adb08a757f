"""`call` and `callback`: a phone call written down once it is over, a time to call back."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from supportterm.cli.context import at_desk
from supportterm.cli.output import Output, local
from supportterm.domain.callers import Caller
from supportterm.domain.calls import Ending
from supportterm.domain.errors import ConfigError
from supportterm.domain.ticket import Status

if TYPE_CHECKING:
    from supportterm.desk.context import Desk

UNREACHED = "unreached"


def call(args: argparse.Namespace, output: Output) -> int:
    """Write a call into its ticket, or into a new one."""
    from supportterm.desk import calling
    from supportterm.domain import callers

    if sum(bool(one) for one in (args.ref, args.customer, args.unknown)) != 1:
        raise ConfigError("Say who was on the phone: a ticket, --customer ADDRESS, or --unknown WHO.")
    reached = args.outcome != UNREACHED
    status = Status(args.outcome) if reached else None
    ending = Ending(status, reached, args.read_back and reached, args.mail)
    with at_desk(args) as desk:
        named, caller = args.ref, None
        if args.customer:
            named, caller = _theirs(desk, args.customer)
        elif args.unknown:
            caller = callers.read(args.unknown)
        done = calling.log(desk, ending, args.note, minutes=args.minutes, named=named, caller=caller)
        output.record({"ref": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
    return 0


def _theirs(desk: Desk, typed: str) -> tuple[str | None, Caller | None]:
    """Return a customer's newest ticket that is not over; else a new one is made for them."""
    from supportterm.domain import callers
    from supportterm.store.views import reading

    caller = callers.read(typed)
    with reading(desk.database.path) as views:
        for ticket in views.tickets_of_caller(caller.identity, 1) if caller.identity else ():
            if not ticket.status.is_over:
                return ticket.key, None
            return None, Caller(ticket.requester_name, caller.number, caller.address)
    return None, caller


def callback(args: argparse.Namespace, output: Output) -> int:
    """Set a time to call a ticket's customer back, by their own clock; or end the next one."""
    from supportterm.desk import callbacks
    from supportterm.store.views import reading

    with at_desk(args) as desk:
        if args.done or args.drop:
            done = (callbacks.done if args.done else callbacks.drop)(desk, args.ref)
            output.record({"ref": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
            return 0
        now, typed = desk.now(), " ".join(args.words)
        from supportterm.desk import verbs

        with desk.database.write() as session:
            key = verbs.find(session, args.ref).key
        with reading(desk.database.path) as views:
            zone = callbacks.zone_of(views.messages(key), views.source_head, desk.config)
        found = callbacks.read(typed, desk.config, now, zone)
        if found is None:
            raise callbacks.unclear(typed)
        done = callbacks.call_back(desk, key, *found)
        theirs = callbacks.in_words(found[0], zone)
        record = {"ref": done.ref, "done": done.words, "due": found[0], "theirs": theirs}
        output.record(record, f"{done.ref}: {done.words}, {theirs}, here {local(found[0], now)}")
    return 0
