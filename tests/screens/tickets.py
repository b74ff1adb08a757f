"""What the tests of the ticket's screen share: mails put into the world, and the screen opened on one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage

from textual.pilot import Pilot

from supportterm.app import SupporttermApp
from supportterm.screens.ticket import TicketScreen
from tests.desk.fakes import ADDRESS, NOW, World
from tests.screens.office import text_of, until


def mail(
    world: World,
    text: str,
    number: int = 1,
    *,
    refs: Sequence[int] = (),
    sender: str = "Mara Lind <mara@lind.example>",
    subject: str = "The kiln stays cold",
    files: Sequence[tuple[str, str, bytes]] = (),
    at: datetime = NOW,
    folder: str = "INBOX",
    to: str = ADDRESS,
    **headers: str,
) -> None:
    """Put a mail into the world's mailbox; `refs` are the numbers of those before it."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"], letter["Date"] = sender, to, subject, at
    letter["Message-ID"] = f"<m{number}@lind.example>"
    if refs:
        letter["References"] = " ".join(f"<m{ref}@lind.example>" for ref in refs)
        letter["In-Reply-To"] = f"<m{refs[-1]}@lind.example>"
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    for name, kind, content in files:
        main, _, sub = kind.partition("/")
        letter.add_attachment(content, maintype=main, subtype=sub, filename=name)
    world.server.put(letter.as_bytes(), folder, at)


async def opened(app: SupporttermApp, pilot: Pilot[int], words: str = "The kiln") -> TicketScreen:
    """Open the ticket whose subject begins so."""
    found = [t for t in app.support.views.queue(app.support.where("")) if t.subject.startswith(words)]
    screen = TicketScreen(found[0].key)
    app.push_screen(screen)
    await until(pilot, lambda: screen.is_mounted and screen.conversation.virtual_size.height)
    await pilot.pause()
    return screen


def said(app: SupporttermApp) -> str:
    """Return what the console has said in its toasts."""
    return "\n".join(str(notification.message) for notification in app._notifications)


__all__ = ["mail", "opened", "said", "text_of", "until"]
