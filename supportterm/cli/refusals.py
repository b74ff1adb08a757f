"""`refuse` and `refusals`: a customer refused for good, once a supervisor has approved."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from supportterm.cli.context import at_desk, reading
from supportterm.cli.output import Output, local


def ask(args: argparse.Namespace, output: Output) -> int:
    """Ask that a customer be refused."""
    from supportterm.desk import refusing

    with at_desk(args) as desk:
        done = refusing.ask(desk, args.ref, " ".join(args.reason))
    output.record({"ref": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
    return 0


def list_refusals(args: argparse.Namespace, output: Output) -> int:
    """List the requests; status 1 where one waits for a decision."""
    now = datetime.now(UTC)
    with reading(args) as (views, _config):
        found = [(one, views.ticket(one.ticket_key)) for one in views.refusals(everything=args.all)]
    for one, ticket in found:
        ref = ticket.ref if ticket else ""
        record = {
            "id": one.id, "ref": ref, "address": one.address, "by": one.by, "at": one.at, "reason": one.reason,
            "decision": str(one.decision), "decided_by": one.decided_by, "words": one.words,
        }  # fmt: skip
        decided = f"  {one.decision} by {one.decided_by} {one.words}".rstrip() if one.decided_by else ""
        line = f"{one.id}  {ref:<10}  {one.address}  asked by {one.by}, {local(one.at, now)}: {one.reason}"
        output.record(record, line + decided)
    if not found:
        output.say("No request waits for a decision.")
    return 1 if any(one.decision == "asked" for one, _ in found) else 0


def approve(args: argparse.Namespace, output: Output) -> int:
    """Approve a request: the customer's mail is spam from now on."""
    return _decide(args, output, approve=True)


def decline(args: argparse.Namespace, output: Output) -> int:
    """Decline a request, with the reason."""
    return _decide(args, output, approve=False)


def _decide(args: argparse.Namespace, output: Output, *, approve: bool) -> int:
    from supportterm.desk import refusing

    with at_desk(args) as desk:
        done = refusing.decide(desk, args.id, approve=approve, words=" ".join(args.reason))
    output.record({"address": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
    return 0
