"""What an agent can do in the console, each thing once.

Bindings, footer, palette, help, `keys.toml` and the README's key table are
made from this list. A command's action is the part of its id behind the dot,
so `ticket.claim` runs `action_claim` of the screen it is given in.
"""

from __future__ import annotations

from supportterm.screens.command import Command, Scope

__all__ = ["COMMANDS", "Command", "Scope", "named", "of"]


def _everywhere() -> tuple[Command, ...]:
    scope = Scope.EVERYWHERE
    return (
        Command(
            "desk.keys", "Keys", "Show every key of this screen and what it does.", scope, ("question_mark", "f1"), 90
        ),
        Command("desk.palette", "Palette", "Find any command by its name.", scope, ("ctrl+p",), 0),
        Command("desk.command-line", "Command line", "Type a command by its name.", scope, ("colon",), 0),
        Command(
            "desk.undo", "Undo", "Take back your last step, or a reply that has not left.", scope, ("z",), 80, "undo"
        ),
        Command(
            "desk.search",
            "Search",
            "Search all mail and notes as you type.",
            scope,
            ("ctrl+f",),
            0,
            "search",
            argument="WORDS",
        ),
        Command(
            "desk.go", "Go to", "Open a ticket by its reference.", scope, ("number_sign",), 0, "show", argument="REF"
        ),
        Command(
            "desk.outbox", "Outbox", "See the mail on its way, and what has stopped.", scope, ("O",), 0, "outbox list"
        ),
        Command(
            "desk.sync-problems", "Sync problems", "See how sync goes and what is wrong with it.", scope, ("E",), 0
        ),
        Command("desk.sync-now", "Sync now", "Look for new mail at once.", scope, ("f5",), 0, "sync --once"),
        Command(
            "desk.theme",
            "Theme",
            "Change between dark, light and the terminal's own colours.",
            scope,
            (),
            0,
            argument="THEME",
        ),
        Command("desk.screenshot", "Screenshot", "Save this screen as an SVG picture.", scope, (), 0),
        Command("desk.suspend", "Suspend", "Go back to the shell; `fg` returns.", scope, ("ctrl+z",), 0),
        Command("desk.quit", "Quit", "Leave the console; says so if mail is still waiting.", scope, ("ctrl+q",), 0),
    )


def _lists() -> tuple[Command, ...]:
    scope = Scope.LIST
    return (
        Command("list.down", "Down", "Go one down.", scope, ("j", "down")),
        Command("list.up", "Up", "Go one up.", scope, ("k", "up")),
        Command("list.top", "Top", "Go to the first.", scope, ("g", "home")),
        Command("list.bottom", "Bottom", "Go to the last.", scope, ("G", "end")),
        Command("list.page-down", "Page down", "Go a screen down.", scope, ("ctrl+d", "pagedown", "space")),
        Command("list.page-up", "Page up", "Go a screen up.", scope, ("ctrl+u", "pageup")),
        Command("list.back", "Back", "Leave this screen.", scope, ("escape", "q"), 95),
    )


def _queue() -> tuple[Command, ...]:
    scope = Scope.QUEUE
    views = tuple(
        Command(
            f"queue.view-{digit}", f"View {digit}", f"Switch to view {digit}.", scope, (digit,), 0, "queue --view NAME"
        )
        for digit in "1234567890"
    )
    return (
        Command("queue.open", "open", "Open the selected ticket.", scope, ("enter",), 1, "show"),
        Command("queue.show-new", "show new", "Take in what came since the list was read.", scope, ("full_stop",), 0),
        Command(
            "queue.filter",
            "Filter",
            "Narrow the view by a query; Tab completes.",
            scope,
            ("slash",),
            30,
            "queue QUERY",
            argument="QUERY",
        ),
        Command(
            "queue.view", "View", "Switch to a view by its name.", scope, (), 0, "queue --view NAME", argument="VIEW"
        ),
        Command("queue.mark", "Mark", "Mark this ticket, to change several at once.", scope, ("x",), 40),
        Command("queue.mark-all", "Mark all", "Mark every ticket of the list, or none.", scope, ("X",), 0),
        Command("queue.mark-range", "Mark to here", "Mark from the last mark to this ticket.", scope, ("asterisk",), 0),
        Command("queue.next-clock", "Next clock", "Go to the ticket whose clock ends next.", scope, ("f",), 0),
        Command("queue.preview", "Preview", "Show or hide the preview.", scope, ("v",), 0),
        Command("queue.clear", "Clear", "Take the marks off, then the filter.", scope, ("escape",), 0),
        Command("queue.leave", "Quit", "Clear marks and filter; then leave the console.", scope, ("q",), 0),
        *views,
    )


