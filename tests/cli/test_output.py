"""Text for people breaks between words, within the terminal, indented like its line."""

from __future__ import annotations

import io
import os
import sys

import pytest

from supportterm.cli.output import Output, width, wrapped


def test_long_lines_break_between_words_under_their_indent() -> None:
    text = "  " + "the bank account there is not ours " * 5
    pieces = wrapped(text, 40).split("\n")
    assert len(pieces) > 3
    assert all(piece.startswith("  ") and piece[2] != " " for piece in pieces)
    assert max(map(width, pieces)) <= 40
    assert " ".join(" ".join(pieces).split()) == " ".join(text.split())


def test_what_has_no_blanks_is_broken_by_columns_and_nothing_is_lost() -> None:
    for word in ("x" * 100, "二重請求されています" * 9, "🙂" * 60):
        pieces = wrapped(f"    {word}", 30).split("\n")
        assert max(map(width, pieces)) <= 30
        assert "".join(piece.strip() for piece in pieces) == word


def test_short_lines_and_empty_ones_stay_as_they_are() -> None:
    text = "one\n\n    two   three\n"
    assert wrapped(text, 80) == text


def test_a_remark_in_a_terminal_that_was_closed_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = os.openpty()
    os.close(master)
    with io.TextIOWrapper(io.FileIO(slave, "w"), write_through=True) as closed:
        monkeypatch.setattr(sys, "stderr", closed)
        Output(as_json=False).say("The store is kept.")
        monkeypatch.undo()
