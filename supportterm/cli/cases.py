"""`merge`, `unmerge`, `split`, `sweep`, `block`, `unblock`, `blocked`: what is one matter, and what is none."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from supportterm.cli.context import at_desk, reading, ticket_named
from supportterm.cli.output import NO_SUBJECT, Output, fit, local
from supportterm.domain import quiet

if TYPE_CHECKING:
    from supportterm.desk.context import Desk
    from supportterm.desk.verbs import Done


def merge(args: argparse.Namespace, output: Output) -> int:
    """Join tickets."""
    from supportterm.desk import merging

    with at_desk(args) as desk:
        _told(output, merging.merge(desk, args.ref, args.into))
    return 0


def unmerge(args: argparse.Namespace, output: Output) -> int:
    """Take a joined ticket out again."""
    from supportterm.desk import merging

    with at_desk(args) as desk:
        _told(output, merging.unmerge(desk, args.ref))
    return 0


def split(args: argparse.Namespace, output: Output) -> int:
    """Make messages a ticket of their own."""
    from supportterm.desk import splitting

    with at_desk(args) as desk:
        _told(output, splitting.split(desk, args.ref, args.message, onward=args.onward))
    return 0


def sweep(args: argparse.Namespace, output: Output) -> int:
    """List what needs no answer, and solve it together."""
    from supportterm.desk import sweeping

    with reading(args) as (views, config):
        kept = {ticket_named(views, ref).key for ref in args.keep}
        found = [(ticket, kind) for ticket, kind in views.quiet(config.agent.id) if ticket.key not in kept]
    for ticket, kind in found:
        record = {"ref": ticket.ref, "kind": kind, "subject": ticket.subject, "from": ticket.requester_address}
        who = fit(ticket.requester_name or ticket.requester_address, 24)
        line = f"{ticket.ref:<10}  {fit(quiet.reason(kind), 26)}  {who}  {ticket.subject or NO_SUBJECT}"
        output.record(record, line)
    if not found:
        output.say("Nothing to sweep: every open ticket wants an answer, or is kept.")
    if args.dry_run:
        return 0
    with at_desk(args) as desk:
        for key in sorted(kept):
            _keep(desk, key)
        if found:
            done = sweeping.sweep(desk, {ticket.key: ticket.last_message_at for ticket, _ in found})
            output.say(f"{done.ref}: {done.words}; `supportterm undo` takes it back.")
    return 0


def _keep(desk: Desk, key: str) -> None:
    from supportterm.desk import verbs

    verbs.change(desk, key, verbs.Change(add_tags=frozenset({quiet.KEPT})))


def block(args: argparse.Namespace, output: Output) -> int:
    """Mark as spam, and block who wrote."""
    from supportterm.desk import blocking

    with at_desk(args) as desk:
        _told(output, blocking.block(desk, args.who, domain=args.domain))
    return 0


def unblock(args: argparse.Namespace, output: Output) -> int:
    """Let a sender's mail in again."""
    from supportterm.desk import blocking

    with at_desk(args) as desk:
        _told(output, blocking.unblock(desk, args.address))
    return 0


def blocked(args: argparse.Namespace, output: Output) -> int:
    """List blocked senders."""
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    with reading(args) as (views, _config):
        found = views.blocked()
    for address, by, at in found:
        output.record({"address": address, "by": by, "at": at}, f"{local(at, now)}  {address}  by {by}")
    if not found:
        output.say("Nobody is blocked.")
    return 0


def _told(output: Output, done: Done) -> None:
    output.record({"ref": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
