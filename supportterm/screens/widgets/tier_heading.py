"""Lines of the queue that are no tickets: a tier's heading, and what stands where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from supportterm.domain.ticket import Tier
from supportterm.screens import format as shown_as
from supportterm.screens.widgets.ticket_row import Look

_REMARK = 20
"""The least cells in which what a heading counts is shown beside its key."""


def heading_line(
    tier: int, count: int, totals: Mapping[int, int], remarks: Mapping[int, tuple[str, str]], look: Look
) -> Strip:
    """Draw a tier's heading with its count, and beside it what is there and the key that does something about it.

    `totals` holds truer counts where they are known; the remark's key is the last to go where there is little room.
    """
    words = f" {Tier(tier).title.upper()} {totals.get(tier, count)}"
    style, width = look.styles["heading"], look.columns.width
    line = [Segment(words, style)]
    what, key = remarks.get(tier, ("", ""))
    room = width - len(words) - len(key) - 7
    if key and room > 0:
        quiet = style + look.styles["quiet"]
        said = shown_as.fit(what, min(room, cell_len(what)), look.glyphs.more) if room > _REMARK else ""
        line += [Segment(f"   {said}" if said else "", quiet), Segment(f"   {key}", quiet)]
    return Strip(line).adjust_cell_length(width, style)


def empty_line(lines: Sequence[str], place: int, look: Look) -> Strip:
    """Draw one line of what is said where there is no ticket."""
    words = lines[place] if 0 <= place < len(lines) else ""
    base = look.styles["row"] + look.styles["quiet"]
    return Strip([Segment(shown_as.fit(f"   {words}" if words else "", look.columns.width, look.glyphs.more), base)])
