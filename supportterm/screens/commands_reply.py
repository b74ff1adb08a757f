"""The commands of the screen for writing."""

from __future__ import annotations

from supportterm.screens.command import Command, Scope


def reply() -> tuple[Command, ...]:
    """Return what works while one writes."""
    scope = Scope.REPLY
    return (
        Command("reply.send", "send", "Send it; it leaves after the undo time.", scope, ("ctrl+s",), 1),
        Command(
            "reply.send-with", "send with status", "Send it and choose the status after it.", scope, ("ctrl+t",), 2
        ),
        Command(
            "reply.send-next",
            "send, next",
            "Send it, and go on to the next ticket.",
            scope,
            ("alt+s",),
            7,
        ),
        Command(
            "reply.send-with-next",
            "Send with status, next",
            "Send it, choose the status after it, and go on to the next ticket.",
            scope,
            ("alt+t",),
            0,
        ),
        Command(
            "reply.send-later",
            "send later",
            "Let it leave at a time by the customer's clocks, unless they write before.",
            scope,
            ("alt+l",),
            8,
            "reply REF TEXT --at WHEN",
        ),
        Command(
            "reply.keep-note",
            "keep note",
            "Keep the note; it stays inside the team.",
            scope,
            ("ctrl+l",),
            1,
            "note REF TEXT",
        ),
        Command(
            "reply.next-blank",
            "blank",
            "Expand the trigger before the cursor, else go to the next blank.",
            scope,
            ("tab",),
            3,
        ),
        Command("reply.previous-blank", "Blank before", "Go back to the blank before.", scope, ("shift+tab",), 0),
        Command(
            "reply.snippet",
            "snippet",
            "Find a snippet by its name and read it first.",
            scope,
            ("ctrl+o",),
            4,
            "macro list",
        ),
        Command("reply.next-hint", "hint", "Go to the next hint on the words.", scope, ("ctrl+n",), 5, "lint"),
        Command(
            "reply.question",
            "Open question",
            "Quote the customer's next question that is not answered yet.",
            scope,
            ("alt+q",),
            0,
        ),
        Command("reply.rewrite", "Rewrite", "Carry out what the hint at the cursor suggests.", scope, ("ctrl+r",), 0),
        Command(
            "reply.mute-hint",
            "Mute hint",
            "Hear the hint at the cursor no more: on these words, on this ticket, for you, for the team.",
            scope,
            ("alt+m",),
            0,
        ),
        Command("reply.editor", "$EDITOR", "Write on in your own editor.", scope, ("ctrl+g",), 6),
        Command("reply.read", "Read all", "Go to the conversation and back.", scope, ("f5",), 0),
        Command("reply.checklist", "Checklist", "Go to what is still to do.", scope, ("f6",), 0),
        Command(
            "reply.note", "Note or reply", "Make it a note that stays inside, or a reply again.", scope, ("f7",), 0
        ),
        Command("reply.recipients", "Recipients", "Change whom it goes to.", scope, ("f8",), 0),
        Command(
            "reply.from",
            "From",
            "Send from the mailbox's next address.",
            scope,
            ("alt+a",),
            0,
            "reply REF --from ADDRESS",
        ),
        Command("reply.attach", "Attach", "Add a file.", scope, ("f9",), 0),
        Command("reply.quote", "Quote", "Put the customer's words into the reply.", scope, ("ctrl+y",), 0),
        Command(
            "reply.versions", "Earlier versions", "Bring an earlier version of the draft back.", scope, ("f11",), 0
        ),
        Command("reply.undo", "Undo", "Take back the last step of writing.", scope, ("ctrl+z",), 0),
        Command(
            "reply.redo",
            "Redo",
            "Write again what was taken back.",
            scope,
            ("ctrl+underscore", "ctrl+shift+z"),
            0,
        ),
        Command("reply.discard", "Discard", "Throw the draft away; asks first.", scope, ("f10",), 0),
        Command("reply.up", "up", "Leave the editor, then the ticket; the draft is kept.", scope, ("escape",), 9),
    )
