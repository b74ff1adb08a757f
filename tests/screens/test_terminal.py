"""The terminal the tests look through shows what a person would see."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.screens.terminal import Terminal, keep, terminal


def test_the_console_is_seen_typed_to_and_resized(tmp_path: Path) -> None:
    with terminal(keep(tmp_path), size=(80, 24)) as seen:
        seen.until("? keys")
        seen.type("?")
        seen.until("Open the selected ticket.")
        seen.type("escape")
        seen.until(lambda text: "Open the selected ticket." not in text)
        seen.resize(120, 36)
        seen.until(lambda text: len(text.splitlines()) == 36 and "? keys" in text)
        assert 1049 in seen.modes


def test_a_program_that_leaves_the_terminal_as_it_was_leaves_nothing_on(tmp_path: Path) -> None:
    script = "import sys; sys.stdout.write('before\\n\\x1b[?1049h\\x1b[?1000hinside\\x1b[>25u'); sys.stdout.flush(); "
    rest = "input(); sys.stdout.write('\\x1b[?1000l\\x1b[?1049lafter\\n')"
    seen = Terminal([sys.executable, "-c", script + rest], size=(40, 5))
    try:
        assert "before" not in seen.until("inside")
        assert seen.left_on == {1049, 1000}
        seen.type("enter")
        assert seen.wait() == 0
        assert "before" in seen.text
        assert "inside" not in seen.text
        assert seen.left_on == set()
    finally:
        seen.end()