def _ticket() -> tuple[Command, ...]:
    scope = Scope.TICKET
    return (
        Command("ticket.reply", "reply", "Write to the customer.", scope, ("r",), 10, "reply"),
        Command(
            "ticket.reply-all",
            "Reply to all",
            "Write to the customer and everyone on their mail.",
            scope,
            ("R",),
            0,
            "reply --all",
        ),
        Command("ticket.forward", "Forward", "Send the conversation to somebody else.", scope, ("F",), 0),
        Command("ticket.note", "note", "Write a note that stays inside the team.", scope, ("i",), 20, "note"),
        Command("ticket.claim", "claim", "Make it yours; again to let it go.", scope, ("c",), 15, "claim"),
        Command("ticket.assign", "Assign", "Give it to somebody else.", scope, ("a",), 0, "assign", argument="WHO"),
        Command("ticket.status", "Status", "Choose its status.", scope, ("s",), 25, "status", argument="STATUS"),
        Command("ticket.solve", "Solve", "Mark it solved.", scope, ("e",), 0, "solve"),
        Command(
            "ticket.tag", "Tags", "Add tags, or take them off with a minus.", scope, ("t",), 0, "tag", argument="TAGS"
        ),
        Command(
            "ticket.priority",
            "Priority",
            "Override the computed priority, or let it be computed.",
            scope,
            ("exclamation_mark",),
            0,
            "priority",
            argument="PRIORITY",
        ),
        Command(
            "ticket.snooze",
            "Snooze",
            "Put it away until a time, or until the customer writes.",
            scope,
            ("b",),
            0,
            "snooze",
            argument="TIME",
        ),
        Command("ticket.why", "why", "Say why it stands where it stands.", scope, ("w",), 60, "why"),
        Command("ticket.copy", "Copy", "Copy its reference or the customer's address.", scope, ("y",), 0),
        Command("ticket.next", "next", "Open the most pressing ticket after this one.", scope, ("n",), 50, "next"),
    )


def _conversation() -> tuple[Command, ...]:
    scope = Scope.CONVERSATION
    return (
        Command(
            "conversation.next-ticket", "Next in the list", "Open the ticket below in the queue's list.", scope, ("J",)
        ),
        Command(
            "conversation.previous-ticket",
            "Previous in the list",
            "Open the ticket above in the queue's list.",
            scope,
            ("K",),
        ),
        Command(
            "conversation.fold", "quotes", "Show or fold quotes and signatures.", scope, ("quotation_mark", "enter"), 30
        ),
        Command("conversation.links", "links", "Pick a link to open or copy; shown in full first.", scope, ("o",), 40),
        Command("conversation.attachments", "files", "Save or open an attachment.", scope, ("d",), 45, "show --save"),
        Command("conversation.source", "Source", "Read the mail as it came.", scope, ("H",), 0, "show --raw"),
        Command(
            "conversation.timeline",
            "Timeline",
            "What was done to this ticket, by whom, when.",
            scope,
            ("h",),
            0,
            "show --journal",
        ),
        Command(
            "conversation.beside",
            "Beside",
            "Read a second ticket beside this one; again to go over.",
            scope,
            ("vertical_line", "f6"),
            0,
        ),
        Command("conversation.card", "Customer", "Show or hide the customer's card.", scope, ("v",), 0),
    )


