"""`supportterm demo` in a terminal: the console at once, the coach's line, and nothing left behind."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from supportterm.screens.commands import Scope
from supportterm.screens.widgets.coach import STEPS, Coach, CoachLine, Sight
from tests.desk.fakes import World
from tests.screens.office import office, seed, text_of, until
from tests.screens.terminal import Terminal, supportterm


def left_over(place: Path) -> list[str]:
    """Return the processes that name a place in their command line."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if str(place) in line]


def gone(place: Path) -> None:
    """Wait for what ends behind the console: it may be told to hurry, or killed."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends and (left_over(place) or list((place / "tmp").iterdir())):
        time.sleep(0.1)


@contextmanager
def demo(place: Path, *arguments: str, size: tuple[int, int] = (120, 36)) -> Iterator[Terminal]:
    """Open the demo with a temporary folder of its own to look into."""
    (place / "tmp").mkdir()
    seen = Terminal(supportterm(None, "demo", *arguments), size, {"TMPDIR": str(place / "tmp")})
    try:
        yield seen
    finally:
        seen.end()


def internet_sockets(pid: int) -> set[str]:
    """Return the TCP sockets a process holds, where the system shows them in /proc."""
    held = {str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").glob("*")}
    tables = [Path(f"/proc/{pid}/net/{name}") for name in ("tcp", "tcp6", "udp")]
    known = {f"socket:[{line.split()[9]}]" for t in tables if t.exists() for line in t.read_text().splitlines()[1:]}
    return held & known


def children() -> list[int]:
    """Return the worker processes that sync a demo's store."""
    return [int(line.split()[0]) for line in left_over(Path("supportterm-demo-")) if "--watch" in line]


def test_the_demo_is_a_console_that_fills_by_itself_and_says_what_to_try(tmp_path: Path) -> None:
    with demo(tmp_path) as seen:
        seen.until(lambda text: "bank details" in text and "demo  press r to answer" in text)
        seen.until(lambda text: text.count("502") >= 2)  # the first sync fills the queue
        assert len(left_over(tmp_path)) >= 2, "a worker and the demo's world, each a process of its own"
        assert internet_sockets(seen.pid) == set(), "the console opens no socket"
        assert any(map(internet_sockets, children())) or not Path("/proc/net/tcp").exists(), "the worker does"
        seen.type("escape")
        seen.until(lambda text: "press r to answer" not in text)
        assert seen.process.poll() is None, "Esc sent the coach away, not the agent"
        seen.type("ctrl+q")
        assert seen.wait() == 0
        assert seen.left_on == set()
    gone(tmp_path)
    assert list((tmp_path / "tmp").iterdir()) == []
    assert left_over(tmp_path) == []


@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP", "SIGKILL", "the window is closed"])
def test_however_it_ends_nothing_is_left_behind(how: str, tmp_path: Path) -> None:
    with demo(tmp_path) as seen:
        seen.until("bank details")
        assert left_over(tmp_path)
        if how.startswith("SIG"):
            seen.process.send_signal(signal.Signals[how])
            seen.wait()
            assert how == "SIGKILL" or seen.left_on == set()
        else:
            seen.hang_up()
            seen.process.wait(30)
    gone(tmp_path)
    assert list((tmp_path / "tmp").iterdir()) == []
    assert left_over(tmp_path) == []


def test_stopped_before_it_has_opened_it_leaves_nothing_behind_either(tmp_path: Path) -> None:
    with demo(tmp_path) as seen:
        while not left_over(tmp_path):
            seen.look(0.01)
        seen.process.send_signal(signal.SIGTERM)
        assert seen.wait() != 0
    gone(tmp_path)
    assert list((tmp_path / "tmp").iterdir()) == []
    assert left_over(tmp_path) == []


def test_a_kept_demo_says_where_it_is(tmp_path: Path) -> None:
    with demo(tmp_path, "--keep", str(tmp_path / "kept"), size=(200, 50)) as seen:
        seen.until("bank details")
        seen.type("ctrl+q")
        assert seen.wait() == 0
        assert str(tmp_path / "kept" / "config.toml") in seen.text.replace("\n", "")
    gone(tmp_path)
    assert (tmp_path / "kept" / "store.sqlite3").exists()
    assert left_over(tmp_path) == []


def told(*sights: Sight) -> list[str]:
    """Return the steps a coach shows for what it sees, one after the other."""
    left, shown, names = list(STEPS), frozenset[str](), []
    for sight in sights:
        left = [step for step in left if not step.done(sight, shown)]
        here = next((step for step in left if step.fits(sight)), None)
        shown |= {here.name} if here else set()
        names.append(here.name if here else "")
    return names


QUEUE, EDITOR = (Scope.QUEUE, Scope.TICKET), (Scope.REPLY,)


def test_each_step_goes_when_it_was_done_and_in_the_end_all_are_gone() -> None:
    mara = "Mara"
    assert told(
        Sight(QUEUE, mara),
        Sight(EDITOR, mara),
        Sight(EDITOR, mara, text="Hello Mara, […]", blanks=1),
        Sight(EDITOR, mara, text="Hello Mara, it is stopped."),
        Sight(QUEUE, mara, waiting=True, written=True),
        Sight(QUEUE, mara, written=True),
        Sight(QUEUE, mara, written=True, offline=True),
        Sight(QUEUE, mara, written=True),
        Sight(QUEUE, mara, written=True, helped=True),
        Sight(QUEUE, mara, written=True),
    ) == ["answer", "write", "blank", "send", "undo", "offline", "online", "keys", "", ""]


def test_what_is_done_unasked_is_not_asked_for() -> None:
    assert told(Sight(EDITOR, "Mara", text="Done."), Sight(QUEUE, "Mara", written=True, helped=True)) == [
        "send",
        "offline",
    ]


def test_a_note_is_not_told_the_key_that_sends_a_mail() -> None:
    assert told(Sight(EDITOR, "Mara", text="Kai looks at it.", inside=True)) == [""]


async def test_the_coachs_line_covers_nothing_and_goes_by_its_own_word(world: World) -> None:
    seed(world)
    await world.sync()
    async with office(world, (80, 24)) as (app, pilot):
        app.coach = Coach(app.support)
        line = app.coach.line()
        await app.screen.mount(line)
        await until(pilot, lambda: "press r to answer" in text_of(app))
        lines = text_of(app).splitlines()
        assert "press r to answer" in lines[22]
        assert "keys" in lines[23], "the footer stays"
        await pilot.click(CoachLine, offset=(line.size.width - 2, 0))
        await until(pilot, lambda: "press r to answer" not in text_of(app))
        assert not app.coach.goes_by_escape(app.screen)
