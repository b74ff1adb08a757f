"""What goes out with a reply's words: blind copies, the address it is from, Outlook's thread, and its size."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from supportterm.config import Config
from supportterm.desk import outbox, sending_as, verbs
from supportterm.desk.people import People
from supportterm.desk.replying import forward, reply
from supportterm.domain import mail_size
from supportterm.domain.drafts import Draft, Mode, Recipients, from_json, to_json
from supportterm.domain.errors import RefusedError
from supportterm.domain.mail import Address
from supportterm.domain.message import Message
from supportterm.domain.operations import State
from supportterm.domain.ticket import MessageKind
from supportterm.mail import parse
from supportterm.mail.compose import ComposeError, Enclosure
from supportterm.mail.gateway import Answer
from supportterm.store import server_size
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import ADDRESS, NOW, World, letter, make_world

BOSS = Address("Bo", "bo@partner.example")
SALES = "Sales@acme.example"
INDEX = base64.b64encode(b"\x01" + bytes(range(21))).decode()


def configured(world: World, **changes: object) -> None:
    """Give the world's desk another configuration of its mailbox, or `html` replies."""
    config: Config = world.desk.config
    html = bool(changes.pop("html", False))
    config = dataclasses.replace(
        config,
        mailbox=dataclasses.replace(config.mailbox, **changes),  # type: ignore[arg-type] # fields by name
        sending=dataclasses.replace(config.sending, html=html),
    )
    world.desk = dataclasses.replace(world.desk, config=config, people=People.of(config.mailbox))


async def asked(world: World, **headers: str) -> str:
    await world.sync()
    world.clock.advance(60)
    world.server.put(letter("Where is my parcel?", **headers), at=world.clock.now())  # type: ignore[arg-type] # all are texts
    await world.sync()
    with reading(world.desk.database.path) as views:
        return views.queue(Where("1"), 1)[0].key


async def left(world: World) -> bytes:
    world.clock.advance(11)
    await world.sync()
    return world.server.accepted[-1].raw


def ours(world: World, key: str) -> Message:
    with reading(world.desk.database.path) as views:
        return next(m for m in views.messages(key) if m.kind in (MessageKind.REPLY, MessageKind.INSIDE))


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


# Blind copies


async def test_a_blind_copy_is_in_the_envelope_and_known_inside_and_never_on_the_wire(world: World) -> None:
    key = await asked(world)
    queued = reply(world.desk, key, "On Friday.", bcc=[BOSS])
    assert queued.recipients == ("mara@lind.example", BOSS.address)
    raw = await left(world)
    assert set(world.server.accepted[-1].recipients) == set(queued.recipients)
    assert b"partner" not in raw
    assert b"Bcc" not in raw
    assert ours(world, key).bcc == (BOSS,)
    with reading(world.desk.database.path) as views:
        assert BOSS.address in {a.address for a in views.addresses("bo")}


async def test_the_copy_in_sent_names_them_so_that_colleagues_and_a_new_store_know(
    world: World, tmp_path: Path
) -> None:
    key = await asked(world)
    reply(world.desk, key, "On Friday.", bcc=[BOSS])
    sent = await left(world)
    world.clock.advance(10)
    await world.sync()
    (filed,) = world.server.folders["Sent"].values()
    assert filed.raw.endswith(sent)
    assert read(filed.raw)["Bcc"] == "Bo <bo@partner.example>"
    await world.sync()
    (tmp_path / "anew").mkdir()
    other = make_world(tmp_path / "anew")
    other.server = world.server
    other.clock.advance(300)
    await other.sync()
    with reading(other.desk.database.path) as views:
        messages = views.messages(views.queue(Where("1"), 1)[0].key)
    assert [m.bcc for m in messages if m.kind is MessageKind.REPLY] == [(BOSS,)]
    other.desk.database.close()


async def test_a_stranger_cannot_tell_us_of_blind_copies(world: World) -> None:
    key = await asked(world, Bcc="x@evil.example")
    with reading(world.desk.database.path) as views:
        assert [m.bcc for m in views.messages(key)] == [()]


async def test_each_recipient_has_a_state_of_their_own_and_what_is_discarded_keeps_the_rest(world: World) -> None:
    key = await asked(world)
    world.server.answers = {BOSS.address: (Answer.REFUSED, 550, "no such user")}
    queued = reply(world.desk, key, "On Friday.", bcc=[BOSS])
    await left(world)
    with reading(world.desk.database.path) as views:
        (mail,) = views.outbox(key, everything=True)
    assert {r.address: r.state for r in mail.recipients} == {
        "mara@lind.example": State.ACCEPTED,
        BOSS.address: State.REFUSED,
    }
    outbox.drop(world.desk, queued.operation)
    assert len(world.server.accepted) == 1


