"""A server that is broken, slow or hostile: every case ends in time, in the one family of errors."""

from __future__ import annotations

import asyncio
import dataclasses
import tracemalloc
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from supportterm.config import Server
from supportterm.mail.errors import (
    CertificateError,
    ConnectionFailedError,
    FolderError,
    MailError,
    ProtocolError,
    SignInError,
)
from supportterm.mail.gateway import FetchedMail
from supportterm.mail.imap import ImapMailbox
from tests.servers.scripted import GREETING, SELECTED, Peer, Reply, Script, imap, scripted

TIMEOUT = 0.6
LIMIT = 100_000
PASSWORD = "canary-90210"
WHEN = datetime(2026, 1, 1, tzinfo=UTC)

Act = Callable[[ImapMailbox], Awaitable[object]]


def says(data: bytes, *, then: str = "") -> Reply:
    """Say something, then go on ("hang": no more; "close"; "reset"; "flood": again and again; "drip": slowly)."""

    async def reply(peer: Peer, tag: str, _: str) -> bytes | None:
        text = data.replace(b"<tag>", tag.encode())
        if then == "flood":
            await peer.flood(text)
        elif then == "drip":
            await peer.drip(text)
        else:
            await peer.say(text)
        if then == "hang":
            await peer.hang()
        elif then in ("close", "reset"):
            peer.hang_up(reset=then == "reset")
        return None

    return reply


def server(port: int, timeout: float = TIMEOUT) -> Server:
    return Server("127.0.0.1", port, "plaintext-on-loopback", "desk", timeout_seconds=timeout)


def hangs(data: bytes = b"") -> Reply:
    """Say something, and never more."""
    return says(data, then="hang")


def closes(data: bytes = b"") -> Reply:
    """Say something and close."""
    return says(data, then="close")


def floods(data: bytes) -> Reply:
    """Say the same without end."""
    return says(data, then="flood")


async def nothing(_: ImapMailbox) -> None:
    """Connecting is the whole of it."""


async def opening(mailbox: ImapMailbox) -> object:
    return await mailbox.open("INBOX")


async def listing(mailbox: ImapMailbox) -> object:
    return await mailbox.folders()


async def counting(mailbox: ImapMailbox) -> object:
    await mailbox.open("INBOX")
    return await mailbox.uids()


async def fetching(mailbox: ImapMailbox) -> list[FetchedMail]:
    await mailbox.open("INBOX")
    return [each async for batch in mailbox.fetch([1, 2]) for each in batch]


async def flagging(mailbox: ImapMailbox) -> object:
    await mailbox.open("INBOX")
    return await mailbox.flags([1, 2, 3])


async def storing(mailbox: ImapMailbox) -> None:
    await mailbox.open("INBOX")
    await mailbox.add_flags([1], ["\\Seen"])


async def waiting(mailbox: ImapMailbox) -> object:
    await mailbox.open("INBOX")
    return await mailbox.wait(0.3)


async def waiting_long(mailbox: ImapMailbox) -> object:
    await mailbox.open("INBOX")
    return await mailbox.wait(3600)


async def filing(mailbox: ImapMailbox) -> None:
    await mailbox.append("Sent", b"Subject: x\r\n\r\nx\r\n", (), WHEN)


async def finding(mailbox: ImapMailbox) -> object:
    return await mailbox.find("Sent", "m@example.com")


@dataclass(frozen=True)
class Case:
    name: str
    answers: Mapping[str, Reply]
    act: Act
    error: type[MailError]


def fetch_of(*lines: bytes) -> dict[str, Reply]:
    """Answer the question for sizes honestly, and the one for bodies with these lines."""

    async def reply(peer: Peer, tag: str, line: str) -> bytes | None:
        if "RFC822.SIZE" in line:
            return (
                b"".join(b"* %d FETCH (UID %d RFC822.SIZE 10 FLAGS ())\r\n" % (n, n) for n in (1, 2))
                + b"<tag> OK done\r\n"
            )
        answer = lines[-1]
        for each in lines[:-1]:
            await peer.say(each)
        if answer.startswith(b"!"):
            if answer == b"!close":
                peer.hang_up()
            elif answer == b"!hang":
                await peer.hang()
            elif answer.startswith(b"!flood"):
                await peer.flood(answer[6:])
            else:
                await peer.drip(answer[5:] * 1000)
            return None
        return answer

    return {"UID FETCH": reply}


