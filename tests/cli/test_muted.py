"""Muted hints from the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

from supportterm.cli.context import at_desk
from supportterm.desk import muting
from supportterm.domain.hints.hint import Hint, Level
from supportterm.domain.hints.muting import Reach
from tests.cli.test_cases import records
from tests.cli.test_commands import Run, run

__all__ = ["run"]


def test_a_muted_hint_is_listed_and_heard_again(run: Run, tmp_path: Path) -> None:
    assert "No hint is muted." in run("muted")[2]
    with at_desk(argparse.Namespace(config=str(tmp_path / "config.toml"))) as desk:
        hint = Hint("vague-timing", Level.WARN, 0, 4, "When?")
        muting.mute(desk, "", hint, "soon", Reach.AGENT)
        for _ in range(8):
            muting.answered(desk, {"blame": True})
    lines = records(run("muted", "--json")[1])
    assert [(line["rule"], line["reach"]) for line in lines] == [("vague-timing", "agent"), ("blame", "habit")]
    for rule in ("vague-timing", "blame"):
        assert "is heard again" in run("muted", "--hear", rule)[1]
    assert records(run("muted", "--json")[1]) == []
    status, _, said = run("muted", "--hear", "vague-timing")
    assert (status, "is not muted" in said) == (1, True)
