"""One mail of the outbox: what to do about it, what became of each recipient, its text."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.cells import cell_len
from rich.text import Text
from textual.widgets import Static

from supportterm.domain.message import Message
from supportterm.domain.operations import Operation, Recipient
from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as
from supportterm.screens import mail_states

if TYPE_CHECKING:
    from supportterm.screens.console import Console


class MailDetail(Static):
    """The text of the detail pane, all of it selectable."""

    DEFAULT_CSS = """
    MailDetail { height: auto; color: $foreground; }
    MailDetail > .mail-detail--quiet { color: $quiet; }
    MailDetail > .mail-detail--accent { color: $accent; }
    MailDetail > .mail-detail--success { color: $success; }
    MailDetail > .mail-detail--warning { color: $warning; }
    MailDetail > .mail-detail--error { color: $error; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"mail-detail--{role}" for role in ("quiet", "accent", "success", "warning", "error")
    }

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, mail: Operation, ticket: Ticket | None, message: Message | None, advice: str, now: datetime) -> None:
        """Show a mail; `advice` says what to do."""
        text = Text()
        text.append(shown_as.line(message.subject if message else "") or _subject(ticket), "bold")
        text.append(f"   {ticket.ref}" if ticket else "", self._style("quiet"))
        text.append(f"   written {shown_as.when(mail.created_at, now)}\n", self._style("quiet"))
        text.append(f"{advice}\n\n")
        blind = {a.address.lower() for a in message.bcc} if message else set()
        widest = max((cell_len(shown_as.line(r.address, 200)) for r in mail.recipients), default=0)
        for recipient in mail.recipients:
            self._recipient(text, recipient, min(widest, 40), is_blind=recipient.address.lower() in blind)
        if not any(r.said for r in mail.recipients) and mail.said:
            text.append(f"{shown_as.line(mail.said, 500)}\n", self._style("quiet"))
        if message is not None:
            text.append(f"\n{shown_as.body(message.text).rstrip()}")
        self.update(text)

    def _recipient(self, text: Text, recipient: Recipient, widest: int, *, is_blind: bool) -> None:
        glyphs = cast("Console", cast("Any", self.app).support).glyphs
        style = self._style(mail_states.ROLES[recipient.state])
        text.append(f"{mail_states.sign(recipient.state, glyphs)} {mail_states.word(recipient.state):<11}", style)
        text.append(shown_as.fit(shown_as.line(recipient.address, 200), widest, glyphs.more))
        said = f"{recipient.code or ''} {shown_as.line(recipient.said, 500)}".strip()
        told = "   ".join(part for part in ("bcc" if is_blind else "", said) if part)
        text.append(f"   {told}\n" if told else "\n", self._style("quiet"))

    def _style(self, role: str) -> Any:
        return self.get_component_rich_style(f"mail-detail--{role}", partial=True) if role else ""


def _subject(ticket: Ticket | None) -> str:
    return shown_as.subject(ticket) if ticket else shown_as.NO_SUBJECT
