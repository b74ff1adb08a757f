"""The line above the editor: whom the text goes to and what changed since the last mail, or that it stays inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from supportterm.domain.drafts import Mode, Recipients
from supportterm.domain.mail import Address
from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind
from supportterm.screens import format as shown_as
from supportterm.screens.base import run
from supportterm.screens.glyphs import UNICODE, Glyphs

WORDS = {Mode.REPLY: "REPLY", Mode.REPLY_ALL: "REPLY TO ALL", Mode.FORWARD: "FORWARD", Mode.NOTE: "NOTE, stays inside"}


NOBODY = Recipients()


@dataclass(frozen=True, slots=True)
class Addressed:
    """What the line says."""

    mode: Mode
    people: Recipients = NOBODY
    sender: str = ""
    new: tuple[Address, ...] = ()
    """Who was not on the last mail."""
    left_out: tuple[Address, ...] = ()
    """Who was on it and gets this one no more."""


def changes(
    conversation: Sequence[Message], people: Recipients, ours: Iterable[str]
) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    """Return who is new since the last mail between desk and customer, and who was on it and is left out."""
    last = next((m for m in reversed(conversation) if m.kind in (MessageKind.CUSTOMER, MessageKind.REPLY)), None)
    if last is None:
        return (), ()
    own = {address.lower() for address in ours}
    before = {
        a.address.lower(): a
        for a in (last.sender, *last.reply_to, *last.to, *last.cc)
        if a.address and a.address.lower() not in own
    }
    now = {a.address.lower(): a for a in people.everyone}
    answered = {a.address.lower() for a in last.reply_to}
    gone = {key: a for key, a in before.items() if key not in now and not (answered & now.keys() and a is last.sender)}
    return tuple(a for key, a in now.items() if key not in before), tuple(gone.values())


class RecipientsLine(Widget):
    """One line across; a click changes whom it goes to."""

    DEFAULT_CSS = """
    RecipientsLine { height: 1; color: $quiet; }
    RecipientsLine > .recipients--word { color: $accent; text-style: bold; }
    RecipientsLine > .recipients--people { color: $foreground; }
    RecipientsLine > .recipients--change { color: $warning; }
    RecipientsLine > .recipients--inside { color: $warning; background: $note; text-style: bold; }
    RecipientsLine > .recipients--ground { background: $note; color: $quiet; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"recipients--{name}" for name in ("word", "people", "change", "inside", "ground")
    }

    addressed: reactive[Addressed] = reactive(Addressed(Mode.REPLY))
    glyphs: Glyphs = UNICODE

    def render_line(self, y: int) -> Strip:
        """Draw the line; what does not fit is cut from the end, the rule fills the rest."""
        width, shown = self.size.width, self.addressed
        if shown.mode is Mode.NOTE:
            ground = self.get_component_rich_style("recipients--ground")
            word = f"{self.glyphs.rule} {WORDS[shown.mode]} "
            return Strip(
                [
                    Segment(word, self.get_component_rich_style("recipients--inside")),
                    Segment(self.glyphs.rule * max(width - cell_len(word), 0), ground),
                ]
            ).adjust_cell_length(width, ground)
        quiet, people = self.rich_style, self.get_component_rich_style("recipients--people")
        change = self.get_component_rich_style("recipients--change")
        parts = [
            Segment(f"{self.glyphs.rule} ", quiet),
            Segment(WORDS[shown.mode], self.get_component_rich_style("recipients--word")),
            Segment("  to ", quiet),
        ]
        new = {a.address.lower() for a in shown.new}
        room = width - sum(cell_len(part.text) for part in parts) - 1
        if not shown.people.to:
            parts.append(Segment("nobody yet", change))
        for label, group in (("", shown.people.to), ("  cc ", shown.people.cc), ("  bcc ", shown.people.bcc)):
            if label and not group:
                continue
            parts.append(Segment(label, quiet))
            for number, person in enumerate(group):
                sign = "+ " if person.address.lower() in new else ""
                told = ("," if number else "") + (" " if number else "")
                parts.append(Segment(told, quiet))
                parts.append(Segment(sign + _name(person, len(group), room), change if sign else people))
                if sign:
                    parts.append(Segment(" new", change))
        for person in shown.left_out:
            parts.append(Segment(f"  left out {shown_as.line(person.address, 60)}", change))
        used = sum(cell_len(part.text) for part in parts)
        ending = f"  from {shown.sender}"
        if used + cell_len(ending) < width - 1:
            parts.append(Segment(ending, quiet))
            used += cell_len(ending)
        parts.append(Segment(" " + self.glyphs.rule * max(width - used - 1, 0), quiet))
        strip = Strip(parts)
        if strip.cell_length > width:
            strip = Strip([*strip.crop(0, width - 1), Segment(self.glyphs.more, quiet)])
        return strip.adjust_cell_length(width, quiet)

    async def on_click(self, event: events.Click) -> None:
        """Change whom it goes to."""
        event.stop()
        await run(self.screen, "reply.recipients")


def _name(person: Address, among: int, room: int) -> str:
    """Return a person's address, with their name where there is room; the address is always shown."""
    name, address = shown_as.line(person.name, 60), shown_as.line(person.address, 120)
    whole = f"{name} <{address}>"
    return whole if name and among * cell_len(whole) < room // 2 else address
