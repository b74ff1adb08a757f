"""The commands of a phone call: they work on every screen, also while one writes."""

from __future__ import annotations

from supportterm.screens.command import Command, Scope


def call() -> tuple[Command, ...]:
    """Return what is done about a call."""
    scope = Scope.EVERYWHERE
    return (
        Command(
            "call.call",
            "Call",
            "Begin a phone call; on the line, end it; on hold, note that they were told.",
            scope,
            ("f2",),
            0,
            "call REF",
            argument="WHO",
        ),
        Command(
            "call.hold",
            "Hold",
            "Ask whether they can hold, again when they agree; on hold, go back on the line.",
            scope,
            ("f3",),
            0,
        ),
        Command(
            "call.callback",
            "Call back",
            "Call them back at a time, by their own clock; or see to a callback.",
            scope,
            ("f4",),
            0,
            "callback REF WHEN TEXT",
            argument="WHEN TEXT",
        ),
        Command("call.call-notes", "Call notes", "Write the call's notes, and go back.", scope, ("f12",), 0),
        Command("call.end-call", "End the call", "Read the summary back and end the call, also from a hold.", scope),
    )