def selected(replace: bytes, by: bytes) -> dict[str, Reply]:
    return {"SELECT": SELECTED.replace(replace, by)}


LOST, NONSENSE = ConnectionFailedError, ProtocolError
EITHER = MailError
"""Where it depends on the machine whether the count or the clock ends it."""
DIGITS = b"9" * 5000
UNASKED = b"* 9 FETCH (UID 9 BODY[] {50000}\r\n" + b"x" * 50_000 + b")\r\n"
FULL = {"APPEND": b"+ go\r\n", "LITERAL": b"<tag> NO [OVERQUOTA] full\r\n", "CREATE": b"<tag> NO no\r\n"}
LONG_ID = {"UID SEARCH": b"* SEARCH 1\r\n<tag> OK done\r\n", "UID FETCH": b"* 1 FETCH (UID 1 BODY[] {200000}\r\n"}
CLOSED = b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n<tag> OK done\r\n"
REPEATED = b"<tag> NO not " + PASSWORD.encode() + b"\r\n"

CONNECTING = [
    Case("silent greeting", {GREETING: hangs()}, nothing, LOST),
    Case("closed before the greeting", {GREETING: closes()}, nothing, LOST),
    Case("reset before the greeting", {GREETING: says(b"", then="reset")}, nothing, LOST),
    Case("greeting BYE", {GREETING: closes(b"* BYE too many\r\n")}, nothing, LOST),
    Case("greeting NO", {GREETING: b"* NO go away\r\n"}, nothing, NONSENSE),
    Case("greeting of a web server", {GREETING: closes(b"HTTP/1.1 400 Bad\r\n\r\n")}, nothing, NONSENSE),
    Case("greeting without line end", {GREETING: says(b"x" * 100, then="flood")}, nothing, NONSENSE),
    Case("greeting byte by byte", {GREETING: says(b"* OK " + b"x" * 900, then="drip")}, nothing, LOST),
    Case("greeting ends without CR", {GREETING: b"* OK ready\n"}, nothing, NONSENSE),
    Case("greeting literal of 10^9", {GREETING: hangs(b"* OK {999999999}\r\n")}, nothing, NONSENSE),
    Case("no capabilities", {"CAPABILITY": b"<tag> OK done\r\n"}, nothing, NONSENSE),
    Case("not IMAP4rev1", {"CAPABILITY": b"* CAPABILITY IMAP2\r\n<tag> OK done\r\n"}, nothing, NONSENSE),
    Case("capabilities BAD", {"CAPABILITY": b"<tag> BAD what\r\n"}, nothing, NONSENSE),
    Case("capabilities hang", {"CAPABILITY": hangs()}, nothing, LOST),
    Case("capabilities byte by byte", {"CAPABILITY": says(b"* CAPABILITY " + b"A" * 900, then="drip")}, nothing, LOST),
    Case("capabilities flood", {"CAPABILITY": floods(b"* OK still here\r\n")}, nothing, EITHER),
    Case("literal of 10^9", {"CAPABILITY": hangs(b"* X {999999999}\r\n")}, nothing, NONSENSE),
    Case("literal of 10^30", {"CAPABILITY": hangs(b"* X {1" + b"0" * 30 + b"}\r\n")}, nothing, NONSENSE),
    Case("literal of 5000 digits", {"CAPABILITY": hangs(b"* X {" + DIGITS + b"}\r\n")}, nothing, NONSENSE),
    Case("another's tag", {"CAPABILITY": hangs(b"* CAPABILITY IMAP4rev1\r\nZZ9 OK\r\n")}, nothing, NONSENSE),
    Case("bytes that are no text", {"CAPABILITY": b"* CAPABILITY \xff\r\n<tag> OK \xff\r\n"}, nothing, NONSENSE),
    Case("password refused", {"LOGIN": b"<tag> NO [AUTHENTICATIONFAILED] no\r\n"}, nothing, SignInError),
    Case("password refused and repeated", {"LOGIN": REPEATED}, nothing, SignInError),
    Case("sign-in not now", {"LOGIN": b"<tag> NO [UNAVAILABLE] later\r\n"}, nothing, LOST),
    Case("sign-in not understood", {"LOGIN": b"<tag> BAD what\r\n"}, nothing, NONSENSE),
    Case("sign-in BYE", {"LOGIN": closes(b"* BYE\r\n")}, nothing, LOST),
    Case("sign-in hangs", {"LOGIN": hangs()}, nothing, LOST),
    Case("sign-in reset", {"LOGIN": says(b"", then="reset")}, nothing, LOST),
    Case("passwords switched off", {"CAPABILITY": CLOSED}, nothing, SignInError),
]  # fmt: skip

