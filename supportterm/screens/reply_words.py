"""What the screen for writing says about the text: what is asked, what is still to do, who wrote meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len

from supportterm.desk import correspondents
from supportterm.domain import reading_level
from supportterm.domain.drafts import FILES_WARNED, Also, DraftFile, Mode
from supportterm.domain.events import EventKind, difference, in_words
from supportterm.domain.mail_size import in_words as size
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation
from supportterm.domain.ticket import MessageKind, Ticket
from supportterm.screens import format as shown_as
from supportterm.screens.glyphs import Glyphs
from supportterm.screens.reply_mailing import size_words
from supportterm.screens.widgets.checklist import Check

if TYPE_CHECKING:
    from supportterm.screens.reply import ReplyScreen

_EDGES = 2
"""Cells a line leaves free at its sides."""


def said(messages: Sequence[Message], mails: Mapping[int | None, Operation]) -> list[Message]:
    """Return a ticket's messages without those that were taken back, which nobody got: nothing follows from them."""
    return [message for message in messages if (mail := mails.get(message.id)) is None or not mail.reached_nobody]


def asked_in(conversation: Sequence[Message]) -> list[Message]:
    """Return the customer's mails since our last answer; their latest where we answered after it."""
    since: list[Message] = []
    latest: list[Message] = []
    for message in conversation:
        if message.kind is MessageKind.CUSTOMER:
            since.append(message)
            latest = [message]
        elif message.kind in (MessageKind.REPLY, MessageKind.CALL):
            since = []
    return since or latest


def checks(screen: ReplyScreen) -> list[Check]:
    """Return what is to be so before the text goes, as it is now."""
    is_note, people = screen.mode is Mode.NOTE, screen.people
    found: list[Check] = []
    if not is_note:
        count = len(people.everyone)
        problem = next((p for a in people.everyone if (p := correspondents.wrong_with(a, screen.own))), "")
        words = "one recipient" if count == 1 else f"{count} recipients" if count else "name whom it goes to"
        found.append(Check(problem or words, bool(people.to) and not problem, "reply.recipients"))
    has_text = bool(screen.editor.text.strip())
    found.append(Check("has a text" if has_text else "write the text", has_text))
    if blanks := screen.editor.unfilled:
        words = "1 blank to fill" if len(blanks) == 1 else f"{len(blanks)} blanks to fill"
        found.append(Check(words, False, "reply.next-blank"))
    if screen.news and not is_note:
        found.append(Check("read what came meanwhile", False, "reply.read"))
    total = sum(f.size for f in screen.draft.files)
    if screen.draft.files:
        files = f"{len(screen.draft.files)} {'file' if len(screen.draft.files) == 1 else 'files'}"
        if too_large := size_words(screen):
            found.append(Check(f"{files}: {too_large}", False, "reply.attach"))
        elif total > FILES_WARNED:
            found.append(Check(f"{files}, {size(total)}: many servers refuse that", False, "reply.attach"))
        else:
            found.append(Check(f"{files}, {size(total)}", True, "reply.attach"))
    found += [Check(hint.message, False, is_quiet=True) for hint in screen.hinting.about_all]
    return found


def to_do(screen: ReplyScreen, found: Sequence[Check], hint: tuple[str, str]) -> str:
    """Return the line that stands for the checklist where there is no room: the hint, else what is to do first.

    Of a hint too long for the line what its key would write comes first.
    """
    left = sum(not check.is_done for check in found)
    counted = f"to do {left} ({screen.key_of('reply.checklist')} list)" if left else ""
    if hint[0]:
        said = [part for part in (shown_as.line(hint[0], 120), hint[1], counted) if part]
        fits = cell_len("   ".join(said)) <= screen.size.width - _EDGES
        return "   ".join(said if fits or not hint[1] else [hint[1], said[0], counted])
    first = next((check.words for check in found if not check.is_done), "")
    return f"{counted}  {shown_as.line(first, 120)}" if left else ""


def measured(screen: ReplyScreen) -> list[str]:
    """Return how long the text is and, where that is wanted, which grade it reads as beside the customer's mail."""
    number, what = _count(screen.editor.text)
    if not number:
        return []
    ours, theirs = screen.hinting.levels if screen.mode is not Mode.NOTE else (None, None)
    beside = f", customer's {theirs}" if theirs is not None else ""
    level = [f"reads as grade {ours}{beside}"] if ours is not None else []
    return [f"{number:,} {what if number > 1 else what[:-1]}", *level]


