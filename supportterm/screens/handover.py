"""Hand over: what one would leave behind, each kept, given to a colleague, or seen to now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from supportterm.desk import handing
from supportterm.desk.context import Desk
from supportterm.desk.verbs import Done
from supportterm.domain import clocks, handover
from supportterm.domain.handover import Fate, Item, Left
from supportterm.screens import format as shown_as
from supportterm.screens import keys
from supportterm.screens.commands import Command, Scope
from supportterm.screens.listing import ListScreen
from supportterm.screens.widgets.footer import Footer
from supportterm.screens.widgets.row_list import Line, Row, RowList, heading
from supportterm.screens.widgets.sync_line import SyncLine

_EMPTY = (
    "You leave nothing behind.\n\nPromises, callbacks, updates due, reminders, drafts and mail on its way stand here,"
    " as far as they are yours."
)
_SIGNS = {Fate.KEPT: ("kept  ", "success"), Fate.GIVEN: ("given ", "accent"), Fate.DONE: ("done  ", "success")}


class HandoverScreen(ListScreen[None]):
    """A row an item, by kind; what was decided stays in sight until the end."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.HANDOVER, Scope.LIST)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.HANDOVER, Scope.LIST)]
    CSS_PATH: ClassVar[str] = "shift.tcss"
    TITLE_WORDS = "Hand over"

    def __init__(self) -> None:
        super().__init__()
        self._items: dict[str, Item] = {}
        """Everything that stood here, in the order it is shown."""
        self._left: set[str] = set()
        """What is still mine."""
        self._kept: set[str] = set()
        self._given: dict[str, str] = {}
        self._on_its_way: Item | None = None
        """What is being given: still mine, as the store has it, but not for long."""

    def compose(self) -> ComposeResult:
        """Lay out head, list and footer."""
        with Horizontal(id="head"):
            yield Static("Hand over", id="title", markup=False)
            yield SyncLine()
        yield RowList(self.console.glyphs.cursor)
        yield Static(_EMPTY, id="empty", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Read the list."""
        self.rows.focus()
        self.store_changed()

    def store_changed(self) -> None:
        """Read it again; what is gone was seen to."""
        if not self.query("#title"):
            return
        listed = handing.items(self.console.views, self.console.me, self.console.now())
        found = {item.id: item for item in listed}
        self._left = set(found)
        on_its_way = self._on_its_way and self._on_its_way.id
        self._given = {name: who for name, who in self._given.items() if name not in found or name == on_its_way}
        order = list(Left)
        self._items = dict(sorted({**self._items, **found}.items(), key=lambda pair: order.index(pair[1].kind)))
        self._draw()

    def tick(self, now: datetime) -> None:
        """Count down."""
        if self.query("#title"):
            self._draw()

    def _fate(self, item: Item) -> Fate | None:
        if item.id not in self._left:
            return Fate.GIVEN if item.id in self._given else Fate.DONE
        return Fate.KEPT if item.id in self._kept else None

    @property
    def _undecided(self) -> list[Item]:
        return [item for item in self._items.values() if self._fate(item) is None]

    def _draw(self) -> None:
        now = self.console.now()
        self.query_one(SyncLine).show(self.console.views.sync(), now)
        fates = [fate for item in self._items.values() if (fate := self._fate(item)) is not None]
        told = handover.summary(len(self._undecided), fates)
        done = f"   all decided; {self.key_of('handover.away')} says that you are away" if not self._undecided else ""
        self.query_one("#title", Static).update(f"Hand over   {told}{done if self._items else ''}")
        rows: list[Row] = []
        for kind in Left:
            group = [item for item in self._items.values() if item.kind is kind]
            rows += [Row(None, lambda _cells: [[]])] if group and rows else []
            rows += [heading(f"{kind.heading.upper()} {len(group)}")] if group else []
            rows += [Row(item.id, self._drawn(item, now)) for item in group]
        self.set_class(not rows, "empty")
        self.rows.show(rows)
        self.query_one(Footer).refresh()

    def _drawn(self, item: Item, now: datetime) -> Callable[[int], Sequence[Line]]:
        fate = self._fate(item)
        sign = _SIGNS[fate] if fate is not None else ("      ", "")
        to = f"to {shown_as.line(self._given[item.id], 40)}" if item.id in self._given else ""
        left = to or (clocks.in_words(item.due_at - now) if item.due_at and fate is not Fate.DONE else "")
        late = left.startswith("late")

        def draw(cells: int) -> Sequence[Line]:
            more = self.console.glyphs.more
            who = min(24, cells // 4)
            rest = max(cells - 6 - 10 - who - 2 - 16, 4)
            role = "quiet" if fate is not None else ""
            return [
                [
                    sign,
                    (shown_as.fit(item.ref, 10, more), "quiet"),
                    (shown_as.fit(shown_as.line(item.customer, 100), who, more), role),
                    ("  " + shown_as.fit(shown_as.line(item.words, 300), rest, more), role),
                    ("  " + shown_as.fit(left, 14, more), "accent" if to else "warning" if late else "quiet"),
                ]
            ]

        return draw

    @on(RowList.Marked)
    def marked(self) -> None:
        """Say in the footer what can be done with it."""
        self.query_one(Footer).refresh()

    @on(RowList.Chosen)
    def chosen(self) -> None:
        """See to it now."""
        self.action_answer()

    @property
    def _item(self) -> Item | None:
        return self._items.get(str(self.rows.selected))

    def why_not(self, command: Command) -> str:
        """Say that there is nothing here to do it to, or that it is gone already."""
        if command.scope is not Scope.HANDOVER or command.id in ("handover.away", "handover.copy"):
            return ""
        if command.id == "handover.give-rest":
            return "" if self._undecided else "Nothing is left to decide."
        item = self._item
        if item is None:
            return "There is nothing here."
        if command.id in ("handover.keep", "handover.give") and item.id not in self._left:
            return f"It is {self._fate(item)} already; {self.key_of('desk.undo')} takes your last step back."
        return ""

    def action_answer(self) -> None:
        """Go and see to it: write, or look at the outbox."""
        item = self._item
        if item is None:
            return
        if item.kind is Left.MAIL and item.id in self._left:
            from supportterm.screens.outbox import OutboxScreen

            self.app.push_screen(OutboxScreen())
        elif item.id in self._left and item.kind in (Left.DRAFT, Left.PROMISE, Left.UPDATE):
            from supportterm.screens.reply import Mode, ReplyScreen

            kind = item.name.rpartition(" ")[2] if item.kind is Left.DRAFT else "reply"
            self.app.push_screen(ReplyScreen(item.ticket_key, Mode(kind)))
        else:
            self.action_ticket()

    def action_keep(self) -> None:
        """Keep it, or decide anew."""
        if (item := self._item) is not None:
            self._kept ^= {item.id}
            self._draw()
            self.rows.move(1)

    def action_give(self) -> None:
        """Ask for a colleague and give it to them."""
        if (item := self._item) is not None:
            words = shown_as.line(item.words, 60)
            self.in_background(self._give([item], f"Who takes the {item.kind} on {item.ref}: {words}"))

    def action_give_rest(self) -> None:
        """Give all that is not decided to one colleague, each in a step of its own."""
        rest = self._undecided
        self.in_background(self._give(rest, f"Who takes {len(rest)} things"))

    async def _give(self, items: Sequence[Item], title: str) -> None:
        from supportterm.screens.away import colleague

        agent = await colleague(self, title)
        if not agent:
            return
        for item in items:
            self._given[item.id], self._on_its_way = agent, item
            self._kept.discard(item.id)
            try:
                done: Done = await self.console.do(_giving(item, agent))
            except Exception:
                self._given.pop(item.id, None)
                raise
            finally:
                self._on_its_way = None
            self.say(f"{done.ref}  {done.words}   {self.key_of('desk.undo')} takes it back")
        if self.is_here:
            self.store_changed()

    def action_ticket(self) -> None:
        """Go to its ticket."""
        from supportterm.screens.ticket import TicketScreen

        if (item := self._item) is not None:
            self.app.push_screen(TicketScreen(item.ticket_key))

    def action_copy(self) -> None:
        """Copy the list as text."""
        now = self.console.now()
        lines = []
        for item in self._items.values():
            fate = self._fate(item)
            state = f"given to {self._given[item.id]}" if item.id in self._given else str(fate or "open")
            due = f", due {shown_as.when(item.due_at, now)}" if item.due_at else ""
            lines.append(f"{item.ref}  {item.kind}: {shown_as.line(item.words, 200)}{due} ({state})")
        self.app.copy_to_clipboard("\n".join(lines))
        self.say(f"Copied {len(lines)} lines.")

    def action_away(self) -> None:
        """Ask until when one is away."""
        from supportterm.screens.away import ask

        self.in_background(ask(self))


def _giving(item: Item, agent: str) -> Callable[[Desk], Done]:
    return lambda desk: handing.give(desk, item, agent)
