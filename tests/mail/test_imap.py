"""What a mailbox promises, against a real Dovecot."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from supportterm.mail.errors import (
    CertificateError,
    ConnectionFailedError,
    FolderError,
    SignInError,
    UnsafeTextError,
)
from supportterm.mail.gateway import FetchedMail, FolderRole
from supportterm.mail.imap import ImapMailbox
from tests.servers.certificate import make_certificate
from tests.servers.dovecot import Dovecot

pytestmark = pytest.mark.dovecot

WHEN = datetime(2026, 3, 1, 12, 30, 15, tzinfo=UTC)


def mail(number: int, body: str = "A question about an order.") -> bytes:
    return f"From: a{number}@example.com\r\nMessage-ID: <m{number}@example.com>\r\n\r\n{body}\r\n".encode()


async def fetched(mailbox: ImapMailbox, uids: list[int]) -> list[FetchedMail]:
    return [each async for batch in mailbox.fetch(uids) for each in batch]


@pytest.fixture
def fresh() -> Iterator[Dovecot]:
    server = Dovecot(special_use=False).start()
    yield server
    server.stop()


@pytest.mark.parametrize("security", ["plaintext-on-loopback", "starttls", "tls"])
async def test_each_way_of_connecting_signs_in(
    dovecot_server: Dovecot, security: Literal["tls", "starttls", "plaintext-on-loopback"]
) -> None:
    mailbox = ImapMailbox(dovecot_server.server(security), dovecot_server.user, dovecot_server.password)
    await mailbox.connect()
    await mailbox.connect()
    assert (await mailbox.open("INBOX")).uidvalidity > 0
    await mailbox.close()
    with pytest.raises(ConnectionFailedError):
        await mailbox.open("INBOX")
    await mailbox.connect()
    assert (await mailbox.open("INBOX")).uidvalidity > 0
    await mailbox.close()


async def test_a_wrong_password_is_a_sign_in_error_that_does_not_repeat_it(dovecot_server: Dovecot) -> None:
    mailbox = ImapMailbox(dovecot_server.server(), dovecot_server.user, "wrong-one-4711")
    with pytest.raises(SignInError) as caught:
        await mailbox.connect()
    assert "password" in str(caught.value)
    assert "4711" not in str(caught.value)
    await mailbox.close()


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("authority", ["system", "other", "missing"])
async def test_an_unknown_authority_is_refused(
    dovecot_server: Dovecot, tmp_path, security: Literal["tls", "starttls"], authority: str
) -> None:
    files = {
        "system": None,
        "other": make_certificate(tmp_path, "IP:127.0.0.1", stem="other").cert,
        "missing": tmp_path / "none",
    }
    server = dataclasses.replace(dovecot_server.server(security), ca_file=files[authority])
    mailbox = ImapMailbox(server, dovecot_server.user, dovecot_server.password)
    with pytest.raises(CertificateError):
        await mailbox.connect()
    await mailbox.close()


async def test_tls_spoken_to_a_plain_port_says_what_to_check(dovecot_server: Dovecot) -> None:
    server = dataclasses.replace(dovecot_server.server("tls"), port=dovecot_server.port)
    with pytest.raises(CertificateError, match="port"):
        await ImapMailbox(server, "u", "p").connect()


async def test_a_closed_port_and_an_unknown_name_say_so(dovecot_server: Dovecot) -> None:
    good = dovecot_server.server()
    with pytest.raises(ConnectionFailedError, match="takes no connections"):
        await ImapMailbox(dataclasses.replace(good, port=1), "u", "p").connect()
    for host in ("no-such-host.invalid", "a..b", "x" * 300):
        with pytest.raises(ConnectionFailedError, match="No server named"):
            await ImapMailbox(dataclasses.replace(good, host=host), "u", "p").connect()


async def test_a_password_of_any_letters_signs_in(fresh: Dovecot) -> None:
    password = 'pässwörd "quoted" \\ пароль'
    (fresh.base / "users").write_text(f"{fresh.user}:{{PLAIN}}{password}\n")
    mailbox = ImapMailbox(fresh.server(), fresh.user, password)
    await mailbox.connect()
    assert (await mailbox.open("INBOX")).exists == 0
    await mailbox.close()


async def test_the_folder_of_sent_mail_is_known_by_its_mark_or_its_name(mailbox: ImapMailbox, fresh: Dovecot) -> None:
    roles = {folder.role: folder.name for folder in await mailbox.folders()}
    assert roles[FolderRole.SENT] == "Sent"
    assert roles[FolderRole.INBOX] == "INBOX"
    (fresh.base / "dovecot.conf").write_text(
        (fresh.base / "dovecot.conf").read_text().replace("mailbox Sent {", "mailbox Other {")
    )
    fresh.restart()
    unmarked = ImapMailbox(fresh.server(), fresh.user, fresh.password)
    await unmarked.connect()
    await unmarked.append("Post/送信済み", mail(1), (), WHEN)
    assert next(folder.name for folder in await unmarked.folders() if folder.role is FolderRole.SENT) == "Post/送信済み"
    await unmarked.close()


async def test_mails_come_back_as_they_were_filed(mailbox: ImapMailbox) -> None:
    raws = [mail(number, "ü" * number) for number in range(250)]
    for raw in raws[:3]:
        await mailbox.append("Filed", raw, ["\\Seen", "$Desk"], WHEN)
    await mailbox.open("Filed")
    uids = await mailbox.uids()
    found = await fetched(mailbox, [uids[2], uids[0], 4_000_000_000, uids[1], uids[0]])
    assert [each.raw for each in found] == [raws[2], raws[0], raws[1]]
    assert {each.received_at for each in found} == {WHEN}
    assert all(
        {"\\Seen", "$Desk"} <= each.flags and not each.truncated and each.size == len(each.raw) for each in found
    )


async def test_reading_sets_no_flag_and_batches_are_bounded(mailbox: ImapMailbox, dovecot_server: Dovecot) -> None:
    dovecot_server.deliver_all([mail(number, "x" * 50_000) for number in range(230)], "Bulk")
    await mailbox.open("Bulk")
    uids = await mailbox.uids()
    batches = [batch async for batch in mailbox.fetch(uids)]
    assert [each.uid for batch in batches for each in batch] == uids
    assert max(len(batch) for batch in batches) <= 100
    assert max(sum(each.size for each in batch) for batch in batches) <= 4 << 20
    assert "\\Seen" not in frozenset().union(*(await mailbox.flags(uids)).values())


async def test_other_commands_may_stand_between_batches(mailbox: ImapMailbox, dovecot_server: Dovecot) -> None:
    dovecot_server.deliver_all([mail(number) for number in range(320)], "Between")
    await mailbox.open("Between")
    uids = await mailbox.uids()
    seen: list[int] = []
    async for batch in mailbox.fetch(uids):
        await mailbox.add_flags([each.uid for each in batch], ["\\Answered"])
        await mailbox.find("Filed elsewhere", "m1@example.com")
        seen += [each.uid for each in batch]
    assert seen == uids
    assert all("\\Answered" in flags for flags in (await mailbox.flags(uids)).values())
    async for _ in mailbox.fetch(uids):
        break
    assert await mailbox.uids() == uids


async def test_a_mail_over_the_limit_comes_as_its_header(dovecot_server: Dovecot) -> None:
    dovecot_server.deliver_all([mail(1), mail(2, "x" * 20_000), mail(3)], "Large")
    mailbox = ImapMailbox(
        dovecot_server.server(), dovecot_server.user, dovecot_server.password, max_message_bytes=10_000
    )
    await mailbox.connect()
    await mailbox.open("Large")
    first, large, last = await fetched(mailbox, await mailbox.uids())
    assert (first.truncated, large.truncated, last.truncated) == (False, True, False)
    assert large.raw.startswith(b"From: a2@example.com")
    assert b"xxx" not in large.raw
    assert large.size > 20_000
    await mailbox.close()


async def test_uids_begin_where_asked(mailbox: ImapMailbox, dovecot_server: Dovecot) -> None:
    dovecot_server.deliver_all([mail(number) for number in range(5)], "Count")
    state = await mailbox.open("Count")
    assert await mailbox.uids() == [1, 2, 3, 4, 5]
    assert await mailbox.uids(4) == [4, 5]
    assert await mailbox.uids(state.uidnext) == []
    assert await mailbox.uids(5_000_000_000) == []


async def test_large_folders_are_counted_in_steps(
    mailbox: ImapMailbox, dovecot_server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supportterm.mail.imap.session.SEARCH_STEP", 4)
    dovecot_server.deliver_all([mail(number) for number in range(11)], "Steps")
    await mailbox.open("Steps")
    assert await mailbox.uids() == list(range(1, 12))
    assert await mailbox.uids(6) == list(range(6, 12))


async def test_changed_flags_are_told_since_a_state(mailbox: ImapMailbox, dovecot_server: Dovecot) -> None:
    dovecot_server.deliver_all([mail(number) for number in range(4)], "Changes")
    before = await mailbox.open("Changes")
    assert before.highestmodseq
    await mailbox.add_flags([2, 999], ["\\Flagged"])
    changed = await mailbox.changed_since(before.highestmodseq)
    assert changed is not None
    assert {uid: flags & {"\\Flagged"} for uid, flags in changed.items()} == {2: {"\\Flagged"}}
    after = await mailbox.open("Changes")
    assert await mailbox.changed_since(after.highestmodseq or 0) == {}


async def test_find_wants_the_whole_id(mailbox: ImapMailbox) -> None:
    for name in ("m1@example.com", "xm1@example.com", 'odd"[1\\]@example.com', "folded@example.com"):
        sep = "\r\n " if name.startswith("folded") else " "
        await mailbox.append("Ids", f"Message-ID:{sep}<{name}>\r\n\r\nx\r\n".encode(), (), WHEN)
    state = await mailbox.open("INBOX")
    assert await mailbox.find("Ids", "m1@example.com") == [1]
    assert await mailbox.find("Ids", 'odd"[1\\]@example.com') == [3]
    assert await mailbox.find("Ids", "folded@example.com") == [4]
    assert await mailbox.find("Ids", "1@example.com") == []
    assert await mailbox.find("Ids", "ключ@пример") == []
    assert await mailbox.find("No such folder", "m1@example.com") == []
    assert len(await mailbox.uids()) == state.exists


@pytest.mark.parametrize("name", ["Отправленные", "Gönderilmiş Öğeler", "送信済み", "a&b", 'q"uo\\te', "Sub/folder"])
async def test_append_makes_the_folder_it_misses(mailbox: ImapMailbox, name: str) -> None:
    await mailbox.append(name, mail(1), ["\\Seen"], WHEN)
    assert name in {folder.name for folder in await mailbox.folders()}
    assert await mailbox.find(name, "m1@example.com") == [1]


@pytest.mark.parametrize("bad", ["a\r\nb", "a\nb", "a\0b", "a\x1b[2J", "a\u2028b", "a\udc80b"])
async def test_what_a_command_cannot_carry_is_refused_and_the_connection_stands(mailbox: ImapMailbox, bad: str) -> None:
    await mailbox.open("INBOX")
    for attempt in (
        mailbox.open(bad),
        mailbox.append(bad, mail(1), (), WHEN),
        mailbox.append("INBOX", mail(1), [bad], WHEN),
        mailbox.add_flags([1], [bad]),
        mailbox.find(bad, "m1@example.com"),
        mailbox.find("INBOX", bad),
    ):
        with pytest.raises(UnsafeTextError):
            await attempt
    assert await mailbox.uids(4_000_000_000) == []


@pytest.mark.parametrize("bad", ["a\r\nb", "a\0b"])
async def test_what_a_sign_in_cannot_carry_is_refused(dovecot_server: Dovecot, bad: str) -> None:
    for user, password in ((bad, "p"), ("u", bad)):
        with pytest.raises(UnsafeTextError):
            await ImapMailbox(dovecot_server.server(), user, password).connect()


async def test_a_missing_folder_leaves_the_connection_usable(mailbox: ImapMailbox) -> None:
    with pytest.raises(FolderError):
        await mailbox.open("Nowhere/at all")
    with pytest.raises(FolderError):
        await mailbox.uids()
    assert (await mailbox.open("INBOX")).name == "INBOX"


async def test_waiting_ends_with_new_mail_or_the_time(mailbox: ImapMailbox, dovecot_server: Dovecot) -> None:
    await mailbox.open("INBOX")
    assert await mailbox.wait(0.2) is False
    waiting = asyncio.create_task(mailbox.wait(20))
    await asyncio.sleep(0.2)
    dovecot_server.deliver(mail(1))
    assert await waiting is True
    dovecot_server.deliver(mail(2))
    assert await mailbox.wait(20) is True


async def test_waiting_works_behind_tls(dovecot_server: Dovecot) -> None:
    mailbox = ImapMailbox(dovecot_server.server("tls"), dovecot_server.user, dovecot_server.password)
    await mailbox.connect()
    await mailbox.open("INBOX")
    assert await mailbox.wait(0.2) is False
    waiting = asyncio.create_task(mailbox.wait(20))
    await asyncio.sleep(0.2)
    dovecot_server.deliver(mail(4))
    assert await waiting is True
    await mailbox.close()


async def test_mail_that_came_during_another_command_is_not_missed(
    mailbox: ImapMailbox, dovecot_server: Dovecot
) -> None:
    await mailbox.open("INBOX")
    dovecot_server.deliver(mail(3))
    await mailbox.flags([1])
    await mailbox.find("INBOX", "nothing@example.com")
    await mailbox.find("Ids", "nothing@example.com")
    assert await mailbox.wait(20) is True


async def test_waiting_can_be_given_up_and_the_connection_stands(mailbox: ImapMailbox) -> None:
    await mailbox.open("INBOX")
    for pause in (0, 0.1):
        waiting = asyncio.create_task(mailbox.wait(60))
        await asyncio.sleep(pause)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        async with asyncio.timeout(5):
            assert isinstance(await mailbox.uids(), list)


async def test_close_ends_a_wait_at_once(mailbox: ImapMailbox) -> None:
    await mailbox.open("INBOX")
    waiting = asyncio.create_task(mailbox.wait(60))
    await asyncio.sleep(0.1)
    async with asyncio.timeout(2):
        await mailbox.close()
        assert await waiting is False
    await mailbox.close()


async def test_a_killed_server_is_a_lost_connection_and_then_all_is_there_again(fresh: Dovecot) -> None:
    fresh.deliver_all([mail(number) for number in range(3)])
    mailbox = ImapMailbox(fresh.server(), fresh.user, fresh.password)
    await mailbox.connect()
    before = await mailbox.open("INBOX")
    waiting = asyncio.create_task(mailbox.wait(30))
    await asyncio.sleep(0.2)
    fresh.kill()
    with pytest.raises(ConnectionFailedError):
        await waiting
    with pytest.raises(ConnectionFailedError):
        await mailbox.connect()
    fresh.start()
    await mailbox.connect()
    assert (await mailbox.open("INBOX")).uidvalidity == before.uidvalidity
    assert len(await fetched(mailbox, await mailbox.uids())) == 3
    await mailbox.close()


async def test_received_times_are_utc(mailbox: ImapMailbox) -> None:
    there = WHEN.astimezone().replace(microsecond=0) + timedelta(days=1)
    await mailbox.append("Times", mail(1), (), there)
    await mailbox.open("Times")
    (only,) = await fetched(mailbox, [1])
    assert only.received_at == there
    assert only.received_at.tzinfo is UTC


async def test_nothing_is_left_running_after_close(dovecot_server: Dovecot) -> None:
    before = threading.active_count()
    mailbox = ImapMailbox(dovecot_server.server(), dovecot_server.user, dovecot_server.password)
    await mailbox.connect()
    await mailbox.close()
    for _ in range(100):
        if threading.active_count() <= before:
            break
        await asyncio.sleep(0.02)
    assert threading.active_count() <= before
