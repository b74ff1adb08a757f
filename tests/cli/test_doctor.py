"""`doctor`: one line a thing, a sentence on what to do, and a status that says whether all is well."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from supportterm.__main__ import main
from tests.cli.test_commands import CONFIG
from tests.desk.fakes import ADDRESS, make_world


def looked(capsys: pytest.CaptureFixture[str], config: Path, *more: str) -> tuple[int, dict[str, tuple[str, str]]]:
    status = main(["--config", str(config), "doctor", "--json", *more])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return status, {row["what"]: (row["state"], row["words"]) for row in rows}


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    world = make_world(tmp_path)
    store = world.desk.database.path
    world.desk.database.close()
    file = tmp_path / "config.toml"
    file.write_text(CONFIG.format(store=store, address=ADDRESS), encoding="utf-8")
    return file


def test_all_is_well_and_no_password_is_shown(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = config.read_text(encoding="utf-8").replace('["echo", "x"]', '["echo", "no-real-secret"]')
    config.write_text(text, encoding="utf-8")
    status, rows = looked(capsys, config)
    assert {what: row for what, row in rows.items() if row[0] == "look"} == {}
    assert status == 0
    assert rows["configuration"][0] == rows["store"][0] == rows["IMAP password"][0] == rows["spelling en"][0] == "ok"
    assert "no-real-secret" not in str(rows)
    assert "no spelling for Japanese" in rows["spelling ja"][1]


def test_a_language_without_a_dictionary_says_how_to_get_one(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("supportterm.desk.dictionaries.folders", lambda _configured=(): (tmp_path / "none",))
    status, rows = looked(capsys, config)
    assert "apt install hunspell-ru" in rows["spelling ru"][1]
    assert "apt install hunspell-tr" in rows["spelling tr"][1]
    assert rows["spelling en"][0] == "look"
    assert status == 1


def test_a_broken_dictionary_a_broken_store_and_a_missing_password_need_a_look(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "ru_RU.aff").write_bytes(b"\xff")
    (tmp_path / "words" / "ru_RU.dic").write_bytes(b"1\nx\n")
    text = config.read_text(encoding="utf-8").replace('["echo", "x"]', '["false"]')
    config.write_text(f"{text}\n[spelling]\ndictionaries = ['{tmp_path / 'words'}']\n", encoding="utf-8")
    store = next(Path(line.split("'")[1]) for line in text.splitlines() if line.startswith("store"))
    store.write_bytes(os.urandom(4096))
    status, rows = looked(capsys, config)
    assert status == 1
    assert {"store", "IMAP password", "SMTP password", "spelling ru"} <= {
        what for what, row in rows.items() if row[0] == "look"
    }
    assert "ru_RU.dic is broken" in rows["spelling ru"][1]


def test_a_configuration_that_cannot_be_read_is_named_and_the_rest_is_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "config.toml").write_text("[mailbox", encoding="utf-8")
    status, rows = looked(capsys, tmp_path / "config.toml", "--online")
    assert status == 1
    assert rows["configuration"][0] == rows["servers"][0] == "look"
    assert rows["spelling en"][0] == "ok"


def test_the_servers_are_asked_only_where_that_is_wanted(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "IMAP server" not in looked(capsys, config)[1]
    status, rows = looked(capsys, config, "--online")
    assert status == 1
    assert rows["IMAP server"][0] == rows["SMTP server"][0] == "look"
    assert "127.0.0.1" in rows["IMAP server"][1]
