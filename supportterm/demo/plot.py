"""What the demo's story is about: the tickets it follows, the mails it wrote, and how it reads the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from supportterm.config import Config, load
from supportterm.demo.conversation import conversation_of
from supportterm.demo.samples import Sample
from supportterm.demo.server import ServerMail
from supportterm.demo.stage import NotSeenError, Ran, Stage
from supportterm.domain import query, saved_views
from supportterm.domain.errors import StoreError
from supportterm.domain.operations import Operation, State
from supportterm.domain.ticket import Ticket
from supportterm.store.filters import compile_query
from supportterm.store.views import Views


@dataclass(frozen=True, slots=True)
class Seen:
    """What a step showed: lines for people, facts for programs, and the command line behind it."""

    lines: tuple[str, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    command: Ran | None = None


class Plot:
    """The story so far."""

    def __init__(self, stage: Stage, samples: Sequence[Sample]) -> None:
        self.stage = stage
        self.samples = samples
        self.chosen: list[Ticket] = []
        """Three tickets off the top of the queue: the one to answer, the one off line, the one a colleague answers."""
        self.draft = ""
        """The text handed back by undo."""
        self.undone = ""
        """The Message-ID of the reply taken back."""
        self.left: list[str] = []
        """The Message-IDs of the replies that left, in order."""

    @property
    def config(self) -> Config:
        """The configuration as it stands."""
        return load(self.stage.config_file)

    def expect(self, true: object, expected: str, seen: object) -> None:
        """Go on only where something is as it must be.

        Raises:
            NotSeenError: it is not.
        """
        if not true:
            raise NotSeenError(expected, str(seen))

    def done(self, ran: Ran) -> Ran:
        """Go on only where a command succeeded."""
        self.expect(ran.status == 0, f"`{ran.line}` to succeed", f"exit status {ran.status}: {ran.remarked}")
        return ran

    def named(self, views: Views, text: str) -> list[Ticket]:
        """Return every ticket a query names, most pressing first; all of them for an empty one."""
        now = int(datetime.now(UTC).timestamp() * 1000)
        where = compile_query(query.parse(text), me=self.config.agent.id, now_ms=now)
        return views.queue(where, 100_000)

    def queue(self, views: Views) -> list[Ticket]:
        """Return what the queue shows on opening."""
        view = saved_views.BUILT_IN.named("now")
        return self.named(views, view.query if view else "")

    def choose(self, views: Views, tickets: Sequence[Ticket]) -> None:
        """Follow the three most pressing tickets whose customers write back."""
        for ticket in tickets:
            ids = tuple(message.message_id for message in views.messages(ticket.key) if message.message_id)
            conversation = conversation_of(ids)
            if len(self.chosen) < 3 and conversation is not None and conversation.customer.answers:
                self.chosen.append(ticket)
        self.expect(len(self.chosen) == 3, "three tickets whose customers write back", f"{len(self.chosen)}")

    def ticket(self, key: str) -> Ticket:
        """Return a ticket as it stands."""
        with self.stage.views() as views:
            found = views.ticket(key)
        if found is None:
            raise NotSeenError("the ticket in the store", "it is gone")
        return found

    def newest_mail(self, key: str) -> Operation:
        """Return the newest mail of a ticket's outbox, whatever became of it."""
        with self.stage.views() as views:
            mails = views.outbox(key, everything=True)
        self.expect(mails, "a mail in the outbox", "the outbox is empty")
        return mails[-1]

    async def moved(self, number: int, state: State) -> Operation:
        """Wait until a mail of the outbox has come to a state."""

        async def look() -> Operation | None:
            with self.stage.views() as views:
                return next((o for o in views.outbox(everything=True) if (o.id, o.state) == (number, state)), None)

        return await self.stage.until(f"mail {number} to be {state}", look)

    async def sync(self, state: str) -> dict[str, Any]:
        """Wait until sync says it is `online` or `offline`."""

        async def look() -> dict[str, Any] | None:
            try:
                with self.stage.views() as views:
                    found = views.sync()
            except StoreError:
                return None
            return found if found.get("state") == state else None

        return await self.stage.until(f"sync to be {state}", look)

    async def times_accepted(self, message_id: str) -> int:
        """Return how often the server accepted a mail."""
        return [mail.message_id for mail in await self.stage.host.accepted()].count(message_id)

    async def once_accepted(self, operation: Operation) -> str:
        """Go on only where the server accepted a mail exactly once; return its Message-ID and remember it."""
        message_id = operation.message_id or ""
        times = await self.times_accepted(message_id)
        self.expect(times == 1, "the server to have accepted the mail once", f"accepted {times} times")
        self.left.append(message_id)
        return message_id

    async def on_server(self, folder: str, message_id: str) -> list[ServerMail]:
        """Return where a mail lies in a folder of the server."""
        return [mail for mail in await self.stage.host.mails(folder) if mail.message_id == message_id]
