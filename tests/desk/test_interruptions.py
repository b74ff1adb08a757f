"""Sending is rarely interrupted: of a day's answers to the demo's customers at most one in five."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from supportterm.desk import hint_packs
from supportterm.desk.hinting import with_languages
from supportterm.domain.hints.attention import before_sending
from supportterm.domain.hints.checking import check
from supportterm.domain.hints.reply import Reply

ANSWERS: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent.parent / "data" / "answers.toml").read_text(encoding="utf-8")
)
POOR = frozenset({"soon", "hurried"})
"""Written in a hurry: the check is there for these."""


def customer(name: str) -> str:
    if "customer" in ANSWERS[name]:
        return str(ANSWERS[name]["customer"])
    file = resources.files("supportterm.demo") / "conversations" / f"{name}.toml"
    mails = tomllib.loads(file.read_text(encoding="utf-8"))["mail"]
    return str(next(mail["text"] for mail in reversed(mails) if "text" in mail))


def stopped_by(name: str) -> list[str]:
    packs = hint_packs.shipped()
    attachments = tuple(ANSWERS[name].get("attachments", ()))
    reply = Reply(ANSWERS[name]["text"].strip(), "en", customer(name), turn="first", attachments=attachments)
    hints = check(with_languages(reply, packs.triage), packs)
    return [hint.rule for hint in before_sending(hints) if hint.rule != "promise-made"]


def test_of_a_day_of_answers_at_most_one_in_five_is_interrupted() -> None:
    stopped = {name: rules for name in ANSWERS if (rules := stopped_by(name))}
    assert len(stopped) <= len(ANSWERS) / 5, stopped


@pytest.mark.parametrize("name", sorted(POOR))
def test_an_answer_that_was_written_in_a_hurry_is_interrupted(name: str) -> None:
    assert stopped_by(name)
