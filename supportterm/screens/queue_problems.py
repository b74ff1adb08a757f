"""The queue's rows that are problems: what they stand for, what may be done to them, what the preview says of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as
from supportterm.screens import problem_rows
from supportterm.screens.commands import Command, Scope
from supportterm.screens.queue_cursor import QueueCursor
from supportterm.screens.widgets.preview import Glimpse, glimpse

_OF_MANY = frozenset(
    f"ticket.{name}"
    for name in ("claim", "assign", "status", "solve", "tag", "macro", "priority", "snooze", "problem", "next")
)
"""What is done to all tickets of a row at once; the rest is for one ticket."""
_NAMED = 6


class QueueProblems(QueueCursor):
    """A problem's row is opened, marked and changed as the tickets it stands for."""

    def fetch(self, keys: Sequence[str]) -> list[Ticket]:
        """Read what rows show: in the view of promises by what is promised next, problems by their first ticket."""
        views, groups = self.console.views, self.stand.groups
        leads = {key: groups[key][0] for key in keys if key in groups}
        plain = [key for key in keys if problem_rows.number_of(key) is None]
        found = views.tickets(list(dict.fromkeys([*plain, *leads.values()])))
        found = views.promised(found) if self.view.name == "promises" else found
        by_key = {ticket.key: ticket for ticket in found}
        rows = [by_key[key] for key in plain if key in by_key]
        for key, lead in leads.items():
            problem = views.problem(problem_rows.number_of(key))
            if problem is not None and lead in by_key:
                rows.append(problem_rows.as_ticket(problem, by_key[lead], len(groups[key])))
        return rows

    # What verbs act on

    def chosen(self) -> list[str]:
        """Return the marked tickets in the order they are shown, else the selected one; a problem's row is all its."""
        listed = self.listed
        rows = listed.order.among(listed.marks) if listed.marks else [listed.selected] if listed.selected else []
        return problem_rows.spread(rows, self.stand.groups)

    def selected(self) -> str | None:
        """Return the ticket under the cursor, of a problem's row the most pressing."""
        key = self.listed.selected
        return next(iter(problem_rows.spread([key], self.stand.groups)), None) if key else None

    def neighbour(self, key: str, step: int) -> str | None:
        """Return the next ticket above or below another as the list shows them, and put the cursor on it."""
        order = self.listed.order
        row = order.row(key)
        if row < 0:
            row = order.row(self.listed.selected) - (1 if step > 0 else 0)
        row += step
        while 0 <= row < len(order) and problem_rows.number_of(order.key(row)) is not None:
            row += 1 if step > 0 else -1
        if not 0 <= row < len(order):
            return None
        found = order.key(row)
        self.listed.select(found)
        return found

    def why_not(self, command: Command) -> str:
        """Say that a problem's row is many tickets, where something is done to one."""
        number = problem_rows.number_of(self.listed.selected)
        if number is not None and command.scope is Scope.TICKET and command.id not in _OF_MANY:
            opens, each = self.key_of("queue.open"), self.key_of("queue.reply-each")
            return f"P-{number} stands for several tickets: {opens} lists them, {each} replies to each."
        return super().why_not(command)

    def action_open(self) -> None:
        """Open the ticket under the cursor, or the problem."""
        number = problem_rows.number_of(self.listed.selected)
        if number is None:
            super().action_open()
            return
        from supportterm.screens.problem import ProblemScreen

        self.stand.moved = True
        self.app.push_screen(ProblemScreen(number))

    # The preview

    def glimpse_of(self, key: str) -> Glimpse | None:
        """Read what the preview says of a row."""
        views = self.console.views
        number = problem_rows.number_of(key)
        if number is None:
            ticket = self.listed.ticket(key) or views.ticket(key)
            return glimpse(views, ticket) if ticket else None
        problem, group = views.problem(number), self.stand.groups.get(key, ())
        members = views.tickets(group)
        if problem is None or not members:
            return None
        now = self.console.now()
        oldest = min(members, key=lambda ticket: ticket.waiting_since or ticket.created_at)
        waits = (
            f"{shown_as.customer(oldest)} waits longest, {shown_as.ago(oldest.waiting_since or oldest.created_at, now)}"
        )
        count = f"{len(members)} customer{'s' * (len(members) != 1)}"
        row = dataclasses.replace(members[0], ref=problem.ref, requester_name=problem.title, requester_address="")
        row = dataclasses.replace(row, words=problem.cause or row.words)
        facts = f"{count}, known since {shown_as.when(problem.opened_at, now)}, {waits}"
        words = " ".join(shown_as.body(views.last_words(members[0].key)).split())
        return Glimpse(row, words, (), tuple(members[:_NAMED]), "tickets", facts)