WORKING = [
    Case("folder refused", {"SELECT": b"<tag> NO [NONEXISTENT] none\r\n"}, opening, FolderError),
    Case("select BAD", {"SELECT": b"<tag> BAD what\r\n"}, opening, NONSENSE),
    Case("select hangs", {"SELECT": hangs(b"* 3 EXISTS\r\n")}, opening, LOST),
    Case("select flood", {"SELECT": floods(b"* 3 EXISTS\r\n")}, opening, EITHER),
    Case("no UIDVALIDITY", selected(b"* OK [UIDVALIDITY 7] ok\r\n", b""), opening, NONSENSE),
    Case("UIDVALIDITY abc", selected(b"UIDVALIDITY 7", b"UIDVALIDITY abc"), opening, NONSENSE),
    Case("UIDVALIDITY 0", selected(b"UIDVALIDITY 7", b"UIDVALIDITY 0"), opening, NONSENSE),
    Case("UIDVALIDITY of 20 digits", selected(b"UIDVALIDITY 7", b"UIDVALIDITY " + b"9" * 20), opening, NONSENSE),
    Case("as many mails as digits allow", selected(b"3 EXISTS", b"9999999999 EXISTS"), opening, NONSENSE),
    Case("a line over a megabyte", {"LIST": says(b"* LIST () " + b"x" * 2_000_000)}, listing, NONSENSE),
    Case("endless folders", {"LIST": floods(b'* LIST () "/" a\r\n')}, listing, EITHER),
    Case("folder literal of 10^9", {"LIST": hangs(b'* LIST () "/" {999999999}\r\n')}, listing, NONSENSE),
    Case("literals without end", {"LIST": says(b"* LIST {1}\r\n" + b"a{1}\r\n" * 300_000)}, listing, EITHER),
    Case("search over a megabyte", {"UID SEARCH": says(b"* SEARCH" + b" 1" * 600_000 + b"\r\n")}, counting, NONSENSE),
    Case("search NO", {"UID SEARCH": b"<tag> NO busy\r\n"}, counting, FolderError),
    Case("search closed", {"UID SEARCH": closes(b"* SEARCH 1 2")}, counting, LOST),
    Case("fetch literal of 10^9", fetch_of(b"* 1 FETCH (UID 1 BODY[] {999999999}\r\n", b"!hang"), fetching, NONSENSE),
    Case("fetch literal of 10^19", fetch_of(b"* 1 FETCH (BODY[] {%d}\r\n" % 10**19, b"!hang"), fetching, NONSENSE),
    Case("fetch literal cut", fetch_of(b"* 1 FETCH (UID 1 BODY[] {10}\r\nabc", b"!close"), fetching, LOST),
    Case("fetch literal hangs", fetch_of(b"* 1 FETCH (UID 1 BODY[] {10}\r\nabc", b"!hang"), fetching, LOST),
    Case("fetch literal byte by byte", fetch_of(b"* 1 FETCH (UID 1 BODY[] {9999}\r\n", b"!dripx"), fetching, LOST),
    Case("mail after mail unasked", fetch_of(b"!flood" + UNASKED), fetching, EITHER),
    Case("300 MB in a line", fetch_of(b"!flood* 1 FETCH (UID 1 BODY[] \"" + b"x" * 60_000), fetching, EITHER),
    Case("100,000 parentheses", fetch_of(b"* 1 FETCH " + b"(" * 100_000 + b"\r\n"), fetching, NONSENSE),
    Case("closing parentheses", fetch_of(b"* 1 FETCH (UID 1))))\r\n<tag> OK done\r\n"), fetching, NONSENSE),
    Case("a name without value", fetch_of(b"* 1 FETCH (UID)\r\n<tag> OK done\r\n"), fetching, NONSENSE),
    Case("no list at all", fetch_of(b"* 1 FETCH UID 1\r\n<tag> OK done\r\n"), fetching, NONSENSE),
    Case("fetch BAD", fetch_of(b"<tag> BAD what\r\n"), fetching, NONSENSE),
    Case("fetch BYE", fetch_of(b"* BYE going down\r\n"), fetching, LOST),
    Case("lines without CR", fetch_of(b"* 1 FETCH (UID 1)\n<tag> OK done\r\n"), fetching, NONSENSE),
    Case("numbered anew in between", fetch_of(b"* OK [UIDVALIDITY 8] new\r\n<tag> OK done\r\n"), fetching, NONSENSE),
    Case("fetch flood", fetch_of(b"!flood* OK still here\r\n"), fetching, EITHER),
    Case("flags flood", {"UID FETCH": floods(b"* 1 FETCH (UID 1 FLAGS ())\r\n")}, flagging, EITHER),
    Case("flags hang", {"UID FETCH": hangs()}, flagging, LOST),
    Case("store refused", {"UID STORE": b"<tag> NO read-only\r\n"}, storing, FolderError),
    Case("idle never begins", {"IDLE": hangs()}, waiting, LOST),
    Case("idle flood", {"IDLE": floods(b"+ idling\r\n* OK still here\r\n")}, waiting, EITHER),
    Case("idle line byte by byte", {"IDLE": says(b"+ idling\r\n* OK " + b"x" * 900, then="drip")}, waiting, LOST),
    Case("idle closed", {"IDLE": closes(b"+ idling\r\n")}, waiting, LOST),
    Case("idle reset", {"IDLE": says(b"+ idling\r\n", then="reset")}, waiting, LOST),
    Case("idle BYE", {"IDLE": says(b"+ idling\r\n* BYE\r\n")}, waiting, LOST),
    Case("idle ended unasked", {"IDLE": b"+ idling\r\n<tag> OK done\r\n"}, waiting, LOST),
    Case("idle never ends", {"IDLE": hangs(b"+ idling\r\n")}, waiting, LOST),
    Case("idle literal of 10^9", {"IDLE": hangs(b"+ idling\r\n* X {999999999}\r\n")}, waiting, NONSENSE),
    Case("append never goes on", {"APPEND": hangs()}, filing, LOST),
    Case("append lost before OK", {"APPEND": b"+ go\r\n", "LITERAL": closes()}, filing, LOST),
    Case("append hangs before OK", {"APPEND": b"+ go\r\n", "LITERAL": hangs()}, filing, LOST),
    Case("append over quota", FULL, filing, FolderError),
    Case("find's header too large", LONG_ID, finding, NONSENSE),
]  # fmt: skip


