"""The lines of a ticket that came through a contact form or a forwarder nobody has decided about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from supportterm.screens import format as shown_as
from supportterm.screens.base import DeskScreen
from supportterm.screens.widgets.words_line import Word, WordsLine, length

if TYPE_CHECKING:
    from supportterm.domain.relays import Relayed

COMMAND = "conversation.form"


class FormLine(WordsLine):
    """Asks whether a form's mail is the customer's; each answer can be clicked, a key gives them too."""

    DEFAULT_CSS = """
    FormLine { display: none; height: 2; background: $boost; color: $foreground; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._asked: Relayed | None = None

    def ask(self, relayed: Relayed | None) -> None:
        """Ask about a form, or about none."""
        self._asked = relayed
        self.display = relayed is not None
        self.refresh()

    def row(self, y: int, width: int) -> Sequence[Word]:
        """Return what came, then the question and its answers; addresses are cut to what there is room for."""
        if self._asked is None:
            return ()
        if y:
            return self._answers()
        begin, between = Word(" This came through "), Word(" for ")
        room = max(width - length([begin, between]) - 1, 16)
        names = [shown_as.line(each, 200) for each in (self._asked.relay, self._asked.customer.address)]
        for place in (0, 1):
            most = max(room - cell_len(names[1 - place]), room // 2)
            names[place] = shown_as.fit(names[place], most).rstrip() if cell_len(names[place]) > most else names[place]
        return [begin, Word(names[0], "name"), between, Word(names[1], "name")]

    def _answers(self) -> list[Word]:
        screen = self.screen
        key = screen.key_of(COMMAND) if isinstance(screen, DeskScreen) else ""
        said = [Word(" Treat its mail as theirs?   ", "plain", COMMAND), Word(key, "key", COMMAND)]
        for word in ("yes", "no", "later"):
            said += [Word("   "), Word(word, "active", COMMAND, word)]
        return said
