"""The fields of tickets an agent changes: each is asked for by a key, or typed on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.domain import moments, wanted
from supportterm.domain.errors import NotFoundError
from supportterm.domain.query_fields import PRIORITIES, nearest
from supportterm.domain.ticket import Priority, Status
from supportterm.screens import format as shown_as
from supportterm.screens.chosen import ChosenTickets

if TYPE_CHECKING:
    from supportterm.desk.verbs import Done

_NOBODY = ""
_STATUSES = {
    Status.OPEN: "we owe an answer",
    Status.PENDING: "the customer owes one",
    Status.ON_HOLD: "somebody else owes one",
    Status.SOLVED: "done; closes after a week",
    Status.CLOSED: "done for good",
    Status.SPAM: "no customer",
}


@dataclass(frozen=True, slots=True)
class _Override:
    """A priority set by hand, or None for the computed one."""

    priority: Priority | None


class TicketChanges(ChosenTickets):
    """Claim, solve, assign, status, priority, snooze, tags."""

    def action_claim(self) -> None:
        """Make the tickets this agent's; let them go where they all are."""
        from supportterm.desk.verbs import Change

        found = self._tickets()
        if found and all(ticket.assignee == self.console.me for ticket in found):
            self.change_chosen(Change(nobody=True))
            return

        def claimed(_done: Done) -> None:
            from supportterm.screens.stuck import after_claim

            self.in_background(after_claim(self, found), opens=False)

        self.change_chosen(Change(assignee=self.console.me), claimed)

    def action_escalate(self) -> None:
        """Hand the ticket on: to whom, what, by when."""
        from supportterm.screens.stuck import hand_on

        if (ticket := self._ticket()) is not None:
            self.in_background(hand_on(self, ticket))

    def command_escalate(self, argument: str) -> None:
        """Hand the ticket on as it was typed: `bob tomorrow 12:00 find out why it fails`.

        Raises:
            NotFoundError: no time to come follows the name.
        """
        from supportterm.desk import escalating

        who, _, rest = argument.strip().partition(" ")
        by, what = wanted.reminder(rest, self.console.now())
        if (ticket := self._ticket()) is not None:
            self.perform(lambda desk: escalating.escalate(desk, ticket.key, who, what, by))

    def action_solve(self) -> None:
        """Mark the tickets solved."""
        from supportterm.desk.verbs import Change

        self.change_chosen(Change(status=Status.SOLVED))

    def action_assign(self) -> None:
        """Ask to whom, and give the tickets away."""
        from supportterm.screens import loads
        from supportterm.screens.asking import Choice, Pick
        from supportterm.screens.away import others_of

        me = self.console.me
        others = others_of(self)

        def other(typed: str) -> Choice[str] | None:
            known = typed in (me, *others) or re.search(r"\s", typed)
            return None if known else Choice(typed[:50], typed[:50], "a new name")

        async def ask() -> None:
            said = await loads.remarks(self, (me, *others))
            choices = [Choice(me, me, f"you  {said.get(me, '')}".rstrip())]
            choices += [Choice(agent, agent, said.get(agent, "")) for agent in others]
            choices.append(Choice("nobody", _NOBODY, "anyone may take it"))
            agent = await self.ask_for(Pick(f"Assign {self._them()} to", choices, other=other))
            if agent is not None:
                self._assign(agent)

        self.in_background(ask())

    def command_assign(self, argument: str) -> None:
        """Give the tickets to an agent: an id, `me`, or `none`."""
        self._assign(wanted.agent(argument, self.console.me) or _NOBODY)

    def _assign(self, agent: str) -> None:
        from supportterm.desk.verbs import Change

        def assigned(_done: Done) -> None:
            from supportterm.screens import loads

            self.in_background(loads.after_assigning(self, agent), opens=False)

        wanted = Change(assignee=agent) if agent else Change(nobody=True)
        self.change_chosen(wanted, assigned if agent else None)

    def action_status(self) -> None:
        """Ask for a status, and give it to the tickets."""
        from supportterm.desk.verbs import Change
        from supportterm.screens.asking import Choice, Pick

        choices = [Choice(status.value, status, remark) for status, remark in _STATUSES.items()]

        async def ask() -> None:
            status = await self.ask_for(Pick(f"Status of {self._them()}", choices))
            if status is not None:
                self.change_chosen(Change(status=status))

        self.in_background(ask())

    def command_status(self, argument: str) -> None:
        """Give the tickets a status by its name.

        Raises:
            NotFoundError: there is no such status.
        """
        from supportterm.desk.verbs import Change

        self.change_chosen(Change(status=Status(_one_of(argument, [status.value for status in Status], "status"))))

    def action_priority(self) -> None:
        """Ask for a priority that overrides the computed one, and why where that teaches."""
        from supportterm.screens.asking import Choice, Pick

        choices = [Choice(p.word, _Override(p), p.name) for p in (Priority.P1, Priority.P2, Priority.P3, Priority.P4)]
        choices.append(Choice("let it be computed", _Override(None), "from the customer's words and the clock"))

        async def ask() -> None:
            chosen = await self.ask_for(Pick(f"Priority of {self._them()}", choices))
            if chosen is not None:
                await self._override(chosen.priority, "")

        self.in_background(ask())

    def command_priority(self, argument: str) -> None:
        """Override the computed priority by a word, with the reason behind it, or let it be computed.

        Raises:
            NotFoundError: there is no such priority.
        """
        typed, _, why = argument.strip().partition(" ")
        word = _one_of(typed, [*PRIORITIES, "computed"], "priority")
        priority = None if word == "computed" else Priority(PRIORITIES[word])
        self.in_background(self._override(priority, why))

    async def _override(self, priority: Priority | None, why: str) -> None:
        """Set a priority by hand; where the reason teaches and was not given, it is asked for first."""
        from supportterm.desk.verbs import Change
        from supportterm.domain import overrides
        from supportterm.screens.asking import Prompt

        said: str | None = why
        if not why.strip() and any(overrides.teaches(ticket, priority) for ticket in self._tickets()):
            said = await self.ask_for(Prompt(f"why {priority.word if priority else ''}:", ""))
        if said is not None:
            self.change_chosen(Change(priority=priority, computed=priority is None, why=said.strip()))

    def action_snooze(self) -> None:
        """Ask until when, and put the tickets away."""
        from supportterm.desk.verbs import Change
        from supportterm.screens.asking import Choice, Pick

        now = self.console.now()
        choices: list[Choice[datetime]] = [
            Choice(words, instant, shown_as.when(instant, now)) for words, instant in moments.offered(now)
        ]
        choices.append(Choice("until they write", moments.UNTIL_THEY_WRITE, "thanks alone do not wake it"))
        if any(ticket.snoozed_until for ticket in self._tickets()):
            choices.insert(0, Choice("wake it now", now, "back into the queue"))

        def other(typed: str) -> Choice[datetime] | None:
            instant = moments.snooze(typed, now)
            return None if instant is None else Choice(typed, instant, shown_as.when(instant, now))

        async def ask() -> None:
            title = f"Snooze {self._them()} until (30m, 14:30, 2026-12-01); a mail from the customer wakes it before"
            until = await self.ask_for(Pick(title, choices, other=other, other_first=True))
            if until is not None:
                self.change_chosen(Change(awake=True) if until == now else Change(snoozed_until=until))

        self.in_background(ask())

    def command_snooze(self, argument: str) -> None:
        """Put the tickets away until a time: `2h`, `14:30`, `tomorrow`.

        Raises:
            NotFoundError: it is no time to come.
        """
        from supportterm.desk.verbs import Change

        self.change_chosen(Change(snoozed_until=wanted.until(argument, self.console.now())))

    def action_tag(self) -> None:
        """Ask for tags; a minus takes one off."""
        from supportterm.screens.asking import Prompt

        known = self.console.views.tags()
        theirs = sorted({tag for ticket in self._tickets() for tag in ticket.tags})

        def complete(text: str, cursor: int) -> list[str]:
            word = text[:cursor].split(" ")[-1]
            if word.startswith("-"):
                return [f"-{tag}" for tag in theirs if tag.startswith(word[1:].lower())]
            return [tag for tag in known if word and tag.startswith(word.lower()) and tag not in theirs]

        def check(text: str) -> str:
            try:
                wanted.tags(text.split())
            except NotFoundError as problem:
                return str(problem)
            return ""

        async def ask() -> None:
            has = f" (has {', '.join(theirs[:6])})" if theirs else ""
            typed = await self.ask_for(Prompt(f"tags of {self._them()}{shown_as.line(has)}:", "", complete, check))
            if typed and typed.strip():
                self.command_tag(typed)

        self.in_background(ask())

    def command_tag(self, argument: str) -> None:
        """Add tags, or take them off with a minus.

        Raises:
            NotFoundError: a word is no tag.
        """
        from supportterm.desk.verbs import Change

        on, off = wanted.tags(argument.split())
        self.change_chosen(Change(add_tags=on, remove_tags=off))


def _one_of(typed: str, known: list[str], what: str) -> str:
    if typed.lower() not in known:
        raise NotFoundError(f"There is no {what} “{typed}”. {nearest(typed, known)}")
    return typed.lower()