@pytest.mark.parametrize("case", CONNECTING + WORKING, ids=lambda case: case.name)
async def test_every_case_ends_in_time_in_one_family_of_errors(case: Case) -> None:
    tracemalloc.start()
    try:
        async with scripted(imap(case.answers)) as fake:
            mailbox = ImapMailbox(server(fake.port), "desk", PASSWORD, max_message_bytes=LIMIT)
            # The deadline is the promise: the timeout and two seconds.
            async with asyncio.timeout(TIMEOUT + 2):
                with pytest.raises(case.error) as caught:
                    await connected(mailbox, case.act)
            async with asyncio.timeout(2):
                await mailbox.close()
        assert PASSWORD not in str(caught.value)
        assert "\n" not in str(caught.value)
        assert str(caught.value).endswith((".", "password."))
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()


async def connected(mailbox: ImapMailbox, act: Act) -> Any:
    await mailbox.connect()
    return await act(mailbox)


async def acted(script: Script, act: Act, limit: int = LIMIT) -> Any:
    async with scripted(script) as fake:
        mailbox = ImapMailbox(server(fake.port), "desk", PASSWORD, max_message_bytes=limit)
        async with asyncio.timeout(TIMEOUT + 2):
            result = await connected(mailbox, act)
        await mailbox.close()
    return result


