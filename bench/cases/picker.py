"""The snippet picker over a large library: from a key to the lines it shows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

from bench.registry import Row, Session, bench
from supportterm import paths
from supportterm.desk.macros import MacroLibrary, MacroWatch

MACROS = 2_000
KEY_MS = 50.0
TYPED = ("refund", ";ref", "when does it come", "zzzz", "delay april", "o", "возврат")


@bench("picker")
def picker(session: Session) -> Iterator[Row]:
    """Type words letter by letter into a picker over 2,000 snippets, each of them two paragraphs long."""
    from supportterm.screens.snippets import Finder

    with session.scratch() as folder:
        _write(folder)
        watch = MacroWatch(lambda: [folder])
        started = time.perf_counter()
        library = watch.library
        yield Row("picker", f"reading {MACROS:,} files", (time.perf_counter() - started) * 1000, unit="ms")
        looks = [_timed(watch.look) for _ in range(20)]
        yield Row("picker", f"seeing that none of {MACROS:,} changed", sorted(looks)[10], unit="ms")
        opened = _timed(lambda: Finder(library.macros, "en").find(""))
        yield Row("picker", f"opening over {MACROS:,}", opened, unit="ms", note="beside the screen")
        finder = Finder(library.macros, "en")
        keys = [
            _timed(lambda text=text, end=end: finder.find(text[:end]))
            for _ in range(3)
            for text in TYPED
            for end in range(1, len(text) + 1)
        ]
        yield Row("picker", f"a key over {MACROS:,}, p95", quantiles(keys, n=20)[-1], limit=KEY_MS, unit="ms")


def _timed(work: object) -> float:
    assert callable(work)
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _write(folder: Path) -> None:
    shipped = MacroLibrary([paths.shipped_macros()]).macros
    for number in range(MACROS):
        macro = shipped[number % len(shipped)]
        text = f'+++\ntitle = "{macro.title.replace(chr(34), "")} {number}"\ntrigger = ";{macro.id[:12]}{number}"\n'
        (folder / f"{macro.id}-{number}.md").write_text(f"{text}+++\n{macro.body}\n{number}\n", encoding="utf-8")
