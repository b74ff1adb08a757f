"""The shift in the queue: what happened since it was left, what is handed over, who is away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

from supportterm.screens import format as shown_as
from supportterm.screens.base import DeskScreen
from supportterm.screens.pace import once_keys_rest

if TYPE_CHECKING:
    from supportterm.domain.saved_views import SavedView
    from supportterm.domain.since import Line
    from supportterm.screens.life import Life

STAY_SECONDS = 300.0
"""How often it is noted that the agent is still here."""
LOAD_SECONDS = 20.0
"""How often it is weighed what the agent has on hand."""


class ShiftVerbs(DeskScreen[None]):
    """Begin and end a shift; of the queue alone."""

    load: Sequence[str] = ()
    """Channels in which the agent has more than they set themselves, in words."""
    _pressed = 0.0
    """When the last key was pressed that was told of."""

    def begin_shift(self, delay: float) -> None:
        """Tell what happened during a pause that ends now, once the first screen stands; then note that one is here."""

        def arrive() -> None:
            self.in_background(self._arrive(), opens=False)

        self.set_timer(delay, lambda: once_keys_rest(self, arrive, self._last_key))
        self.set_interval(STAY_SECONDS, self._stay)
        if self.console.config.agent.capacity:
            self.set_timer(delay, self._weigh)
            self.set_interval(LOAD_SECONDS, self._weigh)

    def _weigh(self) -> None:
        async def weigh() -> None:
            from supportterm.domain import capacity

            agent = self.console.config.agent
            load = await self.console.ask(lambda views: views.load_of(agent.id))
            before, self.load = self.load, capacity.over(load, agent.capacity)
            if before != self.load and self.is_here:
                self.changed_shape()

        self.in_background(weigh(), opens=False)

    def changed_shape(self) -> None:
        """Say in the footer how things are; the queue's."""

    async def _arrive(self) -> None:
        from supportterm.desk import attending

        since = await self.console.do(attending.arrive)
        if since is None or not self.is_here:
            return
        lines = await self._news(since)
        if not lines or not self.is_here:
            return
        if self.app.screen is self and not self._has_moved():
            self._open_since(since, lines)
        else:
            from supportterm.domain.since import in_words

            self.say(f"Since you left: {in_words(lines)}. `{self.key_of('queue.since')}` shows it.")

    def _last_key(self) -> float:
        return cast("Life", self.app).ahead.key_at

    def _has_moved(self) -> bool:
        return self._last_key() > 0

    def _stay(self) -> None:
        from supportterm.desk import attending

        at = cast("Life", self.app).ahead.key_at
        if at != self._pressed:
            self._pressed = at
            self.console.begin(attending.stay)

    async def _news(self, since: datetime) -> list[Line]:
        from supportterm.desk import attending

        config, now = self.console.config, self.console.now()
        return await self.console.ask(lambda views: attending.news(views, config, since, now))

    def _open_since(self, since: datetime, lines: list[Line]) -> None:
        from supportterm.screens.since import SinceScreen

        def chosen(view: SavedView | None) -> None:
            if view is not None:
                self.show_view(view)

        self.app.push_screen(SinceScreen(since, lines), chosen)

    def show_view(self, view: SavedView) -> None:
        """Show a view; the queue's."""
        raise NotImplementedError

    def action_since(self) -> None:
        """Tell again what happened since the agent left."""
        self.in_background(self._ask_since())

    async def _ask_since(self) -> None:
        from supportterm.desk import attending

        now = self.console.now()
        since = self.console.views.attendance(self.console.me).since(now, attending.pause(self.console.config))
        if since is None:
            self.say("You have not been away yet. `:since yesterday` tells what happened since a time.")
            return
        self._open_since(since, await self._news(since))

    def command_since(self, argument: str) -> None:
        """Tell what happened since a time that has passed: `2h`, `yesterday`, `9:00`.

        Raises:
            NotFoundError: it is no such time.
        """
        from supportterm.domain import past_times

        since = past_times.since(argument, self.console.now())

        async def tell() -> None:
            self._open_since(since, await self._news(since))

        self.in_background(tell())

    def action_hand_over(self) -> None:
        """Go through what one would leave behind."""
        from supportterm.screens.handover import HandoverScreen

        self.app.push_screen(HandoverScreen())

    def action_away(self) -> None:
        """Ask until when one is away and who keeps one's promises; or come back."""
        from supportterm.screens.away import ask

        self.in_background(ask(self))

    def command_away(self, argument: str) -> None:
        """Be away until a time, a colleague keeping one's promises: `monday 9:00 bob`; or `back`.

        Raises:
            NotFoundError: it does not begin with a time to come.
        """
        from supportterm.desk import attending

        if argument.strip().lower() == "back":
            self.perform(attending.come_back)
            return
        until, keeper = attending.typed(argument, self.console.now())
        self.say(f"Away until {shown_as.when(until, self.console.now())}.")
        self.perform(lambda desk: attending.leave(desk, until, keeper))

    def action_reply_each(self) -> None:
        """Write to each marked customer out of one snippet."""
        from supportterm.screens.deck_making import reply_to_each

        found = self.console.views.tickets(self.chosen())
        if found:
            self.in_background(reply_to_each(self, found))
        else:
            self.say("There is no ticket in this list.")

    def action_refusals(self) -> None:
        """Decide about requests to refuse a customer."""
        from supportterm.screens.refusing import decide

        self.in_background(decide(self))

    def action_tell(self) -> None:
        """Tell the customers who will miss their time."""
        from supportterm.screens import deck_making

        found = deck_making.who_will_wait(self)
        if found:
            title = "Tell who will wait"
            self.in_background(deck_making.open_deck(self, found, deck_making.LATE, title, keep_status=True))
        else:
            self.say("Nobody will miss their time within the hour.")

    def chosen(self) -> list[str]:
        """Return the tickets that are marked, else the selected one; the queue's."""
        raise NotImplementedError
