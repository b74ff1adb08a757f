"""Putting tickets behind a problem: one that is known, or a new one by its title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportterm.domain.problem import number_in
from supportterm.screens import format as shown_as
from supportterm.screens.chosen import ChosenTickets

if TYPE_CHECKING:
    from supportterm.store.problems import Standing

_NONE = "none"
_LOOK = "look"


class ProblemVerbs(ChosenTickets):
    """Link the chosen tickets to a problem, or take them out of it."""

    def action_problem(self) -> None:
        """Ask for the problem behind the tickets; what is typed and is none yet opens one."""
        from supportterm.screens.asking import Choice, Pick

        now = self.console.now()
        mine = {ticket.problem for ticket in self._tickets()}
        choices: list[Choice[str]] = []
        if mine - {None}:
            its = self.console.views.problem(next(iter(mine))) if len(mine) == 1 else None
            if its is not None:
                title = shown_as.line(its.title, 80)
                choices.append(Choice(f"see {its.ref}", _LOOK + its.ref, title))
            choices.append(Choice("none", _NONE, "take it out of its problem"))

        def line(one: Standing) -> Choice[str]:
            found = one.problem
            waits = f"{one.untold} waiting, known since {shown_as.when(found.opened_at, now)}"
            return Choice(f"{found.ref} {shown_as.line(found.title, 80)}", found.ref, waits)

        known = self.console.views.problems()
        choices += [line(one) for one in known if mine != {one.problem.number}]

        def other(typed: str) -> Choice[str] | None:
            if number_in(typed) is not None or typed.strip().lower() == _NONE:
                return None
            return Choice(f"a new problem: {shown_as.line(typed, 80)}", typed, "opens it with these tickets")

        async def ask() -> None:
            title = f"What is behind {self._them()}? A known problem, or the title of a new one"
            named = await self.ask_for(Pick(title, choices, other=other))
            if named is None:
                return
            if named.startswith(_LOOK) and (number := number_in(named.removeprefix(_LOOK))) is not None:
                self._see(number)
            else:
                self.command_problem(named)

        self.in_background(ask())

    def command_problem(self, argument: str) -> None:
        """Put the tickets behind a problem by its name, `P-3`; behind none; or behind a new one, by its title."""
        from supportterm.desk import problems

        keys = self.chosen()
        if argument.strip().lower() == _NONE:
            self.perform(lambda desk: problems.unlink(desk, keys))
        elif number_in(argument) is not None:
            self.perform(lambda desk: problems.link(desk, argument, keys))
        else:
            self.perform(lambda desk: problems.open_problem(desk, argument, keys))

    def _see(self, number: int) -> None:
        from supportterm.screens.problem import ProblemScreen

        self.app.push_screen(ProblemScreen(number))
