"""What has become of a mail, as a person reads it: a sign, a word, a sentence about what to do."""

from __future__ import annotations

import platform
from datetime import datetime

from supportterm.domain import held
from supportterm.domain.operations import Operation, State, shown_state
from supportterm.screens import format as shown_as
from supportterm.screens.glyphs import Glyphs

ROLES = {
    State.UNCERTAIN: "warning",
    State.REFUSED: "error",
    State.REVIEW: "warning",
    State.SENDING: "accent",
    State.QUEUED: "",
    State.ACCEPTED: "success",
    State.UNDONE: "quiet",
}
"""The colour of each state; its word and sign say the same."""


def sign(state: State, glyphs: Glyphs) -> str:
    """Return a state's sign, one cell wide."""
    return {
        State.UNCERTAIN: "?",
        State.REFUSED: glyphs.not_done,
        State.REVIEW: "!",
        State.SENDING: ">",
        State.ACCEPTED: glyphs.done,
        State.UNDONE: "<",
    }.get(state, glyphs.dot)


def word(state: State) -> str:
    """Return a state's word."""
    return {State.UNDONE: "taken back"}.get(state, state.value)


def timing(mail: Operation, now: datetime, *, online: bool, room: int = 80) -> str:
    """Return when a mail leaves, is tried again, stopped or left: `leaves in 8 s`, `next try 14:06, 3rd`."""
    state = shown_state(mail)
    if mail.state is State.SENDING:
        return "on its way now"
    if mail.state.is_settled or state.needs_a_look:
        return shown_as.when(mail.updated_at, now)
    if mail.not_before > now and (hold := held.of(mail)) is not None:
        both = f"leaves {held.in_words(hold, now)}"
        if len(both) <= room:
            return both
        there = held.in_words(hold, now, hold.zone)
        return f"leaves {there} {held.THEIRS}" if hold.whose == held.THEIRS else f"leaves {_clock(hold.at, now)}"
    if mail.not_before > now:
        return f"leaves in {_left(mail.not_before, now)}"
    if not online and mail.next_attempt_at <= now:
        return "waits for the server"
    if mail.attempts:
        at = mail.next_attempt_at
        when = "now" if at <= now else f"{at.astimezone():%H:%M:%S}" if (at - now).seconds < 60 else _clock(at, now)
        return f"next try {when}, {_ordinal(mail.attempts + 1)}"
    return "leaves now" if online else "waits for the server"


def advice(mail: Operation, now: datetime, *, online: bool) -> str:
    """Return what has happened and what the agent can do, in a sentence or two."""
    state = shown_state(mail)
    got = [r for r in mail.recipients if r.state is State.ACCEPTED]
    some = " Those who have got it will not get it again." if got else ""
    match state:
        case State.UNCERTAIN:
            return (
                "The connection was lost after the mail was handed over, so it may have arrived. Look in the mailbox's"
                " Sent folder or ask; then mark it sent, or send it again, which may bring it twice."
            )
        case State.REFUSED:
            return f"The server will not take it. Mend what it says and send it again, or discard it.{some}"
        case State.REVIEW:
            return (
                "Newer mail came before this one left. Read the ticket, then send it again as it is, or discard it and"
                " write anew."
            )
        case State.SENDING:
            return "It is being handed over. A moment."
        case State.ACCEPTED:
            return "The server has taken it for everyone."
        case State.UNDONE:
            return "It was taken back before it left. It can still be sent."
    if mail.not_before > now and (hold := held.of(mail)) is not None:
        host = shown_as.line(platform.node() or "this machine", 60)
        return (
            f"It leaves {held.in_words(hold, now)}, while {host} is awake and supportterm, or its sync, runs on it."
            " Where the customer writes first it stays, and its text is a draft again."
        )
    if mail.not_before > now:
        return f"It waits out its undo time and leaves in {_left(mail.not_before, now)}; undo takes it back."
    if not online:
        return "It leaves by itself as soon as the server can be reached. Nothing is lost."
    if mail.attempts:
        return "The server asked to try later. It is tried again by itself for about a day."
    return "It leaves by itself."


def cannot_retry(mail: Operation) -> str:
    """Say why a mail cannot be sent again; empty where it can."""
    return {
        State.QUEUED: "It leaves by itself; there is nothing to send again.",
        State.SENDING: "It is being handed over right now.",
        State.ACCEPTED: "The server has taken it for everyone; write a new reply instead.",
    }.get(mail.state, "")


def cannot_mark_sent(mail: Operation) -> str:
    """Say why a mail cannot be marked as sent; empty where it can."""
    return "" if mail.state is State.UNCERTAIN else f"Only an uncertain mail can be marked; this one is {_is(mail)}."


def cannot_edit(mail: Operation) -> str:
    """Say why a mail cannot be written on; empty where it can."""
    if any(r.state is State.ACCEPTED for r in mail.recipients):
        return "Some have got it already; write a new reply instead."
    return cannot_discard(mail)


def cannot_wait(mail: Operation) -> str:
    """Say why a mail cannot be given another time; empty where it can."""
    if mail.state is not State.QUEUED or any(r.state is State.ACCEPTED for r in mail.recipients):
        return f"Only a mail that waits can be given another time; this one is {_is(mail)}."
    return ""


def cannot_discard(mail: Operation) -> str:
    """Say why a mail cannot be discarded; empty where it can."""
    if mail.state is State.SENDING:
        return "It is being handed over right now and cannot be held back."
    if mail.state is State.ACCEPTED:
        return "It has left and cannot be taken back."
    if mail.state is State.UNDONE:
        return "It was taken back already."
    if not mail.state.needs_a_look and any(r.state is State.ACCEPTED for r in mail.recipients):
        return "Some have got it already; it is still tried for the others."
    return ""


def _is(mail: Operation) -> str:
    return word(shown_state(mail))


def _left(until: datetime, now: datetime) -> str:
    seconds = max(int((until - now).total_seconds() + 0.999), 0)
    return f"{seconds} s" if seconds < 60 else shown_as.ago(now, until)


def _clock(at: datetime, now: datetime) -> str:
    here = at.astimezone()
    return f"{here:%H:%M}" if here.date() == now.astimezone().date() else f"{here:%a %H:%M}"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