@pytest.mark.parametrize(
    ("answers", "act"),
    [
        ({"LIST": floods(b'* LIST () "/" a\r\n')}, listing),
        ({"UID FETCH": floods(b"* 1 FETCH (UID 1 FLAGS ())\r\n")}, flagging),
        ({"IDLE": floods(b"+ idling\r\n* OK still here\r\n")}, waiting_long),
        (fetch_of(b"!flood" + UNASKED), fetching),
    ],
    ids=["folders", "flags", "idle", "mails"],
)
async def test_what_never_ends_is_cut_by_its_size_however_patient_we_are(answers: dict[str, Reply], act: Act) -> None:
    async with scripted(imap(answers)) as fake:
        mailbox = ImapMailbox(server(fake.port, timeout=60), "desk", PASSWORD, max_message_bytes=LIMIT)
        async with asyncio.timeout(30):
            with pytest.raises(ProtocolError):
                await connected(mailbox, act)
        await mailbox.close()


@pytest.mark.parametrize(
    ("lines", "raws"),
    [
        (b"* 1 FETCH (UID 1 BODY[] {2}\r\nab)\r\n* 2 FETCH (BODY[] {2}\r\ncd UID 2)\r\n", [b"ab", b"cd"]),
        (b'* 1 FETCH (UID 1 BODY[] "a\\"b")\r\n', [b'a"b']),
        (b"* 1 FETCH (BODY[] {2}\r\nab)\r\n* 2 FETCH (UID 2 BODY[] {2}\r\ncd)\r\n", [b"cd"]),
        (b"* 1 FETCH (UID 77 BODY[] {2}\r\nab)\r\n* 2 FETCH (UID 2 BODY[] {2}\r\ncd)\r\n", [b"cd"]),
        (b"* 1 FETCH (UID 1 BODY[] {2}\r\nab)\r\n* 2 FETCH (UID 1 BODY[] {2}\r\ncd)\r\n", [b"ab"]),
        (b"* 1 FETCH (UID abc BODY[] {2}\r\nab)\r\n* 1 FETCH (UID 0 BODY[] {2}\r\nab)\r\n", []),
        (b"* 1 FETCH (UID 1 BODY[] NIL)\r\n* 9 EXISTS\r\n* 5 EXPUNGE\r\n* X-ODD (((\r\n", []),
        (b"* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n* 1 FETCH (UID 1 BODY[] {2}\r\nab)\r\n", [b"ab"]),
        (b"", []),
    ],
    ids=["any order", "quoted", "no UID", "another's UID", "doubled", "no number", "nil", "in two lines", "vanished"],
)
async def test_only_bodies_with_the_uid_asked_for_are_kept(lines: bytes, raws: list[bytes]) -> None:
    found = await acted(imap(fetch_of(lines + b"<tag> OK done\r\n")), fetching)
    assert [each.raw for each in found] == raws


async def test_a_mail_whose_size_is_not_told_is_fetched_all_the_same() -> None:
    async def reply(peer: Peer, tag: str, line: str) -> bytes:
        if "RFC822.SIZE" in line:
            return b"* 1 FETCH (UID 1 FLAGS ())\r\n* 2 FETCH (UID 2 RFC822.SIZE -3)\r\n<tag> OK done\r\n"
        return b"* 1 FETCH (UID 1 BODY[] {2}\r\nab)\r\n* 2 FETCH (UID 2 BODY[] {3}\r\ncde)\r\n<tag> OK done\r\n"

    found = await acted(imap({"UID FETCH": reply}), fetching)
    assert [(each.raw, each.size) for each in found] == [(b"ab", 2), (b"cde", 3)]


async def test_flags_of_mails_not_asked_for_are_not_taken() -> None:
    lines = b"".join(b"* %d FETCH (UID %d FLAGS (\\Seen))\r\n" % (uid, uid) for uid in (1, 3, 4, 9))
    assert await acted(imap({"UID FETCH": lines + b"<tag> OK done\r\n"}), flagging) == {1: {"\\Seen"}, 3: {"\\Seen"}}


