"""The commands of problems: on tickets, and on a problem's own screen."""

from __future__ import annotations

from supportterm.screens.command import Command, Scope


def ticket() -> tuple[Command, ...]:
    """Return what puts tickets behind a problem."""
    return (
        Command(
            "ticket.problem",
            "problem",
            "Put it behind a known problem, or open one by its title; `:problem none` takes it out.",
            Scope.TICKET,
            ("p",),
            17,
            "problem link P-3 REF",
            argument="PROBLEM",
        ),
    )


def problem() -> tuple[Command, ...]:
    """Return what works on a problem's screen."""
    scope = Scope.PROBLEM
    return (
        Command("problem.open", "open", "Open the selected ticket.", scope, ("enter",), 1, "show REF"),
        Command(
            "problem.fixed",
            "fixed",
            "Say that it is fixed, or that it is not after all; each customer is told by you.",
            scope,
            ("F",),
            10,
            "problem fixed P-3",
        ),
        Command(
            "problem.reply-each",
            "reply to each",
            "Write to each customer who waits out of one snippet, looked at one by one.",
            scope,
            ("ctrl+r",),
            20,
        ),
        Command("problem.rename", "title", "Give it another title.", scope, ("t",), 30, "problem rename P-3 TITLE"),
        Command(
            "problem.cause",
            "cause",
            "Write down what is known of its cause, for the team.",
            scope,
            ("i",),
            40,
            "problem cause P-3 TEXT",
        ),
        Command(
            "problem.unlink", "take out", "Take the selected ticket out of it.", scope, ("x",), 50, "problem unlink REF"
        ),
    )
