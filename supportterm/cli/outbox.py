"""`outbox`: mail on its way, and what to do where it stopped."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from supportterm.cli.context import at_desk, reading
from supportterm.cli.output import Output, fit, local
from supportterm.cli.records import operation_record
from supportterm.domain import held

_ADVICE = {
    "uncertain": "it may have arrived: `outbox resolve N --sent`, `--not-sent`, or `outbox retry N`",
    "review": "read the ticket, then `outbox retry N` or `outbox drop N`",
    "refused": "`outbox retry N` or `outbox drop N`",
}


def list_outbox(args: argparse.Namespace, output: Output) -> int:
    """List mails that have not been accepted; status 1 where one needs a look."""
    now = datetime.now(UTC)
    look = False
    with reading(args) as (views, _):
        found = views.outbox(everything=args.all)
        for operation in found:
            ticket = views.ticket(operation.ticket_key)
            record = operation_record(operation, ticket.ref if ticket else operation.ticket_key)
            state = str(record["state"])
            look = look or state in _ADVICE
            to = ", ".join(r.address for r in operation.recipients)
            hold = held.of(operation) if held.is_held(operation) and operation.not_before > now else None
            when = f"next try {local(operation.next_attempt_at, now)}" if record["next_try"] else operation.said
            when = f"leaves {held.in_words(hold, now)}" if hold is not None else when
            line = f"{operation.id:>4}  {fit(record['ref'], 9)} {fit(state, 10)} {fit(to, 34)} {when}"
            output.record(record, line.rstrip())
            if state in _ADVICE:
                output.text(f"      {_ADVICE[state].replace(' N', f' {operation.id}')}")
        if not found:
            output.say("The outbox is empty.")
    return 1 if look else 0


def change_time(args: argparse.Namespace, output: Output) -> int:
    """Let a mail that waits leave at another time."""
    from supportterm.desk import holding
    from supportterm.store.views import reading as views_of

    typed = " ".join(args.when)
    with at_desk(args) as desk:
        with views_of(desk.database.path) as views:
            mail = next(iter(views.mails([args.number])), None)
            zone = holding.zone_of(views, mail.ticket_key if mail else "", desk.config)
        hold = None if typed.strip().lower() == "now" else holding.read(typed, desk.config, desk.now(), zone)
        done = holding.change(desk, args.number, hold)
        output.record({"ref": done.ref, "operation": args.number, "done": done.words}, f"{done.ref}: {done.words}")
    return 0


def retry(args: argparse.Namespace, output: Output) -> int:
    """Send a stopped mail again."""
    from supportterm.desk import outbox

    with at_desk(args) as desk:
        done = outbox.retry(desk, args.number)
        output.record({"ref": done.ref, "operation": args.number, "done": done.words}, f"{done.ref}: {done.words}")
    return 0


def drop(args: argparse.Namespace, output: Output) -> int:
    """Discard a mail that has not left."""
    from supportterm.desk import outbox

    with at_desk(args) as desk:
        done = outbox.drop(desk, args.number)
        record = {"ref": done.ref, "operation": args.number, "done": done.words, "text": done.text}
        output.record(record, f"{done.ref}: {done.words}\nIt said:\n{done.text}")
    return 0


def resolve(args: argparse.Namespace, output: Output) -> int:
    """Say what became of an uncertain mail."""
    from supportterm.desk import outbox

    with at_desk(args) as desk:
        done = outbox.resolve(desk, args.number, sent=args.sent)
        output.record({"ref": done.ref, "operation": args.number, "done": done.words}, f"{done.ref}: {done.words}")
    return 0