async def test_a_mail_the_server_cannot_read_hides_no_other() -> None:
    async def reply(peer: Peer, tag: str, line: str) -> bytes:
        if "RFC822.SIZE" in line:
            return b"* 1 FETCH (UID 1 RFC822.SIZE 2)\r\n* 2 FETCH (UID 2 RFC822.SIZE 2)\r\n<tag> OK done\r\n"
        if "FETCH 2 " in line:
            return b"* 2 FETCH (UID 2 BODY[] {2}\r\ncd)\r\n<tag> OK done\r\n"
        return b"<tag> NO [SERVERBUG] cannot read\r\n"

    found = await acted(imap({"UID FETCH": reply}), fetching)
    assert [(each.uid, each.raw) for each in found] == [(2, b"cd")]


async def test_unsafe_folders_are_left_out_and_the_others_shown() -> None:
    lines = [
        b'* LIST (\\HasNoChildren) "/" INBOX', b'* LIST () "/" "../../x"', b'* LIST () "/" "a\x1b[2J"',
        b'* LIST () "/" "&AGE"', b'* LIST () "/" "&!!!-"', b'* LIST () "/" "&2D0-"', b'* LIST () "/"', b"* LIST",
        b'* LIST (((((((((((((((((((( "/" x', b'* LIST (\\Noselect) "/" "[Gmail]"', b'* LIST (\\Sent) "/" "Good"',
        b"* LIST () NIL Plain", b'* LIST () "/" {4}\r\nLit1', b'* LIST () "/" "Sent"',
    ]  # fmt: skip
    folders = await acted(imap({"LIST": b"\r\n".join(lines) + b"\r\n<tag> OK done\r\n"}), listing)
    assert {(folder.name, folder.role.value) for folder in folders} == {
        *(("INBOX", "inbox"), ("Good", "sent"), ("Plain", "other"), ("Lit1", "other"), ("Sent", "other"))
    }


async def test_search_answers_are_read_for_what_is_in_them() -> None:
    found = await acted(
        imap({"UID SEARCH": b"* SEARCH 3 x 1 -2 99999999999 0 2\r\n* SEARCH\r\n<tag> OK done\r\n"}), counting
    )
    assert found == [1, 2, 3]


async def test_the_newest_is_not_mistaken_for_a_newer_one() -> None:
    async def act(mailbox: ImapMailbox) -> list[int]:
        await mailbox.open("INBOX")
        return await mailbox.uids(4)

    assert await acted(imap({"UID SEARCH": b"* SEARCH 3\r\n<tag> OK done\r\n"}), act) == []


async def test_idle_understands_a_line_in_pieces() -> None:
    async def reply(peer: Peer, tag: str, _: str) -> None:
        for piece in (b"+ id", b"ling\r\n* 4 EX", b"ISTS\r", b"\n"):
            await peer.say(piece)
            await asyncio.sleep(0.03)
        assert await peer.hear() == "DONE"
        await peer.say(tag.encode() + b" OK done\r\n")

    assert await acted(imap({"IDLE": reply}), waiting) is True


@pytest.mark.parametrize("news", [b"* 4 EXISTS\r\n", b"* 1 EXPUNGE\r\n", b"* 1 FETCH (FLAGS (\\Seen))\r\n"])
async def test_without_idle_the_server_is_asked_now_and_then(news: bytes) -> None:
    plain = b"* CAPABILITY IMAP4rev1\r\n<tag> OK done\r\n"
    assert await acted(imap({"CAPABILITY": plain, "NOOP": news + b"<tag> OK done\r\n"}), waiting) is True
    assert await acted(imap({"CAPABILITY": plain}), waiting) is False
    assert await acted(imap({"IDLE": b"<tag> BAD no\r\n"}), waiting) is False


async def test_a_missing_uidnext_is_found_out() -> None:
    answers = selected(b"* OK [UIDNEXT 4] ok\r\n", b"") | {"UID SEARCH": b"* SEARCH 41\r\n<tag> OK done\r\n"}
    state = await acted(imap(answers), opening)
    assert state.uidnext == 42