def _source() -> tuple[Command, ...]:
    scope = Scope.SOURCE
    return (
        Command("source.find", "find", "Find words in the mail's source.", scope, ("slash",), 10),
        Command("source.find-next", "next", "Go to where they stand next.", scope, ("n",), 20),
        Command("source.find-before", "before", "Go to where they stand before.", scope, ("N",), 0),
    )


def _reply() -> tuple[Command, ...]:
    scope = Scope.REPLY
    return (
        Command("reply.send", "send", "Send it; it leaves after the undo time.", scope, ("ctrl+s",), 1),
        Command(
            "reply.send-with", "send with status", "Send it and choose the status after it.", scope, ("ctrl+t",), 2
        ),
        Command(
            "reply.keep-note", "keep note", "Keep the note; it stays inside the team.", scope, ("ctrl+l",), 1, "note"
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
        Command("reply.editor", "$EDITOR", "Write on in your own editor.", scope, ("ctrl+g",), 6),
        Command("reply.read", "Read all", "Go to the conversation and back.", scope, ("f5",), 0),
        Command("reply.checklist", "Checklist", "Go to what is still to do.", scope, ("f6",), 0),
        Command(
            "reply.note", "Note or reply", "Make it a note that stays inside, or a reply again.", scope, ("f7",), 0
        ),
        Command("reply.recipients", "Recipients", "Change whom it goes to.", scope, ("f8",), 0),
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
            ("f12", "ctrl+underscore", "ctrl+shift+z"),
            0,
        ),
        Command("reply.discard", "Discard", "Throw the draft away; asks first.", scope, ("f10",), 0),
        Command("reply.up", "up", "Leave the editor, then the ticket; the draft is kept.", scope, ("escape",), 9),
    )


def _outbox() -> tuple[Command, ...]:
    scope = Scope.OUTBOX
    return (
        Command("outbox.look", "look", "Read the mail and what became of it.", scope, ("enter",), 1, "outbox list"),
        Command(
            "outbox.retry",
            "send again",
            "Send a stopped mail again to those who have not got it.",
            scope,
            ("r",),
            10,
            "outbox retry",
        ),
        Command(
            "outbox.mark-sent",
            "mark sent",
            "Say that an uncertain mail did arrive.",
            scope,
            ("m",),
            15,
            "outbox resolve --sent",
        ),
        Command(
            "outbox.discard", "discard", "Do not send it; its text is a draft again.", scope, ("d",), 20, "outbox drop"
        ),
        Command("outbox.ticket", "ticket", "Go to its ticket.", scope, ("t",), 30),
        Command(
            "outbox.all", "All", "Show also what was accepted or taken back.", scope, ("a",), 0, "outbox list --all"
        ),
    )


def _search() -> tuple[Command, ...]:
    scope = Scope.SEARCH
    return (
        Command("search.open", "open", "Open the ticket at the selected mail.", scope, ("enter",), 1, "show"),
        Command("search.line", "line", "Go back to the line and change the words.", scope, ("slash",), 10),
        Command(
            "search.complete", "complete", "Take the first suggestion for the word being typed.", scope, ("tab",), 20
        ),
    )


def _help() -> tuple[Command, ...]:
    scope = Scope.HELP
    return (
        Command("help.run", "do it", "Leave this page and carry out the selected command.", scope, ("enter",), 1),
        Command("help.narrow", "narrow", "Show only the commands that hold some words.", scope, ("slash",), 10),
    )


COMMANDS: tuple[Command, ...] = (
    *_everywhere(),
    *_lists(),
    *_queue(),
    *_ticket(),
    *_conversation(),
    *_source(),
    *_reply(),
    *_outbox(),
    *_search(),
    *_help(),
)
_BY_ID = {command.id: command for command in COMMANDS}


def named(command_id: str) -> Command | None:
    """Return the command of that id, or None."""
    return _BY_ID.get(command_id)


def of(*scopes: Scope) -> tuple[Command, ...]:
    """Return the commands of some scopes, in the order of the list."""
    return tuple(command for command in COMMANDS if command.scope in scopes)
