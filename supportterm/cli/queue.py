"""`queue` and `search`: tickets as lists."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from supportterm.cli.context import reading
from supportterm.cli.output import NO_SUBJECT, NOBODY, Output, columns, fit, local, width
from supportterm.cli.records import message_record, ticket_record
from supportterm.config import Config, shelf
from supportterm.domain import clocks, query, saved_views
from supportterm.domain.errors import NotFoundError
from supportterm.domain.saved_views import Shelf
from supportterm.domain.ticket import Ticket
from supportterm.store.filters import Where, compile_query

_FIXED = 2 + 3 + 10 + 2 + 13 + 7
"""Columns of a queue line besides customer, subject and reasons."""
_ROOMY = 100
_BEFORE_EXCERPT = 10 + 13 + 19
"""Columns of a search line besides the excerpt."""


def compiled(wanted: query.Query, config: Config, now: datetime) -> Where:
    """Translate a query for this agent and instant.

    Raises:
        QueryError: it asks for what is not recorded.
    """
    zone = ZoneInfo(config.policy.time_zone)
    return compile_query(wanted, me=config.agent.id, now_ms=int(now.timestamp() * 1000), zone=zone)


def queue(args: argparse.Namespace, output: Output) -> int:
    """List a view's tickets, or those a query names, most pressing first."""
    now = datetime.now(UTC)
    with reading(args) as (views, config):
        title, wanted = _wanted(" ".join(args.query).strip(), args.view, shelf(config))
        where = compiled(wanted, config, now)
        tickets = views.queue(where, args.limit)
        total = views.count(where) if len(tickets) >= args.limit else len(tickets)
        sync = views.sync()
        if output.as_json:
            for ticket in tickets:
                output.record(ticket_record(ticket), "")
            return 0
        output.text(f"{title}: {total} ticket{'' if total == 1 else 's'}{_synced(sync, now)}")
        for line in lines(tickets, now, columns()):
            output.text(line)
        if not tickets:
            output.text(f"  Nothing here.{_instead(title, shelf(config))}")
        if sync.get("error"):
            output.say(sync["error"])
        if total > len(tickets):
            output.say(f"{total - len(tickets)} more: --limit {total} shows all.")
    return 0


def _wanted(text: str, within: str | None, shelf: Shelf) -> tuple[str, query.Query]:
    """Return the list's title and query: a view by its name, a query, or a query within a view."""
    view = shelf.named(within or text or "now")
    if within is not None and view is None:
        raise NotFoundError(shelf.unknown(within))
    if view is None:
        return text, query.parse(text)
    if within is None or not text:
        return view.title, query.parse(view.query)
    return f"{view.title}, {text}", saved_views.narrowed(view, text)


def _instead(title: str, shelf: Shelf) -> str:
    """Return what else to look at where a list is empty."""
    if title == saved_views.VIEWS[0].title:
        return " `supportterm queue waiting` shows whose answer we wait for."
    if any(title == view.title for view in shelf):
        return ""
    near = difflib.get_close_matches(title.lower(), [view.name for view in shelf], 1, 0.7)
    return f" Did you mean the view `{near[0]}`?" if near else ""


def views(args: argparse.Namespace, output: Output) -> int:
    """List the views, each with how many tickets it has and its query."""
    now = datetime.now(UTC)
    with reading(args) as (store, config):
        listed = list(shelf(config))
        wide = max(width(view.title) for view in listed)
        kept = store.counts(config.agent.id, int(now.timestamp() * 1000), listed)
        for view in listed:
            count = kept.get(view.name)
            if count is None:
                count = store.count(compiled(query.parse(view.query), config, now))
            record = {"name": view.name, "title": view.title, "query": view.query, "tickets": count}
            output.record(record, f"{count:7,}  {fit(view.title, wide)}  {view.query}")
    return 0


def lines(tickets: Iterable[Ticket], now: datetime, wide: int) -> Iterable[str]:
    """Yield the queue's lines under the headings of its tiers, within so many terminal columns (80 at least).

    A narrow terminal gets no reasons: `why` has them.
    """
    tier = None
    room = max(wide, 80) - _FIXED
    who_columns = 14 if wide < _ROOMY else 18
    words_columns = 0 if wide < _ROOMY else (room - who_columns) * 3 // 7
    subject_columns = room - who_columns - words_columns
    for ticket in tickets:
        if ticket.status.is_ours and ticket.tier is not tier:
            tier = ticket.tier
            yield tier.title.upper()
        mark = {1: "!!", 2: "! "}.get(int(ticket.effective_priority), "  ") if ticket.status.is_ours else "  "
        who = ticket.requester_name or ticket.requester_address or NOBODY
        subject = ticket.subject or NO_SUBJECT
        due = clocks.in_words(ticket.due_at - now) if ticket.due_at else ""
        standing = f"{fit(_standing(ticket, now), words_columns - 1)} " if words_columns else ""
        yield (
            f"  {mark} {fit(ticket.ref, 9)} {fit(who, who_columns)} {fit(subject, subject_columns)} {standing}"
            f"{fit(due, 12)} {fit(ticket.assignee or '-', 7)}"
        ).rstrip()


def _standing(ticket: Ticket, now: datetime) -> str:
    """Return why a ticket stands where it does; where nobody waits for us, how it rests."""
    if ticket.snoozed_until is not None and ticket.snoozed_until > now:
        return f"snoozed until {local(ticket.snoozed_until, now)}"
    if ticket.status.is_ours:
        return ticket.words
    return f"{ticket.status.value}, last mail {clocks.in_words(now - ticket.last_message_at)} ago"


def search(args: argparse.Namespace, output: Output) -> int:
    """List the messages that hold the words, newest first."""
    now = datetime.now(UTC)
    with reading(args) as (views, config):
        where = compiled(query.parse(" ".join(args.words)), config, now)
        hits = views.search(where, args.limit)
        if where.text is None:
            raise NotFoundError("Name a word to look for; `supportterm queue QUERY` lists tickets by their fields.")
        for hit in hits:
            excerpt = fit(hit.message.reply_text or hit.message.text, max(columns() - _BEFORE_EXCERPT, 20))
            who = hit.message.sender.name or hit.message.sender.address or NOBODY
            output.record(
                {"ref": hit.ticket.ref, "subject": hit.ticket.subject, "status": hit.ticket.status.value}
                | message_record(hit.message),
                f"{fit(hit.ticket.ref, 9)} {fit(local(hit.message.at, now), 12)} {fit(who, 18)} {excerpt}".rstrip(),
            )
        if not hits:
            output.say("Nothing found.")
    return 0 if hits else 1


def _synced(sync: dict[str, Any], now: datetime) -> str:
    if not sync:
        return ""
    if sync.get("state") == "online":
        ago = now - datetime.fromisoformat(sync["success"])
        seconds = int(ago.total_seconds())
        return f"  (synced {f'{seconds} s' if seconds < 120 else clocks.in_words(ago)} ago)"
    if sync.get("state") == "syncing":
        return f"  (reading {sync['done']} of {sync['total']})"
    since = local(datetime.fromisoformat(sync["since"]), now)
    return f"  ({'sign-in refused' if sync['state'] == 'refused' else 'offline'} since {since})"
