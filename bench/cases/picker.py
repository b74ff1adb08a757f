"""The snippet picker over a large library: from a key to the lines it shows, in the console itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import quantiles

from bench import big_store
from bench.contenders import CHECKOUT, OURS
from bench.registry import DATA, BenchError, Row, Session, bench
from bench.terminal import Terminal
from supportterm import paths
from supportterm.desk.macros import MacroLibrary, MacroWatch

MACROS, TICKETS = 2_000, 1_000
KEY_MS = 50.0
TYPED = ("refund", ";ref", "when does it come", "delay april", "o", "возврат", "zzzz")
PICKER, DELETE = b"\x0f", b"\x7f"


@bench("picker")
def picker(session: Session) -> Iterator[Row]:
    """Type words letter by letter into the picker over 2,000 snippets, each of them two paragraphs long."""
    with session.scratch() as folder:
        config = big_store.copy(big_store.big_store(DATA, TICKETS), folder)
        library = config.parent / "macros"
        library.mkdir(exist_ok=True)
        _write(library)
        watch = MacroWatch(lambda: [library])
        read = _timed(lambda: watch.library)
        yield Row("picker", f"reading {MACROS:,} files, beside the screen", read, unit="ms")
        looks = sorted(_timed(watch.look) for _ in range(20))
        yield Row("picker", f"seeing that none of {MACROS:,} changed, beside the screen", looks[10], unit="ms")
        with Terminal((*OURS, "--config", str(config)), CHECKOUT) as terminal:
            terminal.settle(1.0)
            terminal.press(b"r")
            terminal.settle(4.0)
            terminal.press(PICKER)
            terminal.settle(2.0)
            yield Row("picker", f"a key over {MACROS:,}, p95", _typing(terminal), limit=KEY_MS, unit="ms")


def _typing(terminal: Terminal) -> float:
    taken = []
    for word in TYPED * 2:
        taken += [terminal.paint(letter.encode()) for letter in word]
        for _ in word:
            terminal.press(DELETE)
        terminal.settle(0.3)
    found = [milliseconds for milliseconds in taken if milliseconds is not None]
    if len(found) < len(taken) * 0.9:
        raise BenchError("the picker did not show what was typed")
    return quantiles(found, n=20)[-1]


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _write(folder: Path) -> None:
    shipped = MacroLibrary([paths.shipped_macros()]).macros
    for number in range(MACROS):
        macro = shipped[number % len(shipped)]
        text = f'+++\ntitle = "{macro.title.replace(chr(34), "")} {number}"\ntrigger = ";{macro.id[:12]}{number}"\n'
        (folder / f"{macro.id}-{number}.md").write_text(f"{text}+++\n{macro.body}\n{number}\n", encoding="utf-8")
