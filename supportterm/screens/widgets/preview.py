"""What a ticket is about, before it is opened: who, why, their words, what they ask, what there was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len, chop_cells
from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from supportterm.domain import problem
from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as
from supportterm.screens.glyphs import UNICODE, Glyphs
from supportterm.store.views import Views

_LABEL = 9


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A ticket with what the preview shows besides: the customer's latest words, their questions, earlier tickets."""

    ticket: Ticket
    words: str
    asks: tuple[str, ...]
    earlier: tuple[Ticket, ...]
    label: str = "earlier"
    """What the last of these are."""
    facts: str = ""
    """What to say in place of the ticket's own facts."""


def glimpse(views: Views, ticket: Ticket) -> Glimpse:
    """Read what the preview shows; three short questions to the store."""
    from supportterm.domain import questions

    words = shown_as.body(views.last_words(ticket.key))
    earlier = views.of_customer(ticket.requester_address, but=ticket.key)
    return Glimpse(ticket, " ".join(words.split()), tuple(questions.questions(words)), tuple(earlier))


class Preview(Widget):
    """Below the list in a few lines, or beside it in a column, as its size allows."""

    DEFAULT_CSS = """
    Preview { height: 2; width: 1fr; color: $foreground; }
    Preview > .preview--quiet { color: $quiet; }
    Preview > .preview--name { text-style: bold; }
    Preview > .preview--words { color: $foreground; text-style: italic; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"preview--quiet", "preview--name", "preview--words"}

    def __init__(self, glyphs: Glyphs = UNICODE) -> None:
        """Begin with nothing."""
        super().__init__()
        self._glyphs = glyphs
        self._shown: Glimpse | None = None
        self._now: datetime | None = None

    def show(self, shown: Glimpse | None, now: datetime) -> None:
        """Show a ticket, or nothing."""
        if shown != self._shown:
            self._shown, self._now = shown, now
            self.refresh()

    def render(self) -> Text:
        """Lay the lines out for the size there is."""
        width, height = self.size
        if self._shown is None or self._now is None or width < 10:
            return Text("")
        if height <= 3:
            lines = self._short(self._shown, width, height)
        elif height <= 8:
            lines = self._below(self._shown, width, height)
        else:
            lines = self._beside(self._shown, width, height)
        return Text("\n", no_wrap=True).join(lines[:height])

    def _short(self, shown: Glimpse, width: int, height: int) -> list[Text]:
        asks = f"   asks {len(shown.asks)}" if shown.asks else ""
        why = shown_as.fit(self._why(shown.ticket), width - 7 - cell_len(asks), self._glyphs.more).rstrip()
        first = Text.assemble((" why  ", self._style("quiet")), why, (asks, self._style("quiet")))
        facts = shown_as.fit(f" {shown_as.line(shown.facts)}", width, self._glyphs.more).rstrip()
        return [first, Text(facts)] if facts else [first, *self._quoted(shown, width - 2, height - 1)]

    def _below(self, shown: Glimpse, width: int, height: int) -> list[Text]:
        lines = [self._heading(shown, width), self._labelled("why", self._why(shown.ticket), width)]
        quoted = self._quoted(shown, width - 2, max(height - 4, 1))
        asks = "   ".join(f"{number} {line}" for number, line in enumerate(map(shown_as.line, shown.asks), 1))
        earlier = "   ".join(self._once(ticket) for ticket in shown.earlier)
        lines += quoted
        if asks:
            lines.append(self._labelled("asks", asks, width))
        if earlier:
            lines.append(self._labelled(shown.label, earlier, width))
        return lines

    def _beside(self, shown: Glimpse, width: int, height: int) -> list[Text]:
        ticket, quiet = shown.ticket, self._style("quiet")
        room = width - 2
        lines = [
            Text(f" {shown_as.fit(shown_as.customer(ticket), room)}", self._style("name")),
            Text(f" {shown_as.fit(shown_as.line(ticket.requester_address), room)}", quiet),
            Text(f" {shown_as.fit(shown_as.line(shown.facts) or self._facts(ticket), room)}", quiet),
            Text(""),
            Text(" why", quiet),
        ]
        lines += [Text(f" {line}") for line in _wrapped(self._why(ticket), room, 3)]
        lines += [Text(""), *self._quoted(shown, room, max(height - 18, 4)), Text("")]
        if shown.asks:
            lines.append(Text(" asks", quiet))
            for number, question in enumerate(shown.asks, 1):
                lines += [Text(f" {line}") for line in _wrapped(f"{number} {shown_as.line(question)}", room, 2)]
            lines.append(Text(""))
        if shown.earlier:
            lines.append(Text(f" {shown.label}", quiet))
            lines += [Text(f" {shown_as.fit(self._once(each), room)}") for each in shown.earlier]
        return lines

    def _heading(self, shown: Glimpse, width: int) -> Text:
        ticket = shown.ticket
        name = shown_as.customer(ticket)
        address = shown_as.line(ticket.requester_address)
        rest = "" if address == name or not address else f" {self._glyphs.dot} {address}"
        facts = f"{rest} {self._glyphs.dot} {shown_as.line(shown.facts) or self._facts(ticket)}"
        room = max(width - 3 - cell_len(ticket.ref), 4)
        name = shown_as.fit(name, min(cell_len(name), room))
        facts = shown_as.fit(facts, room - cell_len(name))
        return Text.assemble(
            " ", (name, self._style("name")), (facts, self._style("quiet")), " ", (ticket.ref, self._style("quiet"))
        )

    def _facts(self, ticket: Ticket) -> str:
        mails = f"{ticket.messages} message{'' if ticket.messages == 1 else 's'}"
        if ticket.last_reply_at is not None and self._now is not None:
            answered = f"last answer {shown_as.when(ticket.last_reply_at, self._now)}"
        else:
            answered = "no answer from us"
        tags = " ".join(f"#{tag}" for tag in sorted(ticket.tags))
        behind = problem.named(ticket.problem) if ticket.problem else ""
        facts = [behind, shown_as.line(ticket.lang or ""), f"{mails}, {answered}", shown_as.line(tags)]
        return f" {self._glyphs.dot} ".join(fact for fact in facts if fact)

    def _why(self, ticket: Ticket) -> str:
        if ticket.words:
            return shown_as.line(ticket.words)
        return "nothing special" if ticket.status.is_ours else f"{ticket.status.value}: it waits for nobody here"

    def _labelled(self, label: str, words: str, width: int) -> Text:
        words = shown_as.fit(words, width - _LABEL - 2, self._glyphs.more).rstrip()
        return Text.assemble((f" {label:{_LABEL}}", self._style("quiet")), words)

    def _quoted(self, shown: Glimpse, room: int, lines: int) -> list[Text]:
        if not shown.words:
            return [Text(" (no words)", self._style("quiet"))]
        words = f"{self._glyphs.open_quote}{shown.words}{self._glyphs.close_quote}"
        return [Text(f" {line}", self._style("words")) for line in _wrapped(words, room, lines, self._glyphs.more)]

    def _once(self, ticket: Ticket) -> str:
        return f"{ticket.ref} {shown_as.subject(ticket)} ({ticket.status.value})"

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"preview--{part}", partial=True)


def _wrapped(words: str, cells: int, most: int, more: str = "…") -> list[str]:
    """Break words into at most so many lines of so many cells; what is cut off ends in a sign."""
    lines: list[str] = []
    rest = words
    while rest and len(lines) < most:
        line = chop_cells(rest[: 4 * cells + 8], max(cells, 2))[0]
        if len(line) < len(rest):
            broken = line.rfind(" ") if rest[len(line)] != " " else len(line)
            line = line[: broken if broken > len(line) // 2 else len(line)]
        if len(lines) == most - 1 and len(line) < len(rest):
            line = shown_as.fit(rest, cells, more)
            rest = ""
        lines.append(line)
        rest = rest[len(line) :].lstrip()
    return lines


__all__: Sequence[str] = ("Glimpse", "Preview", "glimpse")
