"""`queue` and `search`: tickets as lists."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from supportterm.cli.context import reading
from supportterm.cli.output import Output, fit, local
from supportterm.cli.records import message_record, ticket_record
from supportterm.config import Config
from supportterm.domain import clocks, query, saved_views
from supportterm.domain.errors import NotFoundError
from supportterm.domain.ticket import Ticket
from supportterm.store.filters import Where, compile_query


def compiled(text: str, config: Config, now: datetime) -> Where:
    """Translate a query for this agent and instant.

    Raises:
        QueryError: it cannot be read; the text points at the word.
    """
    zone = ZoneInfo(config.policy.time_zone)
    return compile_query(query.parse(text), me=config.agent.id, now_ms=int(now.timestamp() * 1000), zone=zone)


def queue(args: argparse.Namespace, output: Output) -> int:
    """List a view's tickets, or those a query names, most pressing first."""
    now = datetime.now(UTC)
    wanted = " ".join(args.query) or args.view
    view = saved_views.named(wanted)
    if view is None and not args.query:
        raise NotFoundError(f"There is no view {wanted!r}. Views: {', '.join(v.name for v in saved_views.VIEWS)}.")
    with reading(args) as (views, config):
        where = compiled(view.query if view else wanted, config, now)
        tickets = views.queue(where, args.limit)
        total = views.count(where) if len(tickets) >= args.limit else len(tickets)
        sync = views.sync()
        if output.as_json:
            for ticket in tickets:
                output.record(ticket_record(ticket), "")
            return 0
        title = view.title if view else wanted
        output.text(f"{title}: {total} ticket{'' if total == 1 else 's'}{_synced(sync, now)}")
        for line in lines(tickets, now):
            output.text(line)
        if not tickets:
            output.text(
                "  Nothing here." + (" `supportterm queue waiting` shows who owes us." if wanted == "now" else "")
            )
        if total > len(tickets):
            output.say(f"{total - len(tickets)} more: --limit {total} shows all.")
    return 0


def lines(tickets: Iterable[Ticket], now: datetime) -> Iterable[str]:
    """Yield the queue's lines under the headings of its tiers."""
    tier = None
    for ticket in tickets:
        if ticket.status.is_ours and ticket.tier is not tier:
            tier = ticket.tier
            yield tier.title.upper()
        mark = {1: "!!", 2: "! "}.get(int(ticket.effective_priority), "  ")
        who = ticket.requester_name or ticket.requester_address
        due = clocks.in_words(ticket.due_at - now) if ticket.due_at else ""
        yield (
            f"  {mark} {fit(ticket.ref, 9)} {fit(who, 18)} {fit(ticket.subject, 40)} {fit(ticket.words, 30)}"
            f" {fit(due, 11)} {ticket.assignee or '-'}"
        ).rstrip()


def search(args: argparse.Namespace, output: Output) -> int:
    """List the messages that hold the words, newest first."""
    now = datetime.now(UTC)
    with reading(args) as (views, config):
        where = compiled(" ".join(args.words), config, now)
        hits = views.search(where, args.limit)
        if where.text is None:
            raise NotFoundError("Name a word to look for; `supportterm queue QUERY` lists tickets by their fields.")
        for hit in hits:
            excerpt = fit(hit.message.reply_text or hit.message.text, 60)
            who = hit.message.sender.name or hit.message.sender.address
            output.record(
                {"ref": hit.ticket.ref, "subject": hit.ticket.subject, "status": hit.ticket.status.value}
                | message_record(hit.message),
                f"{fit(hit.ticket.ref, 9)} {fit(local(hit.message.at, now), 12)} {fit(who, 18)} {excerpt}".rstrip(),
            )
        if not hits:
            output.say("Nothing found.")
    return 0 if hits else 1


def _synced(sync: dict[str, str], now: datetime) -> str:
    if not sync:
        return ""
    if sync.get("state") == "online":
        ago = now - datetime.fromisoformat(sync["success"])
        seconds = int(ago.total_seconds())
        return f"  (synced {f'{seconds} s' if seconds < 120 else clocks.in_words(ago)} ago)"
    since = local(datetime.fromisoformat(sync["since"]), now)
    return f"  ({'sign-in refused' if sync['state'] == 'refused' else 'offline'} since {since})"