@lru_cache(maxsize=2)
def _count(text: str) -> tuple[int, str]:
    return reading_level.count(text)


def also_words(also: Also) -> list[str]:
    """Return what else follows from sending, a word or two each."""
    snoozed = shown_as.length(also.snooze) if also.snooze else ""
    return [
        *([f"assign {shown_as.line(also.assignee, 40)}"] if also.assignee else []),
        *([f"priority {also.priority}"] if also.priority else []),
        *([f"snooze {snoozed}"] if snoozed else []),
        *(f"-{shown_as.line(tag, 40)}" for tag in also.remove_tags),
        *([f"policy {shown_as.line(also.policy, 40)}"] if also.policy else []),
        *(["+note"] if also.note else []),
    ]


def news_words(news: Sequence[Message], now: datetime, me: str, key: str = "") -> str:
    """Say who wrote since the draft began: `Ada answered this 1 min ago`, and which key shows it."""
    if not news:
        return ""
    latest = news[-1]
    who = shown_as.line(latest.sender.name or latest.author or latest.sender.address, 60)
    ago = shown_as.ago(latest.at, now)
    if latest.kind is MessageKind.REPLY:
        words = f"{who} answered this {ago} ago"
    elif latest.kind is MessageKind.INSIDE:
        words = f"{who} (inside) wrote {ago} ago"
    else:
        words = f"{who} wrote again {ago} ago"
    more = f", {len(news) - 1} more" if len(news) > 1 else ""
    return f"{words}{more}   {key} shows it" if key else f"{words}{more}"


def meanwhile(screen: ReplyScreen, before: Ticket, after: Ticket) -> str:
    """Say what others did to the ticket while one writes on it, besides writing; empty where they did nothing."""
    if before.key != after.key:
        return f"{before.ref} was joined with {after.ref}, because a mail belongs to both. You go on writing there."
    views, change = screen.console.views, difference(before, after)
    last = next((e for e in reversed(views.events(after.key)) if e.kind is EventKind.CHANGED), None) if change else None
    if last is None or last.by == screen.console.me or not change.keys() & last.payload.keys():
        return ""
    return f"{shown_as.line(last.by, 40)}: {in_words(EventKind.CHANGED, change)}"


def file_words(files: Sequence[DraftFile], glyphs: Glyphs, key: str) -> str:
    """List the files that go along, with their sizes."""
    if not files:
        return ""
    listed = "   ".join(f"{glyphs.folded} {shown_as.line(f.name, 60)} {size(f.size)}" for f in files)
    return f"{listed}   {key} changes"


def about(screen: ReplyScreen) -> str:
    """Return how long the conversation is and what the ticket is tagged with."""
    if screen.ticket is None:
        return ""
    count = sum(m.kind in (MessageKind.CUSTOMER, MessageKind.REPLY) for m in screen.conversation)
    tags = (f"#{tag}" for tag in sorted(screen.ticket.tags))
    return f" {screen.console.glyphs.dot} ".join([f"{count} {'mail' if count == 1 else 'mails'}", *tags])


def summary(screen: ReplyScreen) -> str:
    """Return the two lines that stand for conversation and checklist where there is no room."""
    latest = next((m for m in reversed(screen.conversation) if m.kind is MessageKind.CUSTOMER), None)
    glyphs, width = screen.console.glyphs, max(screen.size.width - 2, 20)
    ending = f"  {screen.key_of('reply.read')} read all"
    if latest is None:
        return shown_as.fit("No mail from the customer yet.", width - len(ending)) + ending
    said = shown_as.line(latest.reply_text, 400)
    first = f"{latest.at.astimezone():%H:%M} {glyphs.open_quote}{said}{glyphs.close_quote}"
    lines = [shown_as.fit(first, width - len(ending), glyphs.more) + ending]
    if screen.asks:
        asks = "   ".join(f"{n} {shown_as.line(q, 120)}" for n, q in enumerate(screen.asks, 1))
        lines.append(shown_as.fit(f"asks  {asks}", width, glyphs.more))
    return "\n".join(lines)
