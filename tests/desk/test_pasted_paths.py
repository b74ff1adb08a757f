"""What a terminal types when files are dropped on it is told from what people write."""

from __future__ import annotations

import shlex
from pathlib import Path
from urllib.parse import quote

import pytest

from supportterm.desk.pasted_paths import MOST, may_be_paths, paths


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = [tmp_path / name for name in ("offer.pdf", "two words.txt", "naïve #1.txt")]
    for path in made:
        path.write_text("x")
    return made


def test_every_form_terminals_and_file_managers_use(files: list[Path]) -> None:
    plain, blank, odd = files
    assert paths(str(plain)) == (plain,)
    assert paths(f"  {plain} \n") == (plain,)
    assert paths(f"'{blank}'") == (blank,)
    assert paths(f'"{blank}" ') == (blank,)
    assert paths(str(blank).replace(" ", "\\ ")) == (blank,)
    assert paths(f"file://{quote(str(odd))}") == (odd,)
    assert paths(f"file://localhost{quote(str(blank))}\r\nfile://{quote(str(plain))}\r\n") == (blank, plain)
    assert paths(f"{blank}\n{odd}\n{plain}\n{plain}") == (blank, odd, plain)
    assert paths(shlex.join(map(str, files))) == tuple(files)


@pytest.mark.parametrize(
    "text",
    [
        "{0} is the file",
        "{0}\nand more",
        "{0}\n/not/there.txt",
        "file://elsewhere.example{0}",
        "file://[bad{0}",
        "offer.pdf",
        "{folder}",
        "/",
        "",
        "~nobody-of-that-name/x",
        "'{0}",
        "/x/\0x",
    ],
)
def test_anything_else_is_text(text: str, files: list[Path]) -> None:
    assert paths(text.format(files[0], folder=files[0].parent)) == ()


def test_a_list_is_no_drop_and_prose_is_never_looked_up(files: list[Path]) -> None:
    assert paths("\n".join([str(files[0])] * (MOST + 1))) == ()
    assert not may_be_paths("Hello Mara,\n/etc is a folder.")
    assert not may_be_paths("/x" * 20_000)
