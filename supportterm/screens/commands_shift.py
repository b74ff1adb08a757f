"""The commands of a shift: what happened since one left, what one leaves behind."""

from __future__ import annotations

from supportterm.screens.command import Command, Scope


def queue() -> tuple[Command, ...]:
    """Return what begins and ends a shift."""
    scope = Scope.QUEUE
    return (
        Command(
            "queue.since",
            "Since you left",
            "Tell what happened since you left, or since a time: `:since yesterday 17:00`.",
            scope,
            ("L",),
            0,
            "since WHEN",
            argument="WHEN",
        ),
        Command(
            "queue.hand-over",
            "Hand over",
            "Go through what you would leave behind: keep it, give it to a colleague, or answer now.",
            scope,
            (),
            0,
            "handover",
        ),
        Command(
            "queue.away",
            "Away",
            "Be away until a time, a colleague keeping your promises: `:away monday 9:00 bob`; `:away back` ends it.",
            scope,
            (),
            0,
            "away WHEN",
            argument="WHEN WHO",
        ),
        Command(
            "queue.reply-each",
            "Reply to each",
            "Write to each marked customer out of one snippet, looked at one by one.",
            scope,
            ("ctrl+r",),
            0,
        ),
        Command(
            "queue.tell",
            "Tell who will wait",
            "Tell the customers who will miss their time, one by one, before they ask.",
            scope,
            ("W",),
            0,
        ),
    )


def refusals() -> tuple[Command, ...]:
    """Return what refuses a customer for good."""
    return (
        Command(
            "ticket.refuse",
            "Refuse for good",
            "Ask that this customer be refused from now on; a supervisor decides.",
            Scope.TICKET,
            (),
            0,
            "refuse REF REASON",
            argument="REASON",
        ),
        Command(
            "queue.refusals",
            "Refusals",
            "Decide about requests to refuse a customer; a supervisor's.",
            Scope.QUEUE,
            (),
            0,
            "refusals",
        ),
    )


def since() -> tuple[Command, ...]:
    """Return what works where it is told what happened."""
    scope = Scope.SINCE
    return (
        Command("since.open", "open", "Show these tickets as a list, or open the one selected.", scope, ("enter",), 1),
    )


def handover() -> tuple[Command, ...]:
    """Return what works in the hand-over."""
    scope = Scope.HANDOVER
    return (
        Command("handover.answer", "answer now", "Go and see to it now.", scope, ("enter",), 1),
        Command("handover.keep", "keep", "It stays yours; again to decide anew.", scope, ("x",), 10),
        Command(
            "handover.give",
            "give",
            "Give it to a colleague, in a step that can be undone.",
            scope,
            ("a",),
            20,
            "handover give NUMBER WHO",
        ),
        Command("handover.give-rest", "Give the rest", "Give all that is not decided to one colleague.", scope, ("A",)),
        Command("handover.ticket", "ticket", "Go to its ticket.", scope, ("t",), 30, "show REF"),
        Command("handover.copy", "Copy", "Copy the list as text, to send to whoever comes next.", scope, ("y",)),
        Command("handover.away", "away", "Be away until a time, somebody keeping your promises.", scope, ("w",), 40),
    )


def deck() -> tuple[Command, ...]:
    """Return what works where replies are looked at one by one."""
    scope = Scope.DECK
    return (
        Command("deck.approve", "approve", "It may go as it stands; again to decide anew.", scope, ("enter",), 1),
        Command(
            "deck.edit", "edit", "Write on in the editor; send it there, or come back with the text.", scope, ("e",), 10
        ),
        Command("deck.skip", "skip", "This customer gets none; again to decide anew.", scope, ("x",), 20),
        Command("deck.alike", "approve alike", "Approve all that are made like this one.", scope, ("A",), 30),
        Command(
            "deck.send", "send", "Send what is approved; one undo takes back all that has not left.", scope, ("S",), 2
        ),
        Command("deck.ticket", "ticket", "Go to the ticket.", scope, ("t",), 40, "show REF"),
    )
