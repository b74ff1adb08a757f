"""The commands of every screen, of lists and of the pages that are one: outbox, search, keys."""

from __future__ import annotations

from supportterm.screens.command import Command, Scope


def everywhere() -> tuple[Command, ...]:
    """Return what works on every screen."""
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
            "search WORDS",
            argument="WORDS",
        ),
        Command(
            "desk.go",
            "Go to",
            "Open a ticket by its reference.",
            scope,
            ("number_sign",),
            0,
            "show REF",
            argument="REF",
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
        Command(
            "desk.notices",
            "Notices",
            "Choose whether warnings of clocks show on the desktop, too: `on` or `off`.",
            scope,
            argument="ON OR OFF",
        ),
        Command(
            "desk.muted-hints",
            "Muted hints",
            "See which hints are muted, or quieter by habit, and hear one again.",
            scope,
            (),
            0,
            "muted",
        ),
        Command("desk.screenshot", "Screenshot", "Save this screen as an SVG picture.", scope, (), 0),
        Command("desk.suspend", "Suspend", "Go back to the shell; `fg` returns.", scope, ("ctrl+z",), 0),
        Command("desk.quit", "Quit", "Leave the console; says so if mail is still waiting.", scope, ("ctrl+q",), 0),
    )


def lists() -> tuple[Command, ...]:
    """Return what works in every list."""
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


def outbox() -> tuple[Command, ...]:
    """Return what works in the outbox."""
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
            "outbox retry NUMBER",
        ),
        Command(
            "outbox.mark-sent",
            "mark sent",
            "Say that an uncertain mail did arrive.",
            scope,
            ("m",),
            15,
            "outbox resolve NUMBER --sent",
        ),
        Command(
            "outbox.discard",
            "discard",
            "Do not send it; its text is a draft again.",
            scope,
            ("d",),
            20,
            "outbox drop NUMBER",
        ),
        Command("outbox.edit", "edit", "Take it back and go on writing it.", scope, ("e",), 22, "outbox drop NUMBER"),
        Command(
            "outbox.time",
            "time",
            "Let a mail that waits leave at another time, or at once.",
            scope,
            ("l",),
            24,
            "outbox time NUMBER WHEN",
        ),
        Command("outbox.ticket", "ticket", "Go to its ticket.", scope, ("t",), 30),
        Command(
            "outbox.all", "All", "Show also what was accepted or taken back.", scope, ("a",), 0, "outbox list --all"
        ),
    )


def search() -> tuple[Command, ...]:
    """Return what works in the search."""
    scope = Scope.SEARCH
    return (
        Command("search.open", "open", "Open the ticket at the selected mail.", scope, ("enter",), 1, "show REF"),
        Command("search.line", "line", "Go back to the line and change the words.", scope, ("slash",), 10),
        Command(
            "search.complete", "complete", "Take the first suggestion for the word being typed.", scope, ("tab",), 20
        ),
    )


def sweep() -> tuple[Command, ...]:
    """Return what works in the sweep."""
    scope = Scope.SWEEP
    return (
        Command("sweep.look", "read", "Give the whole screen to the mail.", scope, ("enter",), 1),
        Command("sweep.keep", "keep", "Keep it out of this sweep and the next; again to let it go.", scope, ("x",), 10),
        Command("sweep.close", "close the rest", "Solve all the others in one step.", scope, ("S",), 20, "sweep"),
        Command("sweep.ticket", "ticket", "Go to its ticket.", scope, ("t",), 30, "show REF"),
    )


def page_of_keys() -> tuple[Command, ...]:
    """Return what works on the page of keys."""
    scope = Scope.HELP
    return (
        Command("help.run", "do it", "Leave this page and carry out the selected command.", scope, ("enter",), 1),
        Command("help.narrow", "narrow", "Show only the commands that hold some words.", scope, ("slash",), 10),
    )
