"""The commands of tickets: in the queue, of one ticket, in its conversation, on its mails' source."""

from __future__ import annotations

from supportterm.domain.saved_views import VIEWS, SavedView
from supportterm.screens.command import Command, Scope


def of_view(digit: str, view: SavedView) -> Command:
    """Return the command that a digit stands for where a view has its place."""
    return Command(
        f"queue.view-{digit}",
        view.title,
        f"Switch to the view “{view.title}”.",
        Scope.QUEUE,
        (digit,),
        0,
        f"queue --view {view.name}",
    )


def queue() -> tuple[Command, ...]:
    """Return what works in the queue."""
    scope = Scope.QUEUE
    views = tuple(of_view(digit, view) for digit, view in zip("1234567890", VIEWS, strict=False))
    return (
        Command("queue.open", "open", "Open the selected ticket.", scope, ("enter",), 1, "show REF"),
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
        Command(
            "queue.sweep", "Sweep", "Read what needs no answer, keep any, close the rest.", scope, ("S",), 0, "sweep"
        ),
        Command("queue.preview", "Preview", "Show or hide the preview.", scope, ("v",), 0),
        Command("queue.clear", "Clear", "Take the marks off, then the filter.", scope, ("escape",), 0),
        Command("queue.leave", "Quit", "Clear marks and filter; then leave the console.", scope, ("q",), 0),
        *views,
    )


def ticket() -> tuple[Command, ...]:
    """Return what is done to a ticket, open or selected."""
    scope = Scope.TICKET
    return (
        Command("ticket.reply", "reply", "Write to the customer.", scope, ("r",), 10, "reply REF TEXT"),
        Command(
            "ticket.reply-all",
            "Reply to all",
            "Write to the customer and everyone on their mail.",
            scope,
            ("R",),
            0,
            "reply REF TEXT --all",
        ),
        Command(
            "ticket.forward",
            "Forward",
            "Send the conversation to somebody else.",
            scope,
            ("F",),
            0,
            "forward REF --to ADDRESS",
        ),
        Command("ticket.note", "note", "Write a note that stays inside the team.", scope, ("i",), 20, "note REF TEXT"),
        Command(
            "ticket.claim", "claim", "Make it yours; again to let it go.", scope, ("c",), 15, "set REF --assignee me"
        ),
        Command(
            "ticket.assign",
            "Assign",
            "Give it to somebody else.",
            scope,
            ("a",),
            0,
            "set REF --assignee WHO",
            argument="WHO",
        ),
        Command(
            "ticket.status",
            "Status",
            "Choose its status.",
            scope,
            ("s",),
            25,
            "set REF --status STATUS",
            argument="STATUS",
        ),
        Command("ticket.solve", "Solve", "Mark it solved.", scope, ("e",), 0, "set REF --status solved"),
        Command(
            "ticket.tag",
            "Tags",
            "Add tags, or take them off with a minus.",
            scope,
            ("t",),
            0,
            "set REF --tag TAG",
            argument="TAGS",
        ),
        Command(
            "ticket.macro",
            "Macro",
            "Carry out what a macro does, without a mail; one undo takes it back.",
            scope,
            ("at",),
            0,
            "macro apply NAME REF",
            argument="MACRO",
        ),
        Command(
            "ticket.priority",
            "Priority",
            "Override the computed priority, with the reason; or let it be computed.",
            scope,
            ("exclamation_mark",),
            0,
            "set REF --priority PRIORITY --why TEXT",
            argument="PRIORITY WHY",
        ),
        Command(
            "ticket.snooze",
            "Snooze",
            "Put it away until a time, or until the customer writes.",
            scope,
            ("b",),
            0,
            "set REF --snooze WHEN",
            argument="TIME",
        ),
        Command(
            "ticket.merge",
            "Merge",
            "Join it with another ticket; the marked ones with the one under the cursor.",
            scope,
            ("m",),
            0,
            "merge REF --into REF",
            argument="REF",
        ),
        Command("ticket.unmerge", "Unmerge", "Take out again what was joined last.", scope, ("U",), 0, "unmerge REF"),
        Command(
            "ticket.block",
            "Spam",
            "Mark it as spam, and block the sender or their domain.",
            scope,
            ("B",),
            0,
            "block REF",
        ),
        Command(
            "ticket.promise",
            "Promise",
            "Promise something by hand, a time and then what; or see to a promise.",
            scope,
            ("P",),
            0,
            "promises give REF WHEN WHAT",
            argument="PROMISE",
        ),
        Command(
            "ticket.promise-kept",
            "Promise kept",
            "Say that a promise was kept without a reply.",
            scope,
            (),
            0,
            "promises kept ID",
        ),
        Command(
            "ticket.promise-move",
            "Move a promise",
            "Give a promise another time; tell them first where it is later.",
            scope,
            (),
            0,
            "promises move ID WHEN",
            argument="TIME",
        ),
        Command(
            "ticket.promise-give",
            "Give a promise away",
            "Let a colleague keep a promise.",
            scope,
            (),
            0,
            "promises hand ID WHO",
            argument="WHO",
        ),
        Command(
            "ticket.promise-withdraw",
            "Withdraw a promise",
            "End a promise that nobody owes any more.",
            scope,
            (),
            0,
            "promises withdraw ID",
        ),
        Command(
            "ticket.remind",
            "Remind",
            "Set a reminder, `tomorrow 9:00 call Jo`; on a ticket that has one, say that it is done.",
            scope,
            ("M",),
            0,
            "remind REF WHEN TEXT",
            argument="WHEN TEXT",
        ),
        Command(
            "ticket.later",
            "Five minutes",
            "Tell the customer that you need five minutes, and promise to be back by then; or so many minutes.",
            scope,
            ("apostrophe",),
            0,
            "later REF",
            argument="MINUTES",
        ),
        Command(
            "ticket.escalate",
            "Hand on",
            "Hand it on where it is stuck: who, by when, what; the customer's clocks run on.",
            scope,
            ("I",),
            0,
            "escalate REF WHO WHEN WHAT",
            argument="WHO WHEN WHAT",
        ),
        Command("ticket.why", "why", "Say why it stands where it stands.", scope, ("w",), 60, "why REF"),
        Command("ticket.copy", "Copy", "Copy its reference or the customer's address.", scope, ("y",), 0),
        Command(
            "ticket.next", "next", "Open the most pressing ticket after this one.", scope, ("n",), 50, "queue --limit 1"
        ),
    )


