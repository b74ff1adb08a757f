"""The line above the editor: whom the text goes to and what changed since the last mail, or that it stays inside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from supportterm.domain.drafts import Mode, Recipients
from supportterm.domain.mail import Address
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
    is_one_of_several: bool = False
    """True where the sender is to be seen before the recipients: the mailbox has more addresses."""


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
        parts = self._parts(shown, width)
        if shown.is_one_of_several and sum(cell_len(part.text) for part in parts) > width - 1:
            shown = replace(shown, sender=f"{shown.sender.rpartition('@')[0]}@{self.glyphs.more}")
            parts = self._parts(shown, width)
        if sum(cell_len(part.text) for part in parts) > width - 1:
            parts = self._shortened(shown)
        used = sum(cell_len(part.text) for part in parts)
        quiet = self.rich_style
        ending = "" if shown.is_one_of_several else f"  from {shown_as.line(shown.sender, 120)}"
        if used + cell_len(ending) < width - 1:
            parts.append(Segment(ending, quiet))
            used += cell_len(ending)
        parts.append(Segment(" " + self.glyphs.rule * max(width - used - 1, 0), quiet))
        strip = Strip(parts)
        if strip.cell_length > width:
            strip = Strip([*strip.crop(0, width - 1), Segment(self.glyphs.more, quiet)])
        return strip.adjust_cell_length(width, quiet)

    def _parts(self, shown: Addressed, width: int) -> list[Segment]:
        """Return everybody, who is new marked where they stand."""
        quiet, people = self.rich_style, self.get_component_rich_style("recipients--people")
        change = self.get_component_rich_style("recipients--change")
        new = {a.address.lower() for a in shown.new}
        parts = self._beginning(shown)
        for label, group in (("", shown.people.to), ("  cc ", shown.people.cc), ("  bcc ", shown.people.bcc)):
            parts += [Segment(label, quiet)] if label and group else []
            for number, person in enumerate(group):
                is_new = person.address.lower() in new
                name = _name(person, len(shown.people.everyone), width)
                parts.append(Segment(", " if number else "", quiet))
                parts.append(Segment(f"+ {name} new" if is_new else name, change if is_new else people))
        return parts + self._left_out(shown)

    def _shortened(self, shown: Addressed) -> list[Segment]:
        """Return the first, how many there are besides, and by name who is new or left out."""
        change = self.get_component_rich_style("recipients--change")
        parts = self._beginning(shown)
        if shown.people.to:
            first = shown_as.line(shown.people.to[0].address, 120)
            parts.append(Segment(first, self.get_component_rich_style("recipients--people")))
        if (more := len(shown.people.everyone) - 1) > 0:
            parts.append(Segment(f" and {more} more", self.rich_style))
        parts += [Segment(f"  + {shown_as.line(a.address, 120)} new", change) for a in shown.new]
        return parts + self._left_out(shown)

    def _beginning(self, shown: Addressed) -> list[Segment]:
        word = Segment(WORDS[shown.mode], self.get_component_rich_style("recipients--word"))
        parts = [Segment(f"{self.glyphs.rule} ", self.rich_style), word, Segment("  to ", self.rich_style)]
        if shown.is_one_of_several:
            parts.insert(2, Segment(f"  from {shown_as.line(shown.sender, 120)}", self.rich_style))
        if not shown.people.to:
            parts.append(Segment("nobody yet", self.get_component_rich_style("recipients--change")))
        return parts

    def _left_out(self, shown: Addressed) -> list[Segment]:
        change = self.get_component_rich_style("recipients--change")
        return [Segment(f"  left out {shown_as.line(a.address, 60)}", change) for a in shown.left_out]

    async def on_click(self, event: events.Click) -> None:
        """Change whom it goes to."""
        event.stop()
        await run(self.screen, "reply.recipients")


def _name(person: Address, among: int, room: int) -> str:
    """Return a person's address, with their name where there is room; the address is always shown."""
    name, address = shown_as.line(person.name, 60), shown_as.line(person.address, 120)
    whole = f"{name} <{address}>"
    return whole if name and among * cell_len(whole) < room // 2 else address
