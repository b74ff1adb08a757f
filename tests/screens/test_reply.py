"""Writing: drafts come back, what goes is checked, what is inside stays inside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from supportterm.app import SupporttermApp
from supportterm.desk import verbs
from supportterm.domain.drafts import Kind, Mode
from supportterm.domain.mail import Address
from supportterm.domain.operations import Operation, State
from supportterm.domain.snippets import Actions, Macro
from supportterm.domain.ticket import MessageKind, Priority, Status, Ticket
from supportterm.screens import keys
from supportterm.screens.asking import Confirm, Pick, Prompt
from supportterm.screens.commands import Scope, of
from supportterm.screens.queue import QueueScreen
from supportterm.screens.recipients import EditRecipients
from supportterm.screens.reply import ReplyScreen
from supportterm.screens.send_check import SendCheck
from supportterm.screens.small import SmallScreen
from supportterm.screens.widgets.conversation import Conversation
from supportterm.screens.widgets.editor import Editor
from supportterm.screens.widgets.recipients_line import RecipientsLine
from supportterm.store.filters import Where
from supportterm.store.views import Views, reading
from tests.desk.fakes import ADDRESS, World, letter
from tests.screens.office import SIZES, office, send, text_of, until

QUESTION = "Hello,\n\nthe export does nothing. When will it work again? Can you mail me the file?\n\nMara"


async def arrive(world: World, raw: bytes | None = None) -> None:
    world.server.put(raw or letter(QUESTION, subject="Export dead"), at=world.clock.now())
    await world.sync()


def ticket_of(views: Views) -> Ticket:
    return views.queue(Where("1"), 1)[0]


@asynccontextmanager
async def writing(
    world: World, mode: Mode = Mode.REPLY, size: tuple[int, int] = (120, 36), quote: str = ""
) -> AsyncIterator[tuple[SupporttermApp, Pilot[int], ReplyScreen]]:
    async with office(world, size) as (app, pilot):
        screen = ReplyScreen(ticket_of(app.support.views).key, mode, quote)
        await app.push_screen(screen)
        await until(pilot, lambda: screen.is_mounted and screen.editor.has_focus)
        yield app, pilot, screen


def outbox(app: SupporttermApp) -> list[Operation]:
    return app.support.views.outbox(everything=True)


def sent(world: World) -> list[bytes]:
    return [envelope.raw for envelope in world.server.accepted]


def told(app: SupporttermApp, words: str) -> bool:
    return any(words in notification.message for notification in app._notifications)


async def type_in(pilot: Pilot[int], screen: ReplyScreen, text: str) -> None:
    screen.editor.insert(text)
    await pilot.pause()


async def kept(pilot: Pilot[int], screen: ReplyScreen, text: str, kind: Kind = Kind.REPLY) -> None:
    def is_kept() -> bool:
        draft = screen.console.views.draft(screen.key, "ada", kind)
        return draft is not None and draft.text == text

    await until(pilot, is_kept)


# Drafts


async def test_a_draft_is_kept_as_typed_and_comes_back_with_its_cursor(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await pilot.press(*"Good day", "left", "left", "left")
        await kept(pilot, screen, "Good day")
        await until(pilot, lambda: "saved" in text_of(app))
        assert app.support.views.drafts() == {screen.key: "ada"}
        assert app.support.views.count(app.support.where("has:draft")) == 1
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, QueueScreen) and told(app, "Draft kept"))
        await until(pilot, lambda: "draft" in text_of(app))
    async with writing(world) as (_, pilot, screen):
        assert screen.editor.state.text == "Good day"
        assert screen.editor.state.cursor == 5


async def test_an_untouched_or_emptied_editor_leaves_no_draft(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await pilot.press("right", "a")
        await kept(pilot, screen, "a")
        await pilot.press("backspace", "escape")
        await until(pilot, lambda: not app.support.views.drafts())


async def test_leaving_and_ending_at_once_lose_nothing(world: World) -> None:
    await arrive(world)
    async with writing(world) as (_, pilot, screen):
        await pilot.press(*"typed just now")
        await until(pilot, lambda: screen.editor.text == "typed just now")
        screen.editor.insert(" and now")
    with reading(world.desk.database.path) as views:
        draft = views.draft(ticket_of(views).key, "ada", Kind.REPLY)
    assert draft is not None
    assert draft.text == "typed just now and now"


async def test_a_discarded_draft_is_asked_for_and_undo_brings_it_back(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await type_in(pilot, screen, "Not like this.")
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("escape")
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        assert app.support.views.drafts() == {}
        await pilot.press("z")
        await until(pilot, lambda: isinstance(app.screen, ReplyScreen) and app.screen.editor.text == "Not like this.")


async def test_an_earlier_version_can_be_brought_back(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await type_in(pilot, screen, "A long and careful answer that took an hour to write.")
        await kept(pilot, screen, "A long and careful answer that took an hour to write.")
        await pilot.press("ctrl+a", "shift+end", "delete", "x")
        await kept(pilot, screen, "x")
        await pilot.press("f11")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press("enter")
        await until(pilot, lambda: screen.editor.text.startswith("A long and careful answer"))


# Sending


async def test_a_reply_is_queued_takes_its_status_and_leaves_no_draft(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await until(pilot, lambda: "send, then pending" in text_of(app))
        await type_in(pilot, screen, "By eleven.")
        await send(pilot)
        await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        assert told(app, "Sent in 10 s to Mara Lind   z takes it back")
        (operation,) = outbox(app)
        assert operation.state is State.QUEUED
        assert ticket_of(app.support.views).status is Status.PENDING
        assert app.support.views.drafts() == {}
        world.clock.advance(11)
        await world.sync()
    assert b"By eleven." in sent(world)[0]


async def test_sending_works_without_a_network(world: World) -> None:
    await arrive(world)
    world.server.up = False
    async with writing(world) as (app, pilot, screen):
        await type_in(pilot, screen, "By eleven.")
        await send(pilot)
        await until(pilot, lambda: bool(outbox(app)))


async def sent_and_undone(app: SupporttermApp, pilot: Pilot[int]) -> ReplyScreen:
    """Send what is written and take it back: the editor that opens again."""
    await send(pilot)
    await until(pilot, lambda: isinstance(app.screen, QueueScreen))
    await pilot.press("z")
    await until(pilot, lambda: isinstance(app.screen, ReplyScreen))
    assert isinstance(app.screen, ReplyScreen)
    return app.screen


async def test_undo_gives_the_reply_back_into_its_draft_and_opens_it(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, _):
        await pilot.press(*"By eleven.", "left")
        again = await sent_and_undone(app, pilot)
        await until(pilot, lambda: again.editor.text == "By eleven.")
        assert again.editor.state.cursor == 9
        assert outbox(app)[0].state is State.UNDONE
        await kept(pilot, again, "By eleven.")
        assert ticket_of(app.support.views).status is Status.NEW


async def test_what_was_taken_back_counts_as_said_to_nobody(world: World) -> None:
    """Neither as an answer of ours, nor as a text that is sent for the second time, nor as a mail."""
    text = "The export runs again since this morning, and the file of yesterday lies in your folder, Mara."
    await arrive(world)
    async with writing(world) as (app, pilot, _):
        app.screen.query_one(Editor).insert(text)
        again = await sent_and_undone(app, pilot)
        await until(pilot, lambda: again.editor.text == text)
        assert [message.kind for message in again.conversation] == [MessageKind.CUSTOMER]
        assert len(app.support.views.messages(again.key)) == 2
        hints = await again.hinting.before_sending()
        assert "macro-repeat" not in {hint.rule for hint in hints}


async def test_the_status_after_sending_can_be_chosen(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await type_in(pilot, screen, "Done.")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press(*"solved", "enter")
        await send(pilot, "")
        await until(pilot, lambda: bool(outbox(app)))
        assert ticket_of(app.support.views).status is Status.SOLVED


async def test_an_empty_reply_and_an_open_blank_are_not_sent(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await pilot.press("ctrl+s")
        await until(pilot, lambda: told(app, "There is no text yet"))
        await pilot.press(*";timing", "tab")
        await until(pilot, lambda: bool(screen.editor.unfilled))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: told(app, "is not filled"))
        await until(pilot, lambda: "blank" in text_of(app))
        assert outbox(app) == []
        assert app.screen is screen


async def test_a_reply_that_crosses_newer_mail_asks(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await type_in(pilot, screen, "By eleven.")
        before = screen.editor.state
        world.clock.advance(60)
        await arrive(world, letter("Forget it, it works.", message_id="m2@lind.example", refs=["m1@lind.example"]))
        await until(pilot, lambda: "Mara Lind wrote again" in text_of(app))
        assert screen.editor.state == before
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SendCheck) and "Forget it" in text_of(app))
        await pilot.press("v")
        await until(pilot, lambda: app.screen is screen and screen.query_one(Conversation).has_focus)
        assert outbox(app) == []
        await pilot.press("escape")
        await send(pilot)
        await until(pilot, lambda: bool(outbox(app)))
        world.clock.advance(11)
        await world.sync()
    assert len(sent(world)) == 1


async def test_newer_mail_that_was_never_shown_holds_the_reply_for_review(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await type_in(pilot, screen, "By eleven.")
        await send(pilot)
        await until(pilot, lambda: bool(outbox(app)))
        world.clock.advance(11)
        world.server.put(
            letter("Forget it.", message_id="m2@lind.example", refs=["m1@lind.example"]), at=world.clock.now()
        )
        await world.sync()
        assert outbox(app)[0].state is State.REVIEW
    assert sent(world) == []


async def test_an_answer_by_another_agent_is_told_while_writing(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await type_in(pilot, screen, "By eleven.")
        other = letter(
            "It works again.",
            sender=f"Bo <{ADDRESS}>",
            to="mara@lind.example",
            refs=["m1@lind.example"],
            message_id="b1@x",
        )
        world.clock.advance(60)
        world.server.put(other, "Sent", at=world.clock.now())
        await world.sync()
        await until(pilot, lambda: "answered this" in text_of(app))


# Whom it goes to


async def test_reply_to_all_names_everyone_but_us_and_shows_who_is_new(world: World) -> None:
    await arrive(world, letter(QUESTION, to=f"{ADDRESS}, jo@lind.example", Cc=f"Kim <kim@lind.example>, {ADDRESS}"))
    async with writing(world, Mode.REPLY_ALL) as (app, pilot, screen):
        assert [a.address for a in screen.people.everyone] == [
            "mara@lind.example",
            "jo@lind.example",
            "kim@lind.example",
        ]
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, EditRecipients))
        await pilot.press("tab", "end", *", kai@lad.example")
        await pilot.press("tab", *"boss@acme-group.example", "enter")
        await until(pilot, lambda: app.screen is screen)
        assert [a.address for a in screen.people.bcc] == ["boss@acme-group.example"]
        await until(pilot, lambda: "+ kai@lad.example new" in text_of(app))
        await type_in(pilot, screen, "Soon.")
        await send(pilot)
        await until(pilot, lambda: bool(outbox(app)))
        world.clock.advance(11)
        await world.sync()
    (envelope,) = world.server.accepted
    assert "boss@acme-group.example" in envelope.recipients
    assert b"boss@" not in envelope.raw
    assert "kai@lad.example" in str(message_from_bytes(envelope.raw, policy=policy.default)["Cc"])


async def test_an_address_mail_cannot_go_to_is_told_in_a_sentence(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, EditRecipients))
        for typed, said in (
            ("nobody here", "is no mail address"),
            (ADDRESS, "is this mailbox itself"),
            ("олег@lad.example", "letters before the @"),
            ("kai@localhost", "lacks the end of its domain"),
            ("", "Nobody stands behind To"),
        ):
            app.screen.query_one("#to", Input).value = typed
            await pilot.press("enter")
            await until(pilot, lambda words=said: words in text_of(app))  # type: ignore[misc] # this turn's
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert screen.people.to == (Address("Mara Lind", "mara@lind.example"),)


async def test_addresses_of_the_store_are_completed(world: World) -> None:
    await arrive(world, letter(QUESTION, Cc="Zoë Quist <zoe@quist.example>"))
    async with writing(world) as (app, pilot, screen):
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, EditRecipients))
        await pilot.press("tab", *"zoe")
        await until(pilot, lambda: "zoe@quist.example" in text_of(app))
        await pilot.press("tab", "enter")
        await until(pilot, lambda: app.screen is screen)
        assert [a.address for a in screen.people.cc] == ["zoe@quist.example"]


async def test_a_domain_in_other_letters_goes_out_in_ascii(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, EditRecipients))
        await pilot.press("ctrl+u", *"kai@bücher.example", "enter")
        await until(pilot, lambda: app.screen is screen)
        await type_in(pilot, screen, "Soon.")
        await send(pilot)
        await until(pilot, lambda: bool(outbox(app)))
        assert outbox(app)[0].recipients[0].address == "kai@xn--bcher-kva.example"


# Notes and forwards


async def test_a_note_has_its_own_key_and_never_becomes_mail(world: World) -> None:
    await arrive(world)
    async with writing(world, Mode.NOTE) as (app, pilot, screen):
        await until(pilot, lambda: "NOTE, stays inside" in text_of(app))
        await type_in(pilot, screen, "She is angry, be quick.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: told(app, "^L keeps it"))
        await pilot.press("ctrl+t")
        assert app.screen is screen
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        assert outbox(app) == []
        notes = [m for m in app.support.views.messages(screen.key) if m.kind is MessageKind.NOTE]
        assert [m.text for m in notes] == ["She is angry, be quick."]
        assert app.support.views.drafts() == {}
        await pilot.press("z")
        await until(pilot, lambda: bool(app.support.views.drafts()))
        draft = app.support.views.draft(screen.key, "ada", Kind.NOTE)
        assert draft is not None
        assert draft.text == "She is angry, be quick."
        await until(pilot, lambda: isinstance(app.screen, ReplyScreen) and "She is angry, be quick." in text_of(app))
        assert app.screen.mode is Mode.NOTE


async def test_the_key_for_notes_sends_no_reply(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await type_in(pilot, screen, "By eleven.")
        await pilot.press("ctrl+l")
        await until(pilot, lambda: told(app, "^S sends it"))
        assert len(app.support.views.messages(screen.key)) == 1
        assert outbox(app) == []


async def test_a_reply_can_be_made_a_note_and_back_but_not_over_another(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await type_in(pilot, screen, "Between us.")
        await pilot.press("f7")
        await until(pilot, lambda: screen.mode is Mode.NOTE and "NOTE, stays inside" in text_of(app))
        await kept(pilot, screen, "Between us.", Kind.NOTE)
        assert app.support.views.draft(screen.key, "ada", Kind.REPLY) is None
        await pilot.press("f7")
        await until(pilot, lambda: screen.mode is Mode.REPLY)
        await kept(pilot, screen, "Between us.")
        await pilot.press("escape")
        note = ReplyScreen(screen.key, Mode.NOTE)
        await app.push_screen(note)
        await type_in(pilot, note, "Another matter.")
        await pilot.press("f7")
        await until(pilot, lambda: told(app, "being written on this ticket already"))
        assert note.mode is Mode.NOTE


async def test_a_forward_quotes_the_conversation_but_nothing_inside(world: World) -> None:
    await arrive(world)
    with reading(world.desk.database.path) as views:
        ref = ticket_of(views).ref
    verbs.note(world.desk, ref, "Secret: refund only if she insists.")
    world.clock.advance(60)
    await arrive(
        world,
        letter(
            "Inside words of Kai.",
            sender="Kai <kai@acme.example>",
            message_id="k1@acme.example",
            refs=["m1@lind.example"],
        ),
    )
    async with writing(world, Mode.FORWARD) as (app, pilot, screen):
        assert "When will it work again?" in screen.editor.text
        assert "Secret" not in screen.editor.text
        assert "Inside words" not in screen.editor.text
        await pilot.press(*"Please look.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: told(app, "Nobody is named"))
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, EditRecipients))
        await pilot.press(*"dev@supplier.example", "enter")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: bool(outbox(app)))
        assert ticket_of(app.support.views).status.is_ours
        world.clock.advance(11)
        await world.sync()
        ticket = ticket_of(app.support.views)
        assert ticket.first_replied_at is None
        assert ticket.status.is_ours
    mail = message_from_bytes(sent(world)[0], policy=policy.default)
    assert str(mail["Subject"]).startswith("Fwd: Export dead [ST-")
    assert world.server.accepted[0].recipients == ("dev@supplier.example",)
    body = mail.get_content()
    assert body.startswith("Please look.")
    assert "Secret" not in body


async def test_what_is_selected_in_a_note_is_not_quoted(world: World) -> None:
    await arrive(world)
    with reading(world.desk.database.path) as views:
        ref = ticket_of(views).ref
    verbs.note(world.desk, ref, "Secret: refund only if she insists.")
    async with writing(world, quote="refund only if she") as (app, pilot, screen):
        await until(pilot, lambda: told(app, "stays inside"))
        assert screen.editor.text == ""
        await pilot.press("ctrl+y")
        await until(pilot, lambda: "> the export does nothing" in screen.editor.text)


# Files


async def test_files_go_along_are_listed_and_can_be_taken_off(world: World, tmp_path: Path) -> None:
    await arrive(world)
    (tmp_path / "fix notes.txt").write_text("turn it off and on")
    (tmp_path / "other.bin").write_bytes(b"\0" * 2_000)
    async with writing(world) as (app, pilot, screen):
        for name in ("fix notes.txt", "other.bin"):
            await attach_typed(app, pilot, f"{tmp_path}/{name}")
            await until(pilot, lambda n=name: n in text_of(app))  # type: ignore[misc] # the name of this turn
        await until(pilot, lambda: "+ other.bin 2 KB" in text_of(app))
        (tmp_path / "fix notes.txt").unlink()
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press(*"take off other", "enter")
        await until(pilot, lambda: app.screen is screen and len(screen.draft.files) == 1)
        await type_in(pilot, screen, "Here it is.")
        await send(pilot)
        await until(pilot, lambda: bool(outbox(app)))
        world.clock.advance(11)
        await world.sync()
    mail = message_from_bytes(sent(world)[0], policy=policy.default)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["fix notes.txt"]
    assert next(mail.iter_attachments()).get_content().strip() == "turn it off and on"


async def attach_typed(app: SupporttermApp, pilot: Pilot[int], path: str) -> None:
    await pilot.press("f9")
    await until(pilot, lambda: isinstance(app.screen, Pick))
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, Prompt))
    app.screen.query_one(Input).value = path
    await pilot.press("enter")


async def test_a_path_typed_at_once_is_taken_or_completed(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await arrive(world)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "guide.txt").write_text("turn it off and on")
    async with writing(world) as (app, pilot, screen):
        for typed in ("./guide.txt", "./gui"):
            await pilot.press("f9")
            await until(pilot, lambda: isinstance(app.screen, Pick))
            app.screen.query_one(Input).value = typed
            await until(pilot, lambda: "this path" in text_of(app))
            await pilot.press("enter")
            await until(pilot, lambda: app.screen is screen or isinstance(app.screen, Prompt))
            await until(pilot, lambda: [file.name for file in screen.draft.files] == ["guide.txt"])
        await until(pilot, lambda: isinstance(app.screen, Prompt))
        assert app.screen.query_one(Input).value == "./gui"
        await pilot.press("escape")


async def test_what_cannot_be_attached_is_told(world: World, tmp_path: Path) -> None:
    await arrive(world)
    (tmp_path / "gone").symlink_to(tmp_path / "nothing")
    async with writing(world) as (app, pilot, screen):
        for path, said in (
            (tmp_path, "is a folder"),
            (tmp_path / "gone", "link to a file that is not there"),
            (tmp_path / "missing", "There is no file"),
        ):
            await attach_typed(app, pilot, str(path))
            await until(pilot, lambda words=said: words in " ".join(text_of(app).split()))  # type: ignore[misc] # this turn's
            await pilot.press("escape")
        assert screen.draft.files == ()


async def test_a_file_can_be_found_by_walking_through_folders(world: World, tmp_path: Path) -> None:
    await arrive(world)
    folder = tmp_path / "[" / "b] odd"
    folder.mkdir(parents=True)
    (folder / "chart.csv").write_text("1,2")
    async with writing(world) as (app, pilot, screen):
        screen.folder = folder
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press(*"look through", "enter")
        await until(pilot, lambda: "chart.csv" in text_of(app))
        app.screen.query_one(Input).value = "chart.csv"
        app.screen.query_one(Input).focus()
        await pilot.press("enter")
        await until(pilot, lambda: [f.name for f in screen.draft.files] == ["chart.csv"])


# The screen


@pytest.mark.parametrize("size", SIZES)
async def test_questions_checks_and_the_conversation_can_be_reached_in_every_size(
    world: World, size: tuple[int, int]
) -> None:
    await arrive(world)
    async with writing(world, size=size) as (app, pilot, screen):
        await until(pilot, lambda: "When will it work again?" in text_of(app))
        await until(pilot, lambda: "to do" in text_of(app))
        await pilot.press("f6")
        await until(pilot, lambda: "Before it goes" in text_of(app))
        await pilot.press(*(["f6"] if size == (80, 24) else []), "f5")
        await until(pilot, lambda: screen.query_one(Conversation).has_focus)
        await until(pilot, lambda: "the export does nothing" in text_of(app))
        await pilot.press("f5", "a")
        await until(pilot, lambda: screen.editor.text == "a")


async def test_a_narrow_terminal_never_draws_the_wide_layout_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first: list[frozenset[str]] = []
    monkeypatch.setattr(ReplyScreen, "on_screen_resume", lambda screen: first.append(screen.classes), raising=False)
    await arrive(world)
    async with office(world, (80, 24)) as (app, _):
        await app.push_screen(ReplyScreen(ticket_of(app.support.views).key))
        assert first[0] >= {"-narrow", "-short"}


async def test_what_is_typed_in_a_tiny_terminal_is_there_when_it_is_larger(world: World) -> None:
    await arrive(world)
    async with writing(world, size=(20, 5)) as (app, pilot, screen):
        await until(pilot, lambda: isinstance(app.screen, SmallScreen))
        await pilot.press(*"Yes.")
        await until(pilot, lambda: screen.editor.text == "Yes.")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: app.screen is screen)
        await send(pilot)
        await until(pilot, lambda: bool(outbox(app)))


async def test_every_key_of_writing_does_something_and_none_ends_the_program(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await type_in(pilot, screen, "Hello.")
        for command in of(Scope.REPLY):
            if command.id in ("reply.up", "reply.send", "reply.keep-note", "reply.editor"):
                continue
            await pilot.press(command.keys[0])
            await pilot.pause()
            while app.screen is not screen:
                await pilot.press("escape")
                await pilot.pause()
            screen.to_editor()
        assert app.is_running
        assert "Hello." in screen.editor.text


async def test_a_click_on_the_recipients_changes_them(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, _):
        await pilot.click(RecipientsLine)
        await until(pilot, lambda: isinstance(app.screen, EditRecipients))


@pytest.mark.parametrize("preset", sorted(keys.PRESETS))
def test_no_key_means_two_things(preset: str) -> None:
    assert keys.clashes(keys.PRESETS[preset]) == []


async def test_a_macro_brings_its_status_and_tags_and_says_so(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        macro = next(m for m in app.support.macros.macros if m.trigger and m.actions.status and m.actions.tags_add)
        await pilot.press(*macro.trigger, "tab")
        await until(pilot, lambda: screen.draft.status is macro.actions.status)
        await until(pilot, lambda: f"send, then {macro.actions.status}" in text_of(app))
        assert all(f"+{tag}" in text_of(app) for tag in macro.actions.tags_add)


async def test_all_a_macro_does_is_named_at_the_foot_and_happens_with_the_reply(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        actions = Actions(assignee="grace", priority="high", snooze=172_800, note="{{ticket.requester.name}} waits.")
        macro = Macro("m", "Two days", "Thank you, we look into it.", trigger=";two", actions=actions)
        app.support.macros._macros["m", ""] = macro
        await pilot.press(*";two", "tab")
        await until(pilot, lambda: "assign grace" in text_of(app))
        assert all(words in text_of(app) for words in ("priority high", "snooze 2 d", "+note"))
        await kept(pilot, screen, "Thank you, we look into it.")
        await send(pilot)
        await until(pilot, lambda: bool(outbox(app)))
        ticket = app.support.views.ticket(screen.key)
        assert ticket is not None
        assert (ticket.assignee, ticket.override) == ("grace", Priority.P2)
        assert ticket.snoozed_until is not None
        noted = [m.text for m in app.support.views.messages(screen.key) if m.kind is MessageKind.NOTE]
        assert noted == ["Mara Lind waits."]
