"""The lines of a ticket's score: points, words, the customer's words they rest on; one is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from supportterm.domain import rejections
from supportterm.domain.ticket import Reason, Ticket
from supportterm.screens import format as shown_as

Times = Callable[[str], tuple[int, int]]
"""A signal to how many tickets it was rejected on, and found on."""


class ReasonList(OptionList, inherit_bindings=False):
    """One row a reason, those rejected on this ticket below."""

    DEFAULT_CSS = """
    ReasonList { height: auto; border: none; background: $panel; padding: 0; margin-bottom: 1; }
    ReasonList:focus { border: none; background-tint: $foreground 0%; }
    ReasonList > .option-list--option { padding: 0 1; }
    ReasonList > .option-list--option-highlighted { background: $selected; color: $foreground; text-style: none; }
    ReasonList:focus > .option-list--option-highlighted { background: $selected; color: $foreground; text-style: none; }
    ReasonList > .option-list--option-disabled { color: $quiet; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", show=False)]

    def show(self, ticket: Ticket, times: Times, quiet: str = "dim") -> None:
        """Show this ticket's reasons; the chosen one stays chosen where it is still there."""
        chosen = self.reason
        self._reasons = list(ticket.reasons) if ticket.status.is_ours else []
        self.set_options([Option(_row(reason, times, quiet)) for reason in self._reasons])
        for line in sorted(ticket.rejected):
            words = shown_as.line(rejections.in_words(line), 200)
            self.add_option(Option(Text(f"      not true here: {words}"), disabled=True))
        if self._reasons:
            same = (n for n, reason in enumerate(self._reasons) if chosen and reason.id == chosen.id)
            self.highlighted = next(same, min(self.highlighted or 0, len(self._reasons) - 1))

    _reasons: list[Reason] = []  # noqa: RUF012 set anew by each `show`

    @property
    def reason(self) -> Reason | None:
        """The chosen line, None where there is none."""
        place = self.highlighted
        return self._reasons[place] if place is not None and place < len(self._reasons) else None


def _row(reason: Reason, times: Times, quiet: str) -> Text:
    row = Text(f"{reason.points:+4d}  {shown_as.line(reason.words)}")
    if reason.evidence:
        row.append(f"  “{shown_as.line(reason.evidence, 200)}”")
    rejected, found = times(reason.id)
    if rejected:
        row.append(f"  rejected {rejected} of {found} times", style=quiet)
    return row
