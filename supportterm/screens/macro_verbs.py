"""Macros on tickets without a mail: picked with what they do, or typed by their name."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from supportterm.domain.snippets import Macro
from supportterm.screens import macro_keys
from supportterm.screens.chosen import ChosenTickets


class MacroVerbs(ChosenTickets):
    """One key carries out what a macro does on the tickets at hand, in one step that one undo takes back."""

    def on_mount(self) -> None:
        """Take the keys of single macros."""
        macro_keys.bind(self, self.console.keymap)

    def action_macro_key(self, name: str) -> None:
        """Carry out the macro that has this key."""
        if self.chosen():
            self._apply(name)
        else:
            self.complain("There is no ticket here to do that to.")

    def action_macro(self) -> None:
        """Ask which macro, showing what each does, and carry it out."""
        if self.chosen():
            self.in_background(self._ask_macro())

    def command_macro(self, argument: str) -> None:
        """Carry out a macro by its trigger or id."""
        self._apply(argument.strip())

    async def _ask_macro(self) -> None:
        from supportterm.desk.applying import does_nothing
        from supportterm.domain import offering
        from supportterm.screens.snippets import pick_snippet

        ticket = self._ticket()
        console = self.console
        zone = ZoneInfo(console.config.policy.time_zone)
        suits = (
            offering.everything
            if ticket is None
            else offering.suits(
                ticket, partial(console.views.facts, ticket.key), me=console.me, now=console.now(), zone=zone
            )
        )

        def note(one: Macro) -> str:
            """Return a macro's note, for this ticket where it is one."""
            from supportterm.desk import macro_facts, rendering

            if ticket is None or len(self.chosen()) > 1:
                return one.actions.note
            clocks = console.views.clocks(ticket.key)
            return rendering.render_note(one, macro_facts.of(console.config, ticket, one, console.now(), clocks=clocks))

        macro = await pick_snippet(
            self,
            console.macros,
            (ticket.lang if ticket else None) or "en",
            suits=lambda one: not does_nothing(one.actions) and suits(one),
            title=f"What a macro does, on {self._them()}",
            note=note,
        )
        if macro is not None:
            self._apply(macro.id)

    def _apply(self, name: str) -> None:
        from supportterm.desk import applying

        keys, library = self.chosen(), self.console.macros
        if keys:
            self.perform(lambda desk: applying.apply(desk, keys, library, name))
