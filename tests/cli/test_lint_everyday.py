"""Hints on wording that no list names: replies as agents write them, what must be marked and what must stay silent.

The replies lie in `tests/data/hints`, several sets a language, each written before the packs had seen it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from supportterm.cli.lint import reply_of
from supportterm.desk import hint_packs
from supportterm.domain.hints.catalogue import CATALOGUE
from supportterm.domain.hints.checking import check
from supportterm.domain.hints.hint import Hint

SETS = sorted((Path(__file__).parents[1] / "data" / "hints").glob("*.toml"), key=lambda file: file.name)
PRECISION, RECALL = 0.97, 0.94
_CONTEXT = {
    "name": "customer_name",
    "attachments": "attachments",
    "macro": "macro_text",
    "sent": "sent_before",
    "approved": "supervisor_approved",
}

by_set = pytest.mark.parametrize("file", SETS, ids=lambda file: file.stem)


def hints(item: dict[str, Any], lang: str) -> tuple[Hint, ...]:
    context = {known: item[key] for key, known in _CONTEXT.items() if key in item}
    packs = hint_packs.shipped()
    return check(reply_of({**item, "context": context}, packs, lang), packs)


def items(entries: list[Any]) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    """Yield each reply with the rules that may speak besides."""
    for entry in entries:
        item = {"reply": entry} if isinstance(entry, str) else entry
        yield item, frozenset(item.get("allow", ()))


@by_set
def test_clean_replies_stay_silent(file: Path) -> None:
    lang = file.name.partition(".")[0]
    alarms = {
        item["reply"]: rules
        for item, allowed in items(tomllib.loads(file.read_text(encoding="utf-8"))["clean"]["replies"])
        if (rules := {hint.rule for hint in hints(item, lang)} - allowed)
    }
    assert not alarms


@by_set
def test_what_hurts_is_marked_however_it_is_worded(file: Path) -> None:
    lang = file.name.partition(".")[0]
    right, missed, wrong = 0, [], []
    for rule, entries in tomllib.loads(file.read_text(encoding="utf-8"))["breaks"].items():
        assert rule in CATALOGUE
        for item, allowed in items(entries):
            found = {hint.rule for hint in hints(item, lang)}
            right += rule in found
            missed += [] if rule in found else [(rule, item["reply"])]
            wrong += [(other, item["reply"]) for other in sorted(found - allowed - {rule})]
    assert right / (right + len(missed)) >= RECALL, missed
    assert right / (right + len(wrong)) >= PRECISION, wrong
