"""The first start, without a configuration: what there is to try, and how to begin in earnest."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from supportterm.screens import format as shown_as
from supportterm.screens.gate import Gate
from supportterm.screens.theme import DARK

EXAMPLE = """\
[mailbox]
address = "support@example.com"

[mailbox.imap]
host = "imap.example.com"
port = 993

[mailbox.smtp]
host = "smtp.example.com"
port = 465
"""


class Start(App[str]):
    """Answers `demo` where the agent wants to see it, else nothing."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    Screen { background: $background; color: $foreground; align: center middle; }
    VerticalScroll { height: auto; max-height: 100%; width: 76; max-width: 100%; padding: 0 2; }
    #title { text-style: bold; margin-bottom: 1; }
    Static { height: auto; }
    .answer { color: $accent; }
    .answer:hover { text-style: underline; }
    .quiet { color: $quiet; }
    #how { margin-top: 1; display: none; }
    #how.shown { display: block; }
    #example { background: $panel; padding: 0 2; margin: 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("d,enter", "demo", "Demo"),
        ("c", "how", "Configure"),
        ("q,escape,ctrl+q,ctrl+c", "leave", "Quit"),
    ]

    def __init__(self, config: Path) -> None:
        """Offer what can be done where `config` does not exist yet."""
        super().__init__()
        self._config = config
        self._filters.append(Gate())
        self.register_theme(DARK)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        """Lay out what can be done."""
        with VerticalScroll(can_focus=False):
            yield Static("Welcome to supportterm", id="title", markup=False)
            yield Static("There is no mailbox to work on yet.\n", classes="quiet", markup=False)
            yield Static("d  see it: the demo, on a mail server of its own; nothing stays behind", classes="answer")
            yield Static("c  begin: how to name your mailbox", classes="answer", id="begin")
            yield Static("q  quit\n", classes="answer", id="leave")
            yield Static(
                "A wizard (`init`) and a look into your own mailbox without a trace (`peek`) are not part of this"
                " version yet.",
                classes="quiet",
                markup=False,
            )
            with Vertical(id="how"):
                yield Static(f"Write this to {shown_as.line(str(self._config), 300)}:", markup=False)
                yield Static(EXAMPLE.rstrip(), id="example", markup=False)
                yield Static(
                    "The password comes from your keyring or from `password_command`, else you are asked for it at the"
                    " start. docs/configuration.md shows every key. Then start supportterm again.",
                    markup=False,
                )

    def on_click(self, event: events.Click) -> None:
        """Choose by the mouse."""
        if event.widget is not None and event.widget.has_class("answer"):
            {"begin": self.action_how, "leave": self.action_leave}.get(event.widget.id or "", self.action_demo)()

    def action_demo(self) -> None:
        """Play the demo."""
        self.exit("demo")

    def action_how(self) -> None:
        """Show or hide how to configure."""
        self.query_one("#how").toggle_class("shown")

    def action_leave(self) -> None:
        """Quit."""
        self.exit("")
