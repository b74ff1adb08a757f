"""The demo is the main job end to end, played in processes of its own and seen in the store and on the server."""

import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from supportterm.cli import demo as command
from supportterm.cli.output import Output, width
from supportterm.demo import server, story
from supportterm.demo.server import AcceptedMail, DemoServer
from supportterm.paths import shipped_macros

ROOT = shipped_macros().parent
STEPS = [
    *("connect", "first sync", "queue", "open"),
    *("snippet", "blank", "reply", "undo", "queue again", "accepted", "in Sent", "answer"),
    *("offline", "online", "crossing", "release", "drained", "done"),
]
LONGEST_SECONDS = 300


def started(tmp_path: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the demo as a person would, with a temporary folder of its own to look into."""
    (tmp_path / "tmp").mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "supportterm", "demo", "--headless", *arguments],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def left_over(place: Path) -> list[str]:
    """Return the processes whose command line names a place."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if str(place) in line]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    place = tmp_path_factory.mktemp("demo")
    run = started(place, "--json", "--keep", str(place / "kept"))
    printed, remarked = run.communicate(timeout=LONGEST_SECONDS)
    steps = [json.loads(line) for line in printed.splitlines()]
    assert (run.returncode, [step["step"] for step in steps if not step["ok"]]) == (0, []), printed + remarked
    assert [step["step"] for step in steps] == STEPS
    assert remarked == ""
    assert list((place / "tmp").iterdir()) == []
    assert left_over(place) == []
    return {step["step"]: step for step in steps} | {"place": {"kept": place / "kept"}}


def test_every_mail_becomes_part_of_a_ticket_in_a_queue_by_tier(played: dict[str, dict[str, Any]]) -> None:
    first = played["first sync"]
    assert first["mails"] >= first["tickets"] > 30
    assert first["tiers"]["now"] >= 1
    assert sum(first["tiers"].values()) <= first["tickets"] == sum(first["statuses"].values())
    assert {"new", "open", "pending", "closed"} <= set(first["statuses"])
    assert all(ticket["reasons"] for ticket in played["queue"]["first"])
    assert played["queue"]["first"][0]["tier"] == "now"


def test_a_snippet_is_taken_in_the_tickets_language_and_an_open_blank_is_refused(
    played: dict[str, dict[str, Any]],
) -> None:
    assert played["snippet"]["lang"] == played["open"]["lang"]
    assert played["snippet"]["blanks"]
    assert played["blank"]["status"] == 1
    assert played["snippet"]["blanks"][0] in played["blank"]["said"]


def test_a_reply_taken_back_hands_its_text_back_and_never_leaves(played: dict[str, dict[str, Any]]) -> None:
    reply, undo, again = played["reply"], played["undo"], played["queue again"]
    assert (reply["state"], undo["state"], undo["accepted"]) == ("queued", "undone", 0)
    assert played["open"]["ref"] in undo["text"]
    assert again["message_id"] != reply["message_id"]
    assert played["accepted"]["message_id"] == again["message_id"]


def test_the_reply_is_accepted_once_filed_once_marked_and_answered(played: dict[str, dict[str, Any]]) -> None:
    assert played["accepted"]["times"] == 1
    assert played["in Sent"]["copies"] == 1
    assert {"\\Seen", "\\Answered"} <= set(played["in Sent"]["flags"])
    assert played["answer"]["ref"] == played["open"]["ref"]
    assert played["answer"]["messages"] >= played["open"]["messages"] + 2


def test_off_line_work_waits_and_leaves_once(played: dict[str, dict[str, Any]]) -> None:
    assert (played["offline"]["sync"], played["offline"]["state"], played["offline"]["readable"]) == (
        "offline",
        "queued",
        True,
    )
    assert (played["online"]["sync"], played["online"]["times"]) == ("online", 1)


def test_what_crosses_a_colleague_is_held_until_released(played: dict[str, dict[str, Any]]) -> None:
    assert (played["crossing"]["state"], played["crossing"]["times"]) == ("review", 0)
    assert "colleague" in played["crossing"]["said"]
    assert (played["release"]["mail"], played["release"]["times"]) == (played["crossing"]["mail"], 1)
    assert (played["drained"]["outbox"], played["drained"]["waiting"]) == (0, 0)
    assert played["drained"]["copies"] == [1, 1, 1]


def test_the_commands_it_shows_are_what_a_person_types(played: dict[str, dict[str, Any]]) -> None:
    ref = played["open"]["ref"]
    assert played["blank"]["command"] == f"supportterm reply {ref} --snippet ';receipt'"
    assert played["reply"]["command"].startswith(f"{played['blank']['command']} --fill ")
    assert played["undo"]["command"] == f"supportterm undo {ref}"
    assert played["release"]["command"] == f"supportterm outbox retry {played['release']['mail']}"


def test_a_kept_store_can_be_read_on(played: dict[str, dict[str, Any]]) -> None:
    config = played["place"]["kept"] / "config.toml"
    line = [sys.executable, "-m", "supportterm", "--config", str(config), "show", played["open"]["ref"], "--json"]
    shown = json.loads(subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert len(shown["conversation"]) == played["answer"]["messages"] + 1, "the reply taken back stays, as undone"


def test_a_folder_that_holds_something_is_not_played_in(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    run = started(tmp_path, "--keep", str(tmp_path))
    printed, remarked = run.communicate(timeout=60)
    assert (run.returncode, printed) == (2, "")
    assert "is not empty" in remarked
    assert (tmp_path / "letter.txt").read_text() == "mine"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_it_leaves_nothing_behind(tmp_path: Path, how: signal.Signals) -> None:
    run = started(tmp_path, "--json")
    assert run.stdout is not None
    assert json.loads(run.stdout.readline())["step"] == "connect"
    assert left_over(tmp_path)
    run.send_signal(how)
    _, remarked = run.communicate(timeout=60)
    assert (run.returncode, remarked) == (130, "")
    assert list((tmp_path / "tmp").iterdir()) == []
    assert left_over(tmp_path) == []


class Forgetful(DemoServer):
    """A server that says 250 and has lost the mail."""

    async def accepted(self, after: int = 0) -> list[AcceptedMail]:
        return []


class Doubling(DemoServer):
    """A server that shows every mail it accepted twice."""

    async def accepted(self, after: int = 0) -> list[AcceptedMail]:
        return [mail for mail in await super().accepted(after) for _ in range(2)]


@pytest.mark.parametrize(("host", "seen"), [(Forgetful, "accepted 0 times"), (Doubling, "accepted 2 times")])
def test_a_step_that_is_not_seen_ends_the_story_with_status_1(
    host: type[DemoServer],
    seen: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(server, "DemoServer", host)
    monkeypatch.chdir(ROOT)
    kept = tmp_path / "kept"
    status = command.demo(argparse.Namespace(headless=True, keep=str(kept)), Output(as_json=True))
    steps = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 1
    assert [step["step"] for step in steps if step["ok"]] == STEPS[: STEPS.index("accepted")]
    assert steps[-1] == {
        "step": "accepted",
        "ok": False,
        "seen": seen,
        "expected": "the server to have accepted the mail once",
    }
    assert left_over(tmp_path) == []


async def test_a_worker_that_dies_ends_the_story_at_once(tmp_path: Path) -> None:
    """No step waits out its patience for a process that is gone, and the password is in no file."""
    host = DemoServer()
    await host.start()
    told: list[story.Step] = []

    def tell(step: story.Step) -> None:
        told.append(step)
        if step.name == "connect":
            os.kill(worker_of(tmp_path), signal.SIGKILL)

    try:
        ok = await story.perform(host, tmp_path, tell, patience=LONGEST_SECONDS)
    finally:
        await host.stop()
    assert not ok
    assert "the worker ended" in told[-1].lines[0]
    assert left_over(tmp_path) == []
    assert holding(tmp_path, host.password) == []


def holding(place: Path, secret: str) -> list[Path]:
    """Return the files that hold a secret."""
    return [file for file in place.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()]


def worker_of(place: Path) -> int:
    """Return the process that syncs a place."""
    (line,) = [line for line in left_over(place) if "--watch" in line]
    return int(line.split()[0])


def test_without_the_extra_one_sentence_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from supportterm.__main__ import main

    monkeypatch.setattr(server, "find_spec", lambda name: None)
    assert main(["demo", "--headless"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert re.fullmatch(r"supportterm: .*pip install 'supportterm\[demo\]'.*\n", told.err)


def test_what_people_read_is_eighty_columns_wide_and_copies_into_a_shell() -> None:
    words = (
        "supportterm",
        "reply",
        "ST-ABCDE",
        "--fill",
        "1=“" + "長い件名" * 5 + "”",
        "--fill",
        "2=an answer",
        "x" * 30,
    )
    step = story.Step("scene", "reply", ok=True, lines=("A sentence of words. " * 9, "  " + "見" * 90), command=words)
    shown = list(command.lines(step))
    assert max(map(width, shown)) <= command.COLUMNS
    assert "✓ reply" in shown[0]
    typed = "\n".join(line[16:] for line in shown).partition("\nA sentence")[0].removeprefix("$ ")
    assert tuple(shlex.split(typed.replace("\\\n", " "))) == words