async def test_a_server_of_few_words_is_understood() -> None:
    terse: dict[str, Reply] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n<tag> OK\r\n",
        "LOGIN": b"<tag> OK\r\n",
        "SELECT": SELECTED.replace(b" [READ-WRITE] ok", b""),
    }
    assert (await acted(imap(terse), opening)).uidvalidity == 7


async def test_a_refused_folder_costs_only_itself() -> None:
    async def reply(peer: Peer, tag: str, line: str) -> bytes:
        return b"<tag> NO none\r\n" if "Bad" in line else SELECTED

    async with scripted(imap({"SELECT": reply})) as fake:
        mailbox = ImapMailbox(server(fake.port), "desk", PASSWORD)
        await mailbox.connect()
        with pytest.raises(FolderError):
            await mailbox.open("Bad")
        assert (await mailbox.open("Good")).name == "Good"
        await mailbox.close()
        assert fake.connections == 1


def cut_short(script: Script, cut: int) -> Script:
    """Play a script but close after so many bytes, by RST every other time."""

    async def shortened(peer: Peer) -> None:
        say, left = peer.say, cut

        async def some(data: bytes) -> None:
            nonlocal left
            await say(data[:left])
            left -= len(data)
            if left <= 0:
                peer.hang_up(reset=cut % 2 == 1)

        peer.say = some  # type: ignore[method-assign]  # the line is cut under the script's feet
        await script(peer)

    return shortened


async def test_cut_anywhere_it_is_a_mail_error_and_never_a_wrong_mail() -> None:
    body = b"Subject: x\r\n\r\nwhole\r\n"
    answers = fetch_of(b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%b)\r\n<tag> OK done\r\n" % (len(body), body))
    outcomes: list[str] = []
    for cut in range(0, 420, 7):
        async with scripted(cut_short(imap(answers), cut)) as fake:
            mailbox = ImapMailbox(server(fake.port), "desk", PASSWORD)
            async with asyncio.timeout(TIMEOUT + 2):
                try:
                    await mailbox.connect()
                    assert [each.raw for each in await fetching(mailbox)] == [body]
                    outcomes.append("whole")
                except ConnectionFailedError:
                    outcomes.append("lost")
                await mailbox.close()
    assert set(outcomes[:20]) == {"lost"}
    assert outcomes[-1] == "whole"


async def test_giving_up_a_command_cuts_the_line_and_leaves_the_loop_free() -> None:
    async with scripted(imap({"SELECT": hangs()})) as fake:
        mailbox = ImapMailbox(server(fake.port, timeout=30), "desk", PASSWORD)
        await mailbox.connect()
        opening_now = asyncio.create_task(mailbox.open("INBOX"))
        await asyncio.sleep(0.1)
        opening_now.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening_now
        async with asyncio.timeout(3):
            with pytest.raises(ConnectionFailedError):
                await mailbox.open("INBOX")
            await mailbox.connect()
            assert fake.connections == 2
            await mailbox.close()


async def test_close_does_not_wait_for_a_hanging_server() -> None:
    async with scripted(imap({"LOGOUT": hangs(), "SELECT": hangs()})) as fake:
        for busy in (False, True):
            mailbox = ImapMailbox(server(fake.port, timeout=30), "desk", PASSWORD)
            await mailbox.connect()
            opening_now = asyncio.create_task(mailbox.open("INBOX")) if busy else None
            await asyncio.sleep(0.05)
            async with asyncio.timeout(1.5):
                await mailbox.close()
            if opening_now is not None:
                with pytest.raises(MailError):
                    await opening_now


async def test_a_server_that_signs_us_in_by_itself_is_taken_in_clear_only_where_that_was_asked() -> None:
    preauth = {GREETING: b"* PREAUTH welcome\r\n"}
    state = await acted(imap(preauth), opening)
    assert state.uidvalidity == 7
    async with scripted(imap(preauth)) as fake:
        secure = dataclasses.replace(server(fake.port), security="starttls")
        with pytest.raises(CertificateError):
            await ImapMailbox(secure, "desk", PASSWORD).connect()
        assert b"desk" not in fake.heard
