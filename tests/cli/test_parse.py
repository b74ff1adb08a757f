"""`parse` and `thread` print one object a line and go on over what they cannot open."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from supportterm.cli.parse import parse_files, parse_folder, thread_folder

ONE = (
    b"From: Kim <kim@home.example>\nMessage-ID: <one@home.example>\n"
    b"Subject: Caf\xc3\xa9\nDate: 3 Mar 2026 10:00 +0300\n\nHi"
)
TWO = b"From: Ana <ana@shop.example>\nMessage-ID: <two@shop.example>\nIn-Reply-To: <one@home.example>\n\nYes"
ODD = b"\xff\x00\x1b[2J"


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def folder(path: Path) -> Path:
    for name, raw in (("a.eml", ONE), ("b.eml", TWO), ("c.eml", ODD)):
        (path / name).write_bytes(raw)
    (path / "nested").mkdir()
    return path


def test_one_object_a_file(tmp_path: Path) -> None:
    out = io.StringIO()
    assert parse_folder(folder(tmp_path), out) == 0
    one, two, odd = lines(out)
    assert (one["file"], two["file"], odd["file"]) == ("a.eml", "b.eml", "c.eml")
    assert one["from"] == {"name": "Kim", "address": "kim@home.example"}
    assert (one["subject"], one["date"]) == ("Café", "2026-03-03T10:00:00+03:00")
    assert two["in_reply_to"] == ["one@home.example"]
    assert set(one) == {
        *("file", "message_id", "in_reply_to", "references", "from", "to", "cc", "reply_to", "subject", "date", "text"),
        *("reply_text", "attachments", "is_auto", "is_bounce", "bounce", "lang", "channel", "defects"),
    }
    assert odd["defects"]


def test_a_file_that_cannot_be_opened_is_reported_and_passed_over(tmp_path: Path) -> None:
    out = io.StringIO()
    place = folder(tmp_path)
    assert parse_files([place / "missing.eml", place / "a.eml"], out) == 0
    missing, one = sorted(lines(out), key=lambda line: line["file"], reverse=True)
    assert missing["file"] == "missing.eml"
    assert "cannot be read" in missing["error"]
    assert one["message_id"] == "one@home.example"
    assert parse_files([place / "missing.eml"], io.StringIO()) == 2


def test_equal_threads_for_one_conversation(tmp_path: Path) -> None:
    out = io.StringIO()
    assert thread_folder(folder(tmp_path), out) == 0
    threads = {line["file"]: line["thread"] for line in lines(out)}
    assert threads["a.eml"] == threads["b.eml"] != threads["c.eml"]
