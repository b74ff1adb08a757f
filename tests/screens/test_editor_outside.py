"""Writing on in the agent's own editor: the text comes back, or stays, and nothing written is lost."""

from __future__ import annotations

import asyncio
import contextlib
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from supportterm.desk.own_editor import command
from supportterm.domain.errors import RefusedError
from supportterm.screens import external_editor
from supportterm.screens.external_editor import edit_outside


class Terminal:
    """Stands for the app: gives the terminal away and remembers what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.away = False

    @contextlib.contextmanager
    def suspend(self) -> Any:
        self.away = True
        yield

    def notify(self, words: str, **_how: object) -> None:
        self.said.append(words)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    (tmp_path / "made").mkdir()
    monkeypatch.setattr(external_editor.tempfile, "tempdir", str(tmp_path / "made"))
    monkeypatch.delenv("VISUAL", raising=False)
    return Terminal()


def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Set $EDITOR to a shell script that is given one more word before the file."""
    path = tmp_path / "my editor.sh"
    path.write_text(f"#!/bin/sh\ntest \"$1\" = '-n' || exit 9\nf=$2\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("EDITOR", f"'{path}' -n")


def written_by(script: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: Any) -> Any:
    editor(tmp_path, monkeypatch, script)
    return asyncio.run(edit_outside(to, text))


def named_in(words: str) -> Path:
    found = re.search(r"is in (\S+)\.$", words)
    assert found, words
    return Path(found[1])


def test_the_text_comes_back_as_the_agent_left_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: Terminal
) -> None:
    seen = tmp_path / "seen"
    script = (
        f'ls -ld "$(dirname "$f")" "$f" > {seen}; cat "$f" >> {seen}; printf "Größe 字\\r\\nnext\\033[2J\\n" > "$f"'
    )
    back = written_by(script, "Hello,\nMara", tmp_path, monkeypatch, terminal)
    assert back == "Größe 字\nnext␛[2J"
    assert terminal.away
    assert terminal.said == []
    lines = seen.read_text().splitlines()
    assert lines[0].startswith("drwx------")
    assert lines[1].startswith("-rw-------")
    assert lines[2:] == ["Hello,", "Mara"]
    assert list((tmp_path / "made").iterdir()) == []


def test_an_editor_that_fails_changes_nothing_and_keeps_what_it_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: Terminal
) -> None:
    assert written_by("exit 3", "Hello", tmp_path, monkeypatch, terminal) is None
    assert "status 3" in terminal.said[0]
    assert list((tmp_path / "made").iterdir()) == []
    assert written_by('echo "an hour of work" > "$f"; exit 1', "Hello", tmp_path, monkeypatch, terminal) is None
    kept = named_in(terminal.said[1])
    assert kept.read_text() == "an hour of work\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_what_cannot_be_read_back_stays_where_it_is_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: Terminal
) -> None:
    assert written_by('printf "caf\\351" > "$f"', "Hello", tmp_path, monkeypatch, terminal) is None
    kept = named_in(terminal.said[0])
    assert kept.read_bytes() == b"caf\xe9"
    assert written_by('rm "$f"', "Hello", tmp_path, monkeypatch, terminal) is None
    assert "stays as it was" in terminal.said[1]


def test_an_editor_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: Terminal
) -> None:
    monkeypatch.setenv("EDITOR", "no-such-editor-anywhere -w")
    app: Any = terminal
    assert asyncio.run(edit_outside(app, "Hello")) is None
    assert "no-such-editor-anywhere" in terminal.said[0]
    assert not terminal.away


def test_visual_comes_before_editor_and_both_before_what_the_machine_has(tmp_path: Path) -> None:
    for name in ("nano", "vi", "mine"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    here = {"PATH": str(tmp_path)}
    assert command({**here, "VISUAL": "mine -w", "EDITOR": "vi"}) == ["mine", "-w"]
    assert command({**here, "VISUAL": " ", "EDITOR": "vi"}) == ["vi"]
    assert command(here) == [str(tmp_path / "nano")]
    with pytest.raises(RefusedError, match="quotation mark"):
        command({**here, "EDITOR": "'vi"})
    with pytest.raises(RefusedError, match=r"\$EDITOR"):
        command({"PATH": ""})
