"""Triggers in the configuration: each mistake is one sentence with its line, and the last good file stays in force."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportterm.config import Config, load, reread
from supportterm.domain.errors import ConfigError
from supportterm.domain.ticket import Priority
from supportterm.domain.triggers import percent, raised
from tests.config.servers import SERVERS

GOOD = '[[triggers]]\nname = "late"\ntags = ["late"]\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(SERVERS + text, encoding="utf-8")
    return path


def read(folder: Path, text: str) -> Config:
    return load(written(folder, text))


def test_nothing_acts_and_nothing_runs_unless_it_is_configured(tmp_path: Path) -> None:
    config = read(tmp_path, "")
    assert config.triggers == ()
    assert config.trigger_commands.allowed is False
    assert config.console.notices == "ask"


def test_a_trigger_is_what_it_says(tmp_path: Path) -> None:
    (trigger,) = read(tmp_path, GOOD + 'at = "90%"\nclock = "promise"\nwhen = "tag:vip"\n').triggers
    assert (trigger.at, trigger.clock, trigger.when, trigger.tags) == ("90%", "promise", "tag:vip", ("late",))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[[triggers]]\ntags = ["a"]\n', 9, "`name` is missing"),
        ('[[triggers]]\nname = " "\ntags = ["a"]\n', 10, "empty"),
        ('[[triggers]]\nname = "x"\n', 10, "does nothing"),
        (GOOD + GOOD, 13, "two triggers are called 'late'"),
        (GOOD + 'at = "soon"\n', 12, '"breach" or a percent'),
        (GOOD + 'at = "100%"\n', 12, '"breach" or a percent'),
        (GOOD + 'at = "50%"\n', 12, "only at 75%, 90%. Add 50 to `warn_at`"),
        (GOOD + 'clock = "first replay"\n', 12, "Did you mean `first reply`?"),
        (GOOD + 'policy = "defualt"\n', 12, "Did you mean `default`?"),
        (GOOD + 'when = "tga:vip"\n', 12, "tga"),
        (GOOD + 'when = "tag:vip sort:due"\n', 12, "leave `sort:`"),
        (GOOD + 'priority = "urgnet"\n', 12, "Did you mean `urgent`?"),
        ('[[triggers]]\nname = "x"\ntags = ["two words"]\n', 11, "is no tag"),
        (GOOD + 'assign = "two words"\n', 12, "no agent's id"),
        (GOOD + 'mail = "nobody"\n', 12, "one address"),
        (GOOD + 'mail = "a@b.example, c@d.example"\n', 12, "one address"),
        (GOOD + 'mail = "a@b.example\\nBcc: x@y.example"\n', 12, "one address"),
        (GOOD + 'mail = "Support@acme.example"\n', 12, "cannot write to itself"),
        (GOOD + 'run = ["/bin/page"]\n', 12, "commands are off"),
        (GOOD + 'run = "page me"\n', 12, "must be a list"),
        (GOOD + "[trigger_commands]\ntimeout_seconds = 0.0\n", 13, "from 1 to 600"),
        (GOOD + "[trigger_commands]\nmails_per_hour = 0\n", 13, "greater than nothing"),
        (GOOD + "[trigger_commands]\nalowed = true\n", 13, "Did you mean `allowed`?"),
        (GOOD + 'when = "assignee:me"\n', 12, "mean nobody here"),
        (GOOD + 'when = "mentions:me"\n', 12, "mean nobody here"),
        (GOOD + 'tag = "a"\n', 12, "Did you mean `tags`?"),
        ('[console]\nnotices = "maybe"\n', 10, "ask, on, off"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as refused:
        load(path)
    assert str(refused.value).startswith(f"{path}, line {line}: ")
    assert said in str(refused.value)


def test_a_percent_counts_where_the_policy_of_the_trigger_warns(tmp_path: Path) -> None:
    gold = '[[policies]]\nname = "gold"\nwhen = "tag:gold"\nwarn_at = [50]\n'
    assert read(tmp_path, gold + GOOD + 'at = "50%"\n').triggers[0].at == "50%"
    assert read(tmp_path, gold + GOOD + 'at = "50%"\npolicy = "gold"\n').triggers[0].policy == "gold"
    with pytest.raises(ConfigError, match="only at 50%"):
        read(tmp_path, gold + GOOD + 'at = "75%"\npolicy = "gold"\n')


def test_the_last_good_one_stays_in_force(tmp_path: Path) -> None:
    before = read(tmp_path, GOOD)
    after, problem = reread(written(tmp_path, GOOD + 'at = "never"\n'), before)
    assert after is before
    assert "line 12" in problem
    assert "stays in force" in problem


@pytest.mark.parametrize(("text", "meant"), [("75%", 75), ("5 %", 5), ("breach", 100), ("0%", None), ("-5%", None)])
def test_when_it_acts(text: str, meant: int | None) -> None:
    assert percent(text) == meant


def test_a_priority_is_only_ever_raised() -> None:
    assert [raised(priority, "raise") for priority in Priority] == [1, 1, 2, 3, 4]
    assert [raised(priority, "high") for priority in Priority] == [1, 2, 2, 2, 2]
