"""Every screen and every question of the console, opened one after the other: for what must hold on all of them."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from supportterm.desk import replying
from supportterm.domain import query
from supportterm.mail.gateway import Answer
from supportterm.store.filters import compile_query
from supportterm.store.views import reading
from tests.desk.fakes import ADDRESS, World, letter
from tests.screens.office import text_of

PLACES: dict[str, tuple[str, ...]] = {
    "queue": (),
    "queue-filter": ("slash",),
    "ticket": ("enter",),
    "status": ("s",),
    "reply": ("r",),
    "note": ("i",),
    "outbox": ("O",),
    "search": ("ctrl+f", *"export"),
    "problems": ("E",),
    "keys": ("question_mark",),
    "palette": ("ctrl+p",),
    "command-line": ("colon",),
}
"""Each place by its name, and the keys that lead there from the queue."""


async def write(world: World) -> None:
    """Write some replies, so that mail stands in the outbox in several states: refused, crossed, and on its way."""
    with reading(world.desk.database.path) as views:
        wanted = compile_query(query.parse("is:open"), me="ada", now_ms=int(world.desk.now().timestamp() * 1000))
        first, second, third, *_ = views.queue(wanted)
        asked = views.messages(second.key)[-1]
    world.server.answers[first.requester_address] = (Answer.REFUSED, 550, "5.1.1 No such user here")
    replying.reply(world.desk, first.ref, "We have stopped it and write again within the hour.")
    replying.reply(world.desk, second.ref, "We are on it.")
    colleague = letter(
        sender=f"Acme Support <{ADDRESS}>",
        to=second.requester_address,
        subject=f"Re: {second.subject}",
        text="I am looking into it right now.",
        message_id="colleague@acme.example",
        refs=(asked.message_id or "",),
    )
    world.clock.advance(60)
    world.server.put(colleague, "Sent", world.desk.now())
    await world.sync()
    replying.reply(world.desk, third.ref, "Thank you, we are looking at it now.")


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until what is shown stays the same for a while, with a cursor that does not blink."""
    before, same = "", 0
    for field in pilot.app.screen.query("Input, TextArea"):
        field.cursor_blink = False  # type: ignore[attr-defined] # both have it
    for _ in range(400):
        await pilot.pause(0.03)
        now = text_of(pilot.app)
        same = same + 1 if now == before else 0
        before = now
        if same >= 4:
            return


async def go(pilot: Pilot[Any], place: str) -> None:
    """Go to a place from the queue."""
    await settled(pilot)
    for key in PLACES[place]:
        await pilot.press(key)
    await settled(pilot)
