"""`train`: what it says, how it ends, and which file it leaves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from supportterm.__main__ import main
from supportterm.desk import learned, training
from supportterm.domain.learning import Lesson
from tests.desk.fakes import World
from tests.domain.lessons import lessons

CONFIG = """\
store = '{store}'
[mailbox]
address = "support@acme.example"
[mailbox.imap]
host = "127.0.0.1"
port = 1
[mailbox.smtp]
host = "127.0.0.1"
port = 1
[triage]
learned = {on}
"""


class Bench:
    """A store whose corrected tickets are as told."""

    def __init__(self, world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file = learned.beside(world.desk.database.path)
        self._world, self._config, self._monkeypatch = world, folder / "config.toml", monkeypatch

    def run(self, *args: str, taught: Sequence[Lesson] = (), on: bool = False) -> int:
        text = CONFIG.format(store=self._world.desk.database.path, on=str(on).lower())
        self._config.write_text(text, encoding="utf-8")
        self._monkeypatch.setattr(training, "lessons", lambda *_: taught)
        return main(["--config", str(self._config), *args])


@pytest.fixture
def bench(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(world, tmp_path, monkeypatch)


def test_too_few_are_refused_with_a_sentence(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run("train", taught=lessons(teaches=True)[:499]) == 1
    assert "Corrected tickets so far: 499; 500 are needed to learn from" in capsys.readouterr().out
    assert not bench.file.exists()


def test_a_gain_is_printed_with_its_counts_and_kept_but_off(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run("train", taught=lessons(teaches=True)) == 0
    said = capsys.readouterr()
    assert "600 corrected tickets; measured on the newest 120" in said.out
    assert "pairs" in said.out
    assert "`learned = true` under [triage]" in said.err
    assert learned.read(bench.file)
    assert bench.run("train", "--json", taught=lessons(teaches=True), on=True) == 0
    said = capsys.readouterr()
    record = json.loads(said.out)
    assert record["written"]
    assert record["after"] > record["before"] + record["chance"]
    assert "They count from now on." in said.err


def test_without_gain_nothing_is_kept(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    learned.save(bench.file, {"refund": 1.0}, {})
    assert bench.run("train", taught=lessons(teaches=False)) == 1
    assert "That is no gain" in capsys.readouterr().err
    assert not bench.file.exists()


def test_a_file_of_texts_is_scored_with_it_only_where_configured(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.run("train", taught=lessons(teaches=True))
    texts = tmp_path / "texts.jsonl"
    text = "The map looks odd on the loading ramp."
    texts.write_text(json.dumps({"id": "a", "text": text}) + "\n", encoding="utf-8")
    found = {}
    for on in (False, True):
        capsys.readouterr()
        assert bench.run("triage", "--jsonl", str(texts), on=on) == 0
        found[on] = json.loads(capsys.readouterr().out)
    signals = {on: {signal["id"]: signal for signal in row["signals"]} for on, row in found.items()}
    assert "learned" not in signals[False]
    assert signals[True]["learned"]["points"] == 5
    assert signals[True]["learned"]["source"] == "model"
    assert found[True]["score"] == sum(signal["points"] for signal in found[True]["signals"])
