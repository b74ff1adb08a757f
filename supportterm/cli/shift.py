"""`since`, `handover`, `away`, `back`: the beginning and the end of a shift."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from supportterm.cli.context import at_desk, reading
from supportterm.cli.output import NO_SUBJECT, Output, fit, local
from supportterm.domain.errors import RefusedError


def since(args: argparse.Namespace, output: Output) -> int:
    """Tell what happened since a time, or since this agent left."""
    from supportterm.desk import attending
    from supportterm.domain import past_times

    now = datetime.now(UTC)
    with reading(args) as (views, config):
        if args.when:
            start: datetime | None = past_times.since(" ".join(args.when), now)
        else:
            start = views.attendance(config.agent.id).since(now, attending.pause(config))
        if start is None:
            raise RefusedError("You have not been away yet. Name a time: `supportterm since yesterday 17:00`.")
        lines = attending.news(views, config, start, now)
    output.say(f"since {local(start, now)}" + ("" if lines else ": nothing happened"))
    for line in lines:
        output.text(f"{line.news} {len(line.tickets)}")
        for ticket in line.tickets:
            remark = line.remarks.get(ticket.key, "")
            record = {
                "news": str(line.news),
                "ref": ticket.ref,
                "subject": ticket.subject,
                "from": ticket.requester_address,
                "status": str(ticket.status),
                "remark": remark,
            }
            who = fit(ticket.requester_name or ticket.requester_address, 24)
            words = f"  {ticket.ref:<10}  {who}  {ticket.subject or NO_SUBJECT}"
            output.record(record, f"{words}  ({remark})" if remark else words)
    return 0


def handover(args: argparse.Namespace, output: Output) -> int:
    """List what this agent would leave behind; status 1 where there is something."""
    from supportterm.desk import handing

    now = datetime.now(UTC)
    with reading(args) as (views, config):
        found = handing.items(views, config.agent.id, now)
    for number, item in enumerate(found, 1):
        record = {
            "number": number,
            "id": item.id,
            "kind": str(item.kind),
            "ref": item.ref,
            "from": item.customer,
            "words": item.words,
            "due": item.due_at,
            "for": item.owner,
        }
        due = local(item.due_at, now) if item.due_at else ""
        line = f"{number:>3}  {item.kind!s:<15}  {item.ref:<10}  {fit(item.customer, 20)}  {due:<12}  {item.words}"
        output.record(record, line.rstrip())
    if not found:
        output.say("You leave nothing behind.")
    return 1 if found else 0


def give(args: argparse.Namespace, output: Output) -> int:
    """Give one thing of the hand-over to a colleague."""
    from supportterm.desk import handing

    with reading(args) as (views, config):
        item = handing.named(handing.items(views, config.agent.id, datetime.now(UTC)), args.item)
    with at_desk(args) as desk:
        done = handing.give(desk, item, args.who)
    output.record({"ref": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
    return 0


def escalate(args: argparse.Namespace, output: Output) -> int:
    """Hand a ticket on."""
    from supportterm.desk import escalating
    from supportterm.domain import wanted

    with at_desk(args) as desk:
        by, what = wanted.reminder(" ".join(args.words), desk.now())
        done = escalating.escalate(desk, args.ref, args.who, what, by)
    output.record({"ref": done.ref, "done": done.words, "by": by}, f"{done.ref}: {done.words}")
    return 0


def away(args: argparse.Namespace, output: Output) -> int:
    """Be away until a time; without one, list who is away."""
    from supportterm.desk import attending

    if not args.when:
        return _absent(args, output)
    with at_desk(args) as desk:
        until, named = attending.typed(" ".join(args.when), desk.now())
        done = attending.leave(desk, until, args.keeper or named)
    record = {"agent": done.ref, "until": until, "keeper": args.keeper or named}
    output.record(record, f"{done.ref}: {done.words}, until {local(until, datetime.now(UTC))}")
    return 0


def back(args: argparse.Namespace, output: Output) -> int:
    """End this agent's absence."""
    from supportterm.desk import attending

    with at_desk(args) as desk:
        done = attending.come_back(desk)
    output.record({"agent": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
    return 0


def _absent(args: argparse.Namespace, output: Output) -> int:
    now = datetime.now(UTC)
    with reading(args) as (views, _config):
        found = [one for one in views.absences() if one.lasts(now)]
    for one in found:
        keeper = f"  promises kept by {one.keeper}" if one.keeper else ""
        record = {"agent": one.agent, "until": one.until, "keeper": one.keeper}
        output.record(record, f"{one.agent:<12}  until {local(one.until, now)}{keeper}")
    if not found:
        output.say("Nobody is away.")
    return 0
