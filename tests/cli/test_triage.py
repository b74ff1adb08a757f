"""`triage --jsonl`: one object a line, whatever a line holds."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from supportterm.cli.triage import triage_file
from supportterm.domain.errors import NotFoundError


def run(tmp_path: Path, *lines: str) -> list[dict[str, Any]]:
    file = tmp_path / "mails.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    out = io.StringIO()
    assert triage_file(file, out) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_points_add_up_and_evidence_is_quoted(tmp_path: Path) -> None:
    text = "I write for the third time, you charged me twice, my lawyer will sue you and we go to your competitor."
    record = {"id": "a", "text": text, "meta": {"waiting_hours": 40, "vip": True}}
    (row,) = run(tmp_path, json.dumps(record))
    assert (row["id"], row["lang"]) == ("a", "en")
    assert sum(signal["points"] for signal in row["signals"]) == row["score"] == 60
    assert all(signal["reason"] for signal in row["signals"])
    assert "cap" not in {signal["id"] for signal in row["signals"]}
    for signal in row["signals"]:
        if signal["start"] is not None:
            assert text[signal["start"] : signal["end"]] == signal["text"]


def test_a_bad_line_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    rows = run(
        tmp_path, "{nonsense", '{"id": "b"}', '{"id": "c", "text": 5}', "[1]", '{"id": "d", "text": "", "meta": null}'
    )
    assert [row.get("id") for row in rows] == ["line 1", "b", "c", "line 4", "d"]
    assert ["error" in row for row in rows] == [True, True, True, True, False]


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="cannot be read"):
        triage_file(tmp_path / "none.jsonl", io.StringIO())
