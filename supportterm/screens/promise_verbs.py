"""Promises on a ticket: given by hand, kept otherwise than by a reply, moved, given to a colleague, withdrawn."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

from supportterm.domain import clocks, wanted
from supportterm.domain.errors import RefusedError
from supportterm.domain.ledger import ClockState, TicketClock
from supportterm.screens import format as shown_as
from supportterm.screens.chosen import ChosenTickets

_OPEN = (ClockState.RUNNING, ClockState.PAUSED)
_EXAMPLE = "friday 14:00 I call you back"


@dataclass(frozen=True, slots=True)
class _Step:
    """What to do, and to which promise; None for a new one."""

    act: Callable[[TicketClock], object] | None = None
    clock: TicketClock | None = None


class PromiseVerbs(ChosenTickets):
    """What an agent does about the promises of a ticket."""

    def action_promise(self) -> None:
        """Offer what can be done: a new promise, and each that is open kept, moved, given away or withdrawn."""
        from supportterm.screens.asking import Choice, Pick

        found = self._promises()
        steps = (
            ("kept", self._keep, "done otherwise than by a reply"),
            ("move it", self._move, "another time; later: tell them first"),
            ("give it away", self._give, "a colleague keeps it"),
            ("withdraw it", self._withdraw, "nobody owes it any more"),
        )
        choices = [
            Choice(f"“{shown_as.line(clock.words, 60)}”: {words}", _Step(act, clock), f"{self._left(clock)}; {remark}")
            for clock in found
            for words, act, remark in steps
        ]
        choices.append(Choice("a new promise", _Step(), "a time, then what"))

        async def ask() -> None:
            step = await self.ask_for(Pick(f"Promises of {self._them()}", choices)) if found else _Step()
            if step is not None and step.act is not None and step.clock is not None:
                step.act(step.clock)
            elif step is not None:
                await self._ask_for_one()

        self.in_background(ask())

    def command_promise(self, argument: str) -> None:
        """Promise by hand: a time, then what.

        Raises:
            RefusedError: no clear time begins it.
        """
        from supportterm.desk import promising

        key = self.selected()
        if key is not None:
            promise = promising.typed(argument, self.console.config, self.console.now())
            self.perform(lambda desk: promising.promise(desk, key, promise))

    def action_promise_kept(self) -> None:
        """Say that a promise was kept."""
        self._with_one(self._keep)

    def action_promise_withdraw(self) -> None:
        """End a promise that is owed no more."""
        self._with_one(self._withdraw)

    def action_promise_move(self) -> None:
        """Ask for another time."""
        self._with_one(self._move)

    def command_promise_move(self, argument: str) -> None:
        """Give a promise another time.

        Raises:
            RefusedError: it is no clear time to come.
        """
        from supportterm.desk import promising

        at = promising.instant(argument, self.console.config, self.console.now())
        if at is None:
            raise RefusedError(
                f"“{argument}” is no clear time to come. Try `friday 14:00`, `2h` or `2026-12-03 14:00`."
            )
        self._with_one(lambda clock: self.perform(lambda desk: promising.move(desk, clock.id, at)))

    def action_promise_give(self) -> None:
        """Ask whom to give a promise to."""
        self._with_one(self._give)

    def command_promise_give(self, argument: str) -> None:
        """Give a promise to an agent."""
        from supportterm.desk import promising

        agent = wanted.agent(argument, self.console.me) or self.console.me
        self._with_one(lambda clock: self.perform(lambda desk: promising.give(desk, clock.id, agent)))

    def _promises(self) -> list[TicketClock]:
        key = self.selected()
        found = self.console.views.clocks(key) if key is not None else []
        return [clock for clock in found if clock.kind == "promise" and clock.state in _OPEN]

    def _left(self, clock: TicketClock) -> str:
        return clocks.in_words(clock.due_at - self.console.now()) if clock.due_at else ""

    def _with_one(self, act: Callable[[TicketClock], object]) -> None:
        """Act on the ticket's promise; of several let the agent choose."""
        from supportterm.screens.asking import Choice, Pick

        found = self._promises()
        if not found:
            self.complain(f"No promise is open on {self._them()}. `:promise {_EXAMPLE}` gives one.")
            return
        if len(found) == 1:
            act(found[0])
            return
        choices = [Choice(f"“{shown_as.line(clock.words, 60)}”", clock, self._left(clock)) for clock in found]

        async def ask() -> None:
            clock = await self.ask_for(Pick(f"Which promise of {self._them()}", choices))
            if clock is not None:
                act(clock)

        self.in_background(ask())

    def _keep(self, clock: TicketClock) -> None:
        from supportterm.desk import promising

        self.perform(lambda desk: promising.fulfil(desk, clock.id))

    def _withdraw(self, clock: TicketClock) -> None:
        from supportterm.desk import promising

        self.perform(lambda desk: promising.withdraw(desk, clock.id))

    def _move(self, clock: TicketClock) -> None:
        from supportterm.desk import promising
        from supportterm.screens.asking import Prompt

        config, now = self.console.config, self.console.now()

        def check(text: str) -> str:
            clear = promising.instant(text, config, now) is not None
            return "" if clear else "That is no clear time to come. Try `friday 14:00`, `2h` or `2026-12-03 14:00`."

        async def ask() -> None:
            await asyncio.to_thread(promising.instant, "1h", config, now)
            words = shown_as.line(clock.words, 60)
            text = await self.ask_for(Prompt(f"“{words}” until; later: tell them first:", check=check))
            at = promising.instant(text, config, now) if text else None
            if at is not None:
                self.perform(lambda desk: promising.move(desk, clock.id, at))

        self.in_background(ask())

    def _give(self, clock: TicketClock) -> None:
        from supportterm.desk import promising
        from supportterm.screens.asking import Choice, Pick

        others = [agent for agent in self.console.views.agents() if agent != clock.agent]

        def other(typed: str) -> Choice[str] | None:
            known = typed in others or re.search(r"\s", typed)
            return None if known else Choice(typed[:50], typed[:50], "a new name")

        async def ask() -> None:
            title = f"Who keeps “{shown_as.line(clock.words, 60)}”"
            agent = await self.ask_for(Pick(title, [Choice(one, one) for one in others], other=other))
            if agent:
                self.perform(lambda desk: promising.give(desk, clock.id, agent))

        self.in_background(ask())

    async def _ask_for_one(self) -> None:
        from supportterm.desk import promising
        from supportterm.screens.asking import Prompt

        config, now = self.console.config, self.console.now()

        def check(text: str) -> str:
            try:
                promising.typed(text, config, now)
            except RefusedError as problem:
                return str(problem)
            return ""

        await asyncio.to_thread(promising.instant, "1h", config, now)
        text = await self.ask_for(Prompt(f"promise ({_EXAMPLE}):", check=check))
        if text:
            self.command_promise(text)