async def test_undo_gives_blind_copies_and_sender_back(world: World) -> None:
    configured(world, aliases=(SALES,))
    key = await asked(world)
    reply(world.desk, key, "On Friday.", bcc=[BOSS], sender=SALES)
    verbs.undo(world.desk)
    with reading(world.desk.database.path) as views:
        draft = views.draft(key, "ada", Mode.REPLY.kind)
    assert draft is not None
    assert draft.people == Recipients((Address("Mara Lind", "mara@lind.example"),), bcc=(BOSS,))
    assert draft.sender == SALES


async def test_who_is_named_openly_gets_no_blind_copy_besides(world: World) -> None:
    key = await asked(world)
    queued = reply(world.desk, key, "On Friday.", bcc=[Address("", "MARA@lind.example"), BOSS, BOSS])
    assert queued.recipients == ("mara@lind.example", BOSS.address)
    assert ours(world, key).bcc == (BOSS,)


@pytest.mark.parametrize(
    "bad", ["a@b.example\r\nBcc: x@evil.example", "a@b.example>, <x@evil.example", "a b@c.example"]
)
async def test_no_blind_copy_and_no_sender_adds_a_header(bad: str, world: World) -> None:
    key = await asked(world)
    with pytest.raises(ComposeError):
        reply(world.desk, key, "On Friday.", bcc=[Address("", bad)])
    with pytest.raises(RefusedError):
        reply(world.desk, key, "On Friday.", sender=bad)
    named = Address('Bo"\r\nX-Evil: 1', "bo@partner.example")
    reply(world.desk, key, "On Friday.", bcc=[named])
    raw = await left(world)
    world.clock.advance(10)
    await world.sync()
    (filed,) = world.server.folders["Sent"].values()
    assert "X-Evil" not in read(raw)
    assert "X-Evil" not in read(filed.raw)
    assert len(read(filed.raw)["Bcc"].addresses) == 1


# From


async def test_a_reply_is_from_the_address_the_customer_wrote_to(world: World) -> None:
    configured(world, aliases=(SALES, "help@acme.example"))
    key = await asked(world, to="sales@ACME.example")
    reply(world.desk, key, "On Friday.")
    raw = await left(world)
    assert read(raw)["From"].addresses[0].addr_spec == SALES
    assert world.server.accepted[-1].sender == SALES
    assert ours(world, key).sender.address == SALES


async def test_the_agent_may_choose_another_of_ours_and_no_other(world: World) -> None:
    configured(world, aliases=(SALES,))
    key = await asked(world)
    with pytest.raises(RefusedError, match=r"is no address of this mailbox.*aliases"):
        reply(world.desk, key, "On Friday.", sender="ceo@acme.example")
    with pytest.raises(RefusedError, match="is no address of this mailbox"):
        forward(world.desk, key, "See.", Recipients((BOSS,)), sender="mara@lind.example")
    reply(world.desk, key, "On Friday.", sender="sales@acme.example")
    assert read(await left(world))["From"].addresses[0].addr_spec == SALES


async def test_the_answer_to_an_alias_is_for_us_and_its_copy_is_ours(world: World) -> None:
    configured(world, aliases=(SALES,))
    key = await asked(world, to=SALES)
    queued = reply(world.desk, key, "On Friday.")
    await left(world)
    world.clock.advance(10)
    await world.sync()
    world.server.put(
        letter("Fine!", to=SALES, message_id="m2@lind.example", refs=["m1@lind.example", queued.message_id]),
        at=world.clock.now(),
    )
    await world.sync()
    with reading(world.desk.database.path) as views:
        assert [m.kind for m in views.messages(key)] == [MessageKind.CUSTOMER, MessageKind.REPLY, MessageKind.CUSTOMER]
    assert reply(world.desk, key, "Good.", everyone=True).recipients == ("mara@lind.example",)


def test_an_alias_that_is_no_address_is_never_sent_from(world: World) -> None:
    configured(world, aliases=("@acme.example", "x@acme.example\r\nBcc: y@z.example", ADDRESS.upper(), SALES))
    mailbox = world.desk.config.mailbox
    assert sending_as.addresses(mailbox) == (ADDRESS, SALES)
    assert sending_as.after(mailbox, ADDRESS) == SALES
    assert sending_as.after(mailbox, SALES.lower()) == ADDRESS
    assert sending_as.after(mailbox, "gone@acme.example") == ADDRESS


def test_a_draft_keeps_whom_it_is_from_and_one_from_before_has_none() -> None:
    draft = Draft("k", "ada", Mode.REPLY, "Soon.", sender=SALES, updated_at=NOW)
    assert from_json(to_json(draft), NOW) == draft
    assert from_json(to_json(draft).replace(f'"sender":"{SALES}",', ""), NOW).sender == ""


