"""What the commands print and how they end, over a real store and no server."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from supportterm.__main__ import main
from tests.desk.fakes import ADDRESS, NOW, letter, make_world

Run = Callable[..., tuple[int, str, str]]

CONFIG = """\
store = '{store}'
[agent]
id = "ada"
name = "Ada"
[mailbox]
address = "{address}"
[mailbox.imap]
host = "127.0.0.1"
port = 1
security = "plaintext-on-loopback"
password_command = ["echo", "x"]
[mailbox.smtp]
host = "127.0.0.1"
port = 1
security = "plaintext-on-loopback"
password_command = ["echo", "x"]
"""


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command and return its status, stdout and stderr.

    The mailbox holds Mara's question, answered; Kim's; and a long mail without a sender.
    """
    world = make_world(tmp_path)
    world.server.put(letter("Where is my parcel?", message_id="q1@x"), at=NOW - timedelta(hours=3))
    ours = letter("On its way.", sender=ADDRESS, to="mara@lind.example", message_id="a1@x", refs=["q1@x"])
    world.server.put(ours, "Sent", at=NOW - timedelta(hours=2))
    kim = letter("Can I pay by card?\n\nBye", sender="Kim <kim@home.example>", subject="Paying", message_id="q2@x")
    world.server.put(kim, at=NOW - timedelta(hours=1))
    bare = "Message-ID: <q3@x>\n\n" + "".join(f"line {number}\n" for number in range(1000))
    world.server.put(bare.encode(), at=NOW - timedelta(minutes=50))
    asyncio.run(world.sync())
    world.desk.database.close()
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(store=world.desk.database.path, address=ADDRESS), encoding="utf-8")

    def command(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(["--config", str(config), *words])
        told = capsys.readouterr()
        return status, told.out, told.err

    return command


def ref_of(run: Run, query: str) -> str:
    """Return the reference of the only ticket a query names."""
    (line,) = run("queue", query, "--json")[1].splitlines()
    return str(json.loads(line)["ref"])


def test_a_narrow_terminal_still_gets_whole_lines(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in ("80", "120", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        assert max(map(len, run("queue", "open")[1].splitlines())) <= int(columns)


def test_a_ticket_that_waits_for_the_customer_shows_no_reason_to_hurry(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    _, out, _ = run("queue", "waiting")
    assert "Mara Lind" in out
    assert "pending, last mail" in out
    assert "past due" not in out


def test_a_query_within_a_view_narrows_it(run: Run) -> None:
    assert "Kim" in run("queue", "--view", "open", "from:kim")[1]
    status, out, _ = run("queue", "--view", "waiting", "from:kim OR from:nobody")
    assert (status, "Kim" in out) == (0, False)
    assert "Mara" in run("queue", "--view", "waiting", "from:mara OR from:kim sort:-updated limit:1")[1]


def test_a_misspelt_view_is_named(run: Run) -> None:
    assert "`waiting`" in run("queue", "wating")[1]
    status, _, err = run("queue", "--view", "wating")
    assert status == 2
    assert "waiting" in err


def test_views_of_ones_own_are_listed_and_named_like_the_others(run: Run, tmp_path: Path) -> None:
    with (tmp_path / "config.toml").open("a", encoding="utf-8") as config:
        config.write('[[views]]\nname = "Paying now"\nquery = "from:kim,nobody is:open"\nshort = "Pay"\n')
    status, told, _ = run("views")
    assert status == 0
    assert "      1  Paying now                from:kim,nobody is:open" in told.splitlines()
    record = json.loads(run("views", "--json")[1].splitlines()[-1])
    assert record == {"name": "paying-now", "title": "Paying now", "query": "from:kim,nobody is:open", "tickets": 1}
    for name in ("Paying now", "paying-now", "PAY"):
        status, told, _ = run("queue", "--view", name)
        assert status == 0
        assert told.startswith("Paying now: 1 ticket")
    assert "0 tickets" in run("queue", "--view", "paying-now", "status:spam")[1]
    status, _, said = run("queue", "--view", "paying-nwo")
    assert status != 0
    assert "Did you mean `paying-now`?" in said


def test_a_wrong_word_is_marked_below_the_query(run: Run) -> None:
    status, _, said = run("search", "parcel", "is:opne")
    assert status == 2
    assert said.splitlines()[1:] == ["  parcel is:opne", "            ^^^^"]


def test_lines_of_a_conversation_end_where_their_words_do(run: Run) -> None:
    _, out, _ = run("show", ref_of(run, "from:kim"))
    assert [line for line in out.splitlines() if line != line.rstrip()] == []


def test_set_without_a_change_says_what_could_be_changed(run: Run) -> None:
    status, _, err = run("set", ref_of(run, "from:kim"))
    assert status == 2
    assert "--snooze" in err


def test_a_reply_that_found_no_server_is_said_to_stay_queued(run: Run) -> None:
    ref = ref_of(run, "from:kim")
    status, out, err = run("reply", ref, "Yes.", "--wait", "--patience", "2")
    assert status == 3
    assert "stays queued" in out
    assert "takes no connections" in err
    assert "queued" in run("outbox")[1]


def test_open_blanks_are_shown_with_the_text_around_them(run: Run) -> None:
    status, out, err = run("reply", ref_of(run, "from:kim"), "--snippet", ";receipt")
    assert (status, out) == (1, "")
    assert "--fill 1=" in err
    assert "Hello Kim," in err
    assert "{{reply_by}}" in err, "a time that is past is promised to nobody"
    assert "empty" in run("outbox")[2]


def test_a_mail_without_sender_and_subject_can_be_told_in_every_list(run: Run) -> None:
    ref = ref_of(run, "is:open -from:kim")
    assert "(no sender)" in run("queue", "is:open")[1]
    assert "(no subject)" in run("queue", "is:open")[1]
    assert "(no sender)" in run("show", ref)[1]
    assert "(no subject)" in run("why", ref)[1]


def test_a_very_long_mail_is_cut_unless_all_of_it_is_asked_for(run: Run) -> None:
    ref = ref_of(run, "is:open -from:kim")
    _, out, _ = run("show", ref)
    assert ("line 1\n" in out, "line 999\n" in out) == (True, False)
    assert "folded lines (--all shows them)" in out
    assert "line 999\n" in run("show", ref, "--all")[1]


def test_an_unreachable_server_is_named_beside_the_queue(run: Run) -> None:
    assert run("sync", "--once")[0] == 3
    status, out, err = run("queue")
    assert status == 0
    assert "offline since" in out
    assert "takes no connections" in err


def test_a_promise_in_a_reply_is_never_kept_silently(run: Run) -> None:
    ref = ref_of(run, "from:kim")
    text = "Hello Kim, we will check the card reader within two hours."
    status, out, err = run("reply", ref, text, "--json")
    assert (status, json.loads(out)["promises"]) == (0, [])
    assert "promise “within two hours”" in err
    assert "not kept: add --promise keep" in err
    run("undo")
    status, out, err = run("reply", ref, text, "--promise", "keep", "--json")
    [kept] = json.loads(out)["promises"]
    assert kept["words"] == "we will check the card reader within two hours"
    assert "kept as a clock once the mail is accepted" in err
    run("undo")
    assert "promise" not in run("reply", ref, text, "--promise", "ignore")[2]
    run("undo")
    doubtful = run("reply", ref, "We will check it early next week.", "--promise", "keep", "--json")
    assert json.loads(doubtful[1])["promises"] == []
    assert "when exactly?" in doubtful[2]


def test_promises_are_given_listed_moved_handed_on_and_withdrawn(run: Run) -> None:
    ref = ref_of(run, "from:kim")
    assert run("promises")[2].strip() == "No promise is open."
    assert run("promises", "give", ref, "2h", "call", "Kim")[:2] == (0, f"{ref}: promised: “call Kim”\n")
    status, out, _ = run("promises", "list", "--json")
    [listed] = [json.loads(line) for line in out.splitlines()]
    assert (status, listed["ref"], listed["words"], listed["agent"]) == (0, ref, "call Kim", "ada")
    assert "tell them first" in run("promises", "move", listed["id"], "4h")[1]
    assert run("promises", "hand", listed["id"], "kai")[0] == 0
    assert "kai" in run("promises")[1]
    assert run("promises", "withdraw", listed["id"])[0] == 0
    assert run("promises", "kept", listed["id"])[0] == 2
    assert run("promises", "give", ref, "call", "Kim")[0] == 1
    assert run("queue", "--view", "promises", "--json")[1] == ""
    assert run("undo")[0] == 0
    assert ref in run("queue", "--view", "promises", "--json")[1]


def test_a_reminder_is_set_explained_and_ended(run: Run) -> None:
    ref = ref_of(run, "from:kim")
    status, out, err = run("remind", ref, "call", "Kim")
    assert (status, out) == (2, "")
    assert "begins with no time to come" in err
    assert "reminder set: call Kim" in run("remind", ref, "2h", "call", "Kim")[1]
    _, out, _ = run("why", ref)
    assert "First reply: due" in out
    assert "The policy “default” allows 24 h." in out
    assert "Reminder “call Kim”: due" in out
    (told,) = [json.loads(line) for line in run("why", ref, "--json")[1].splitlines()]
    clock = {clock["kind"]: clock for clock in told["clocks"]}
    assert clock["first reply"]["steps"][0]["what"] == "started"
    assert (clock["reminder"]["words"], clock["reminder"]["state"]) == ("call Kim", "running")
    assert "reminder done" in run("remind", ref, "--done")[1]
    assert "took back: reminder done" in run("undo", ref)[1]
    assert "not needed any more" in run("remind", ref, "--drop")[1]
    assert "No reminder runs" in run("remind", ref, "--drop")[2]
    assert "follow-up set" in run("remind", ref, "3d", "--follow-up")[1]


def test_a_ticket_sleeps_until_they_write(run: Run) -> None:
    ref = ref_of(run, "from:kim")
    assert "they write" in run("set", ref, "--snooze", "until they write")[1]
    assert "snoozed until they write" in run("show", ref)[1]


def test_a_reply_is_held_until_a_time_by_their_clocks_and_another_can_be_given(run: Run) -> None:
    ref = ref_of(run, "from:kim")
    status, out, err = run("reply", ref, "It is on its way.", "--at", "2h UTC+9")
    assert status == 0
    assert "the first reply is late already" in err
    assert "(UTC+9; " in out
    number = json.loads(run("outbox", "--json")[1])["id"]
    assert "leaves " in run("outbox")[1]
    assert "leaves " in run("outbox", "time", str(number), "tomorrow", "9:00", "ours")[1]
    assert "leaves at once" in run("outbox", "time", str(number), "now")[1]
    assert "no mail 99" in run("outbox", "time", "99", "now")[2]


def test_a_time_that_is_none_and_one_that_is_waited_for_queue_nothing(run: Run) -> None:
    ref = ref_of(run, "from:kim")
    assert "names no clear time to come" in run("reply", ref, "Yes.", "--at", "whenever")[2]
    assert "Leave one of them out" in run("reply", ref, "Yes.", "--at", "2h", "--wait")[2]
    assert run("outbox")[1].strip() == ""


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe"])
def test_a_file_that_cannot_go_along_queues_nothing(kind: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "there"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    status, _, err = run("reply", ref_of(run, "from:kim"), "Yes.", "--attach", str(path))
    assert status == 1
    assert "Nothing was queued." in err
    assert run("outbox")[1].strip() == ""


def test_a_reply_names_blind_copies_and_the_address_it_is_from(run: Run) -> None:
    ref = ref_of(run, "from:kim")
    status, out, _ = run("reply", ref, "Yes.", "--bcc", "Bo <bo@partner.example>", "--from", ADDRESS.upper(), "--json")
    assert (status, json.loads(out)["recipients"]) == (0, ["kim@home.example", "bo@partner.example"])
    assert "bcc (inside only) Bo <bo@partner.example>" in run("show", ref)[1]
    blind = [m["bcc"] for m in json.loads(run("show", ref, "--json")[1])["conversation"]]
    assert blind == [[], [{"name": "Bo", "address": "bo@partner.example"}]]
    run("undo")
    status, out, err = run("reply", ref, "Yes.", "--from", "ceo@acme.example")
    assert (status, out) == (1, "")
    assert "is no address of this mailbox" in err
    for bad in ("nobody", ADDRESS, "a@b.example\r\nX-Evil: 1"):
        status, out, err = run("reply", ref, "Yes.", "--bcc", bad)
        assert (status, out) == (1, "")
        assert "Nothing was queued" in err
    assert json.loads(run("queue", "from:kim", "--json")[1])["status"] == "new"


def test_a_conversation_is_forwarded_with_its_files_or_without(run: Run, tmp_path: Path) -> None:
    ref = ref_of(run, "from:kim")
    (tmp_path / "plan.txt").write_text("plan")
    attached = ("--attach", str(tmp_path / "plan.txt"))
    status, out, _ = run("reply", ref, "The plan.", *attached)
    assert status == 0
    words = ("forward", ref, "Please look.", "--to", "dev@supplier.example", "--cc", "qa@supplier.example")
    status, out, _ = run(*words, "--with-files", "--json")
    assert (status, json.loads(out)["recipients"]) == (0, ["dev@supplier.example", "qa@supplier.example"])
    said = json.loads(run("show", ref, "--json")[1])["conversation"][-1]
    assert said["kind"] == "inside"
    assert said["text"].startswith("Please look.\n\n")
    assert "Can I pay by card?" in said["text"]
    assert "The plan." not in said["text"], "what has not left was not said"
    assert said["attachments"] == []
    run("undo")
    run(*words, *attached)
    said = json.loads(run("show", ref, "--json")[1])["conversation"][-1]
    assert [a["filename"] for a in said["attachments"]] == ["plan.txt"]
    assert run("forward", ref, "Look.", "--to", "nobody")[0] == 1
