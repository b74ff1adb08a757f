"""What an agent does to tickets, alike in the queue and in an open ticket."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.domain import moments, saved_views
from supportterm.domain.errors import NotFoundError
from supportterm.domain.query_fields import PRIORITIES, nearest
from supportterm.domain.ticket import Priority, Status, Ticket
from supportterm.screens import format as shown_as
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import Command, Scope

if TYPE_CHECKING:
    from supportterm.desk.context import Desk
    from supportterm.desk.verbs import Change, Done
    from supportterm.screens.asking import Choice
    from supportterm.screens.reply import Mode, ReplyScreen

_PAGE = 50
_TAG = re.compile(r"[\w.:-]{1,50}")
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


class TicketVerbs(DeskScreen[None]):
    """A screen whose commands act on tickets; it says on which by `chosen` and `selected`."""

    def chosen(self) -> list[str]:
        """Return the keys of the tickets that verbs act on: the marked ones, else the selected one."""
        raise NotImplementedError

    def selected(self) -> str | None:
        """Return the key of the one ticket under the cursor, or None."""
        return next(iter(self.chosen()), None)

    def open_ticket(self, key: str) -> None:
        """Show a ticket; an open ticket's screen may show it in its own place."""
        from supportterm.screens.ticket import TicketScreen

        self.app.push_screen(TicketScreen(key))

    def why_not(self, command: Command) -> str:
        """Say that there is no ticket to act on, where there is none."""
        if command.scope is Scope.TICKET and command.id != "ticket.next" and not self.selected():
            return "There is no ticket here to do that to."
        return ""

    def change_chosen(self, wanted: Change) -> None:
        """Change the chosen tickets in one step that one undo takes back."""
        from supportterm.desk import verbs

        keys = self.chosen()
        if not keys:
            return

        def verb(desk: Desk) -> Done:
            return verbs.change(desk, keys[0], wanted) if len(keys) == 1 else verbs.change_many(desk, keys, wanted)

        self.perform(verb)

    def action_reply(self) -> None:
        """Write to the customer."""
        from supportterm.screens.reply import Mode

        self._write(Mode.REPLY)

    def action_reply_all(self) -> None:
        """Write to the customer and everyone on their mail."""
        from supportterm.screens.reply import Mode

        self._write(Mode.REPLY_ALL)

    def action_forward(self) -> None:
        """Send the conversation to somebody else."""
        from supportterm.screens.reply import Mode

        self._write(Mode.FORWARD)

    def action_note(self) -> None:
        """Write a note that stays inside."""
        from supportterm.screens.reply import Mode

        self._write(Mode.NOTE)

    def action_claim(self) -> None:
        """Make the tickets this agent's; let them go where they all are."""
        from supportterm.desk.verbs import Change

        found = self._tickets()
        mine = bool(found) and all(ticket.assignee == self.console.me for ticket in found)
        self.change_chosen(Change(nobody=True) if mine else Change(assignee=self.console.me))

    def action_solve(self) -> None:
        """Mark the tickets solved."""
        from supportterm.desk.verbs import Change

        self.change_chosen(Change(status=Status.SOLVED))

    def action_assign(self) -> None:
        """Ask to whom, and give the tickets away."""
        from supportterm.desk.verbs import Change
        from supportterm.screens.asking import Choice, Pick

        me = self.console.me
        others = [agent for agent in self.console.views.agents() if agent != me]
        choices = [Choice(me, me, "you"), *(Choice(agent, agent) for agent in others)]
        choices.append(Choice("nobody", _NOBODY, "anyone may take it"))

        def other(typed: str) -> Choice[str] | None:
            known = typed in (me, *others) or re.search(r"\s", typed)
            return None if known else Choice(typed[:50], typed[:50], "a new name")

        async def ask() -> None:
            agent = await self.ask_for(Pick(f"Assign {self._them()} to", choices, other=other))
            if agent is not None:
                self.change_chosen(Change(assignee=agent) if agent else Change(nobody=True))

        self.in_background(ask())

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

    def action_priority(self) -> None:
        """Ask for a priority that overrides the computed one."""
        from supportterm.desk.verbs import Change
        from supportterm.screens.asking import Choice, Pick

        choices = [Choice(p.word, _Override(p), p.name) for p in (Priority.P1, Priority.P2, Priority.P3, Priority.P4)]
        choices.append(Choice("let it be computed", _Override(None), "from the customer's words and the clock"))

        async def ask() -> None:
            wanted = await self.ask_for(Pick(f"Priority of {self._them()}", choices))
            if wanted is not None:
                self.change_chosen(Change(priority=wanted.priority, computed=wanted.priority is None))

        self.in_background(ask())

    def action_snooze(self) -> None:
        """Ask until when, and put the tickets away."""
        from supportterm.desk.verbs import Change
        from supportterm.screens.asking import Choice, Pick

        now = self.console.now()
        choices: list[Choice[datetime]] = [
            Choice(words, instant, shown_as.when(instant, now)) for words, instant in moments.offered(now)
        ]
        if any(ticket.snoozed_until for ticket in self._tickets()):
            choices.insert(0, Choice("wake it now", now, "back into the queue"))

        def other(typed: str) -> Choice[datetime] | None:
            instant = moments.read(typed, now)
            return None if instant is None else Choice(typed, instant, shown_as.when(instant, now))

        async def ask() -> None:
            title = f"Snooze {self._them()} until (30m, 14:30, 2026-12-01); a mail from the customer wakes it before"
            until = await self.ask_for(Pick(title, choices, other=other))
            if until is not None:
                self.change_chosen(Change(awake=True) if until == now else Change(snoozed_until=until))

        self.in_background(ask())

    def action_tag(self) -> None:
        """Ask for tags; a minus takes one off."""
        from supportterm.desk.verbs import Change
        from supportterm.screens.asking import Prompt

        known = self.console.views.tags()
        theirs = sorted({tag for ticket in self._tickets() for tag in ticket.tags})

        def complete(text: str, cursor: int) -> list[str]:
            word = text[:cursor].split(" ")[-1]
            if word.startswith("-"):
                return [f"-{tag}" for tag in theirs if tag.startswith(word[1:].lower())]
            return [tag for tag in known if word and tag.startswith(word.lower()) and tag not in theirs]

        def check(text: str) -> str:
            wrong = next((word for word in text.split() if not _TAG.fullmatch(word.lstrip("+-"))), None)
            return "" if wrong is None else f"“{wrong}” is no tag: letters, digits, and . : - _ only."

        async def ask() -> None:
            has = f" (has {', '.join(theirs[:6])})" if theirs else ""
            typed = await self.ask_for(Prompt(f"tags of {self._them()}{shown_as.line(has)}:", "", complete, check))
            words = (typed or "").lower().split()
            if words:
                off = frozenset(word[1:] for word in words if word.startswith("-"))
                on = frozenset(word.removeprefix("+") for word in words if not word.startswith("-"))
                self.change_chosen(Change(add_tags=on, remove_tags=off))

        self.in_background(ask())

    def action_why(self) -> None:
        """Say why the ticket stands where it stands."""
        from supportterm.screens.why import WhyScreen

        ticket = self._ticket()
        if ticket is not None:
            messages = self.console.views.messages(ticket.key)
            self.app.push_screen(WhyScreen(ticket, messages, self.console.config.policy, self.console.now()))

    def action_copy(self) -> None:
        """Copy the reference, the address or the customer's name."""
        from supportterm.screens.asking import Choice, Pick

        ticket = self._ticket()
        if ticket is None:
            return
        offered = [
            (ticket.ref, "reference"),
            (shown_as.line(ticket.requester_address), "address"),
            (shown_as.line(ticket.requester_name), "customer"),
            (shown_as.line(ticket.subject), "subject"),
        ]
        choices = [Choice(words, words, remark) for words, remark in offered if words]

        async def ask() -> None:
            words = await self.ask_for(Pick("Copy", choices))
            if words is not None:
                self.app.copy_to_clipboard(words)
                self.say(f"Copied {words}")

        self.in_background(ask())

    def action_next(self) -> None:
        """Open the most pressing ticket that is not this one and was not gone past."""
        key = self.most_pressing()
        if key is None:
            self.say("Nothing else presses.")
            return
        here = self._ticket()
        if here is not None:
            self.console.passed[here.key] = here.updated_at
        self.open_ticket(key)

    def most_pressing(self) -> str | None:
        """Return the ticket to take next: those gone past come again once they change, or when nothing else is left."""
        passed, here = self.console.passed, self.selected()
        view = saved_views.VIEWS[0]
        where = self.console.where(view.query)
        again: str | None = None
        for offset in range(0, len(passed) + _PAGE, _PAGE):
            page = self.console.views.queue(where, _PAGE, offset)
            for ticket in page:
                if ticket.key == here:
                    continue
                if passed.get(ticket.key) != ticket.updated_at:
                    return ticket.key
                again = again or ticket.key
            if len(page) < _PAGE:
                break
        passed.clear()
        return again

    def command_status(self, argument: str) -> None:
        """Give the tickets a status by its name.

        Raises:
            NotFoundError: there is no such status.
        """
        from supportterm.desk.verbs import Change

        self.change_chosen(Change(status=Status(_one_of(argument, [status.value for status in Status], "status"))))

    def command_assign(self, argument: str) -> None:
        """Give the tickets to an agent: an id, `me`, or `none`."""
        from supportterm.desk.verbs import Change

        nobody = argument.lower() in ("none", "nobody")
        agent = self.console.me if argument.lower() == "me" else argument
        self.change_chosen(Change(nobody=True) if nobody else Change(assignee=agent))

    def command_priority(self, argument: str) -> None:
        """Override the computed priority by a word, or let it be computed.

        Raises:
            NotFoundError: there is no such priority.
        """
        from supportterm.desk.verbs import Change

        word = _one_of(argument, [*PRIORITIES, "computed"], "priority")
        if word == "computed":
            self.change_chosen(Change(computed=True))
        else:
            self.change_chosen(Change(priority=Priority(PRIORITIES[word])))

    def command_snooze(self, argument: str) -> None:
        """Put the tickets away until a time: `2h`, `14:30`, `tomorrow`.

        Raises:
            NotFoundError: it is no time to come.
        """
        from supportterm.desk.verbs import Change

        now = self.console.now()
        until = moments.read(argument, now)
        if until is None:
            raise NotFoundError(f"“{argument}” is no time to come. Write one like 2h, 3d, 14:30 or 2026-12-01.")
        self.change_chosen(Change(snoozed_until=until))

    def command_tag(self, argument: str) -> None:
        """Add tags, or take them off with a minus.

        Raises:
            NotFoundError: a word is no tag.
        """
        from supportterm.desk.verbs import Change

        words = argument.lower().split()
        wrong = next((word for word in words if not _TAG.fullmatch(word.lstrip("+-"))), None)
        if wrong is not None:
            raise NotFoundError(f"“{wrong}” is no tag: letters, digits, and . : - _ only.")
        off = frozenset(word[1:] for word in words if word.startswith("-"))
        on = frozenset(word.removeprefix("+") for word in words if not word.startswith("-"))
        self.change_chosen(Change(add_tags=on, remove_tags=off))

    def _write(self, mode: Mode) -> None:
        from supportterm.screens.reply import ReplyScreen

        key = self.selected()
        if key is not None:
            screen: ReplyScreen = ReplyScreen(key, mode)
            self.app.push_screen(screen)

    def _ticket(self) -> Ticket | None:
        key = self.selected()
        return None if key is None else self.console.views.ticket(key)

    def _tickets(self) -> list[Ticket]:
        return self.console.views.tickets(self.chosen())

    def _them(self) -> str:
        keys = self.chosen()
        ticket = self.console.views.ticket(keys[0]) if len(keys) == 1 else None
        return ticket.ref if ticket is not None else f"{len(keys)} tickets"


def _one_of(typed: str, known: list[str], what: str) -> str:
    if typed.lower() not in known:
        raise NotFoundError(f"There is no {what} “{typed}”. {nearest(typed, known)}")
    return typed.lower()