# Threads


async def test_outlooks_thread_goes_on_and_none_is_made_up(world: World) -> None:
    key = await asked(world, Thread_Index=INDEX, Thread_Topic="A question")
    reply(world.desk, key, "On Friday.")
    mail = read(await left(world))
    made = base64.b64decode(str(mail["Thread-Index"]))
    assert made.startswith(base64.b64decode(INDEX))
    assert len(made) == 27
    assert mail["Thread-Topic"] == "A question"
    assert (mail["In-Reply-To"], mail["References"]) == ("<m1@lind.example>", "<m1@lind.example>")


@pytest.mark.parametrize("index", ["", "AQ==", "no index", INDEX + "AAAA"])
async def test_a_mail_without_a_right_index_gets_none(index: str, world: World) -> None:
    key = await asked(world, **({"Thread_Index": index} if index else {}))
    reply(world.desk, key, "On Friday.")
    mail = read(await left(world))
    assert mail["Thread-Index"] is None
    assert mail["Thread-Topic"] is None


# HTML


async def test_an_html_alternative_goes_along_where_it_is_wanted(world: World) -> None:
    configured(world, html=True)
    key = await asked(world)
    reply(world.desk, key, "See https://acme.example <now>", attachments=[Enclosure("a.txt", "text/plain", b"x")])
    raw = await left(world)
    kinds = [part.get_content_type() for part in read(raw).walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/plain"]
    assert "See https://acme.example <now>" in parse.parse(raw).text
    (kept,) = ours(world, key).attachments
    assert (kept.filename, kept.part) == ("a.txt", parse.parse(raw).attachments[0].part)
    assert ours(world, key).text == "See https://acme.example <now>"


async def test_without_the_key_a_reply_is_plain(world: World) -> None:
    reply(world.desk, await asked(world), "On Friday.")
    assert read(await left(world)).get_content_type() == "text/plain"


# Size


@pytest.mark.parametrize("size", [0, 1, 56, 57, 58, 100_000])
def test_the_size_of_a_mail_counts_what_base64_adds(size: int, world: World) -> None:
    from tests.mail.test_compose import mail

    raw = mail(attachments=(Enclosure("a.bin", "application/octet-stream", b"\0" * size),))
    assert abs(mail_size.mail_size([size], "Hello") - len(raw)) < 2_500
    assert mail_size.mail_size([size]) >= size * 4 / 3


def test_a_mail_too_large_never_reads_as_if_it_fit() -> None:
    assert mail_size.of_limit(12_000_000, 10_000_000) == "12 MB of 10 MB the server takes"
    assert mail_size.of_limit(10_001_000, 10_000_000) == "10.001 MB of 10.000 MB the server takes"
    assert mail_size.too_large(10, 0) == ""
    assert mail_size.too_large(10, 10) == ""
    assert "send a link" in mail_size.too_large(11, 10)


async def test_what_the_server_takes_is_learned_with_a_mail_and_stops_one_that_is_larger(world: World) -> None:
    key = await asked(world)
    big = Enclosure("film.mp4", "video/mp4", b"\0" * 60_000)
    reply(world.desk, key, "The first.", attachments=[big])
    world.server.size_limit = 50_000
    await left(world)
    with pytest.raises(RefusedError, match=r"has 83 KB of 50 KB the server takes. Take a file off"):
        reply(world.desk, key, "The second.", attachments=[big])
    reply(world.desk, key, "Without it.")
    with reading(world.desk.database.path) as views:
        assert views.size_limit("127.0.0.1") == 50_000
        assert views.size_limit("another.example") == 0


async def test_the_worker_asks_where_it_is_not_known_and_a_server_that_is_silent_is_asked_once(world: World) -> None:
    world.server.size_limit = 7_000
    worker, stop = world.worker(), asyncio.Event()
    task = asyncio.create_task(worker.watch(stop))
    for _ in range(500):
        with reading(world.desk.database.path) as views:
            if views.size_limit("127.0.0.1"):
                break
        await asyncio.sleep(0.01)
    stop.set()
    await task
    with reading(world.desk.database.path) as views:
        assert views.size_limit("127.0.0.1") == 7_000


def test_what_was_remembered_is_only_of_this_server_and_rubbish_is_nothing() -> None:
    assert server_size.read('["a.example", 5]', "a.example") == 5
    for said in ('["b.example", 5]', None, "", "{", '["a.example"]', '["a.example", "x"]', "[1, 2, 3]", "7", "null"):
        assert server_size.read(said, "a.example") is None