def conversation() -> tuple[Command, ...]:
    """Return what works in an open ticket."""
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
        Command("conversation.attachments", "files", "Save or open an attachment.", scope, ("d",), 45, ""),
        Command("conversation.source", "Source", "Read the mail as it came.", scope, ("H",), 0, ""),
        Command(
            "conversation.timeline",
            "Timeline",
            "What was done to this ticket, by whom, when.",
            scope,
            ("h",),
            0,
            "show REF --journal",
        ),
        Command(
            "conversation.beside",
            "Beside",
            "Read a second ticket beside this one; again to go over.",
            scope,
            ("vertical_line", "f6"),
            0,
        ),
        Command(
            "conversation.split",
            "Split",
            "Make this message, or it and those after it, a ticket of its own.",
            scope,
            ("D",),
            0,
            "split REF NUMBER",
        ),
        Command("conversation.next-clock", "Next clock", "Go to the ticket whose clock ends next.", scope, ("f",), 0),
        Command(
            "conversation.form",
            "Whose mail",
            "Say whether a contact form's or a forwarder's mail is the customer's it names: yes, no, later.",
            scope,
            ("Q",),
            0,
            "forms confirm REF",
            argument="ANSWER",
        ),
        Command("conversation.card", "Customer", "Show or hide the customer's card.", scope, ("v",), 0),
    )


def source() -> tuple[Command, ...]:
    """Return what works where a mail is read as it came."""
    scope = Scope.SOURCE
    return (
        Command("source.find", "find", "Find words in the mail's source.", scope, ("slash",), 10),
        Command("source.find-next", "next", "Go to where they stand next.", scope, ("n",), 20),
        Command("source.find-before", "before", "Go to where they stand before.", scope, ("N",), 0),
    )
