"""One ticket as one line of the queue, its columns straight whatever is written in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from supportterm.domain.ticket import Status, Ticket
from supportterm.screens import format as shown_as
from supportterm.screens.glyphs import Glyphs

ROOMY = 100
"""Columns from which the reasons have their own."""
_LEAD, _CLOCK, _GAP = 6, 17, 2
_KIND, _LEFT = 7, 7
_WITH_REFERENCE = 125
_REFERENCE = 10


@dataclass(frozen=True, slots=True)
class Columns:
    """How many cells each column has; 0 leaves it out."""

    width: int
    customer: int
    reference: int
    subject: int
    reasons: int
    clock: int
    assignee: int


def columns(width: int) -> Columns:
    """Share out a line of so many cells."""
    roomy = width >= ROOMY
    clock = _CLOCK if width >= 50 else 0
    assignee = (9 if roomy else 7) if width >= 64 else 0
    room = max(width - _LEAD - clock - assignee, 0)
    customer = min(max(room * 22 // 100, 10), 26)
    reference = _REFERENCE if width >= _WITH_REFERENCE else 0
    rest = max(room - customer - _GAP - reference - _GAP, 0)
    reasons = rest * 42 // 100 - _GAP if roomy else 0
    return Columns(width, customer, reference, rest - reasons - (_GAP if roomy else 0), reasons, clock, assignee)


@dataclass(frozen=True, slots=True)
class Look:
    """What a line's look depends on besides its ticket."""

    me: str
    glyphs: Glyphs
    styles: Mapping[str, Style]
    columns: Columns


def warning(ticket: Ticket, now: datetime) -> str:
    """Say how far the ticket's clock is: `late`, `hurry`, `warn`, as the policy has it, else empty."""
    return shown_as.pressing(ticket.due_at, ticket.due_warnings, now)


def clock(ticket: Ticket, now: datetime) -> tuple[str, str, str]:
    """Return what changes in a line as time passes: the clock's kind, what is left, the warning."""
    return *shown_as.due(ticket, now), warning(ticket, now)


def draw(ticket: Ticket, now: datetime, look: Look, *, selected: bool, marked: bool, has_draft: bool = False) -> Strip:
    """Draw a ticket's line, exactly as wide as its columns; a draft of one's own stands for whose it is."""
    cols, glyphs, styles = look.columns, look.glyphs, look.styles
    base = styles["selected"] if selected else styles["row"]
    level = int(ticket.effective_priority)
    urgent = glyphs.urgent if level == 1 else glyphs.high if level == 2 else ""
    kind, left, warn = clock(ticket, now)
    sign, sign_style = _sign(ticket, glyphs, marked=marked)
    parts: list[tuple[str, int, str]] = [
        (glyphs.cursor if selected else "", 1, "mark"),
        (urgent, 2, "late" if level == 1 else "warn"),
        ("", 1, ""),
        (sign, 1, sign_style),
        ("", 1, ""),
        *_customer(ticket, cols.customer),
        ("", _GAP, ""),
        (ticket.ref, cols.reference, "quiet"),
        (shown_as.subject(ticket), cols.subject, "" if ticket.subject.strip() else "quiet"),
        ("", _GAP, ""),
        (shown_as.line(ticket.words), cols.reasons, "quiet"),
        ("", _GAP if cols.reasons else 0, ""),
    ]
    if cols.clock:
        parts.append((kind, _KIND, warn or "quiet"))
        parts.append((left.rjust(_LEFT), _LEFT, warn))
        parts.append(({"late": " !!", "hurry": " !!", "warn": " !"}.get(warn, ""), 3, warn))
    if cols.assignee:
        who = "you" if ticket.assignee == look.me else shown_as.line(ticket.assignee or "") or glyphs.dash
        style = "" if ticket.assignee == look.me else "quiet"
        parts += [("", 1, ""), ("draft" if has_draft else who, cols.assignee - 1, "mark" if has_draft else style)]
    pieces = [(shown_as.fit(text, cells, glyphs.more), style) for text, cells, style in parts if cells > 0]
    segments = [Segment(text, base + styles[style] if style else base) for text, style in _runs(pieces)]
    return Strip(segments, sum(max(cells, 0) for _, cells, _ in parts)).adjust_cell_length(cols.width, base)


def _runs(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join what looks alike, and blanks with what is beside them: each run costs the terminal its colours."""
    runs: list[tuple[str, str]] = []
    for text, style in pieces:
        before, look = runs[-1] if runs else ("", style)
        is_blank = text.isspace()
        if runs and (is_blank or style == look or before.isspace()):
            runs[-1] = before + text, look if is_blank else style
        else:
            runs.append((text, style))
    return runs


def _sign(ticket: Ticket, glyphs: Glyphs, *, marked: bool) -> tuple[str, str]:
    if marked:
        return glyphs.mark, "mark"
    return (glyphs.unseen, "mark") if ticket.status is Status.NEW else ("", "")


def _customer(ticket: Ticket, cells: int) -> list[tuple[str, int, str]]:
    if "vip" in ticket.tags and cells > 8:
        return [(shown_as.customer(ticket), cells - 4, "name"), (" VIP", 4, "mark")]
    return [(shown_as.customer(ticket), cells, "name")]
