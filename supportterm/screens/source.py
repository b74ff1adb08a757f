"""A mail as it came, to be read and not changed."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import Static

from supportterm.domain.mail_size import in_words as size
from supportterm.domain.message import Message
from supportterm.screens import format as shown_as
from supportterm.screens import keys
from supportterm.screens.asking import Prompt
from supportterm.screens.commands import Command, Scope
from supportterm.screens.reading import ReadingScreen
from supportterm.screens.widgets.text_lines import SourceLines


class SourceScreen(ReadingScreen):
    """The source of one mail: read in the background, drawn as far as it is visible."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.SOURCE, Scope.LIST)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.SOURCE, Scope.LIST)]
    TITLE_WORDS = "Source"

    def __init__(self, message: Message) -> None:
        """Show the source of this message."""
        super().__init__()
        self._mail = message
        self._source: SourceLines | None = None
        self._wanted = ""

    def head(self) -> str:
        """Return what stands there until it is read."""
        return "reading …"

    def on_mount(self) -> None:
        """Read it."""
        self.in_background(self._read())

    def why_not(self, command: Command) -> str:
        """Say that there is nothing to look for yet."""
        if command.id in ("source.find-next", "source.find-before") and not self._wanted:
            return f"{self.key_of('source.find')} asks what to find."
        return ""

    async def _read(self) -> None:
        sha, head = self._mail.raw, self.query_one("#head", Static)
        raw = await self.console.ask(lambda views: views.source(sha)) if sha else None
        if raw is None:
            head.update("The source of this mail is not kept here.")
            return
        self._source = await asyncio.to_thread(SourceLines, raw)
        who = shown_as.line(self._mail.sender.name or self._mail.sender.address, 80)
        head.update(f"{who}   as it came: {size(len(raw))}, {len(self._source):,} lines")
        self.lines.show(self._source)

    def action_find(self) -> None:
        """Ask for words, and go to where they stand."""

        async def ask() -> None:
            typed = await self.ask_for(Prompt("find:", self._wanted))
            if typed:
                self._wanted = typed
                self.refresh_bindings()
                await self._find(backwards=False)

        self.in_background(ask())

    def action_find_next(self) -> None:
        """Go to the next place."""
        self.in_background(self._find(backwards=False))

    def action_find_before(self) -> None:
        """Go to the place before."""
        self.in_background(self._find(backwards=True))

    async def _find(self, *, backwards: bool) -> None:
        lines, source = self.lines, self._source
        if source is None or not self._wanted:
            return
        start = lines.found if lines.found is not None else -1
        row = await asyncio.to_thread(source.find, self._wanted, start, backwards=backwards)
        if row is None:
            self.say(f"“{self._wanted[:60]}” is not in it.")
        else:
            lines.go_to(row)
