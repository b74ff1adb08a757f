"""Receipts in the configuration: off, on, and mistakes that are told before a customer could notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_bad_input import configured, one_sentence, run


def with_receipt(folder: Path, *lines: str) -> Path:
    config = configured(folder)
    config.write_text("\n".join([config.read_text(), "[receipt]", *lines, ""]))
    return config


def test_config_check_says_whether_they_are_on(tmp_path: Path) -> None:
    off = run(configured(tmp_path), "config", "check")
    assert (off.returncode, "Receipts are off: `enabled_since`" in off.stderr) == (0, True)
    on = run(with_receipt(tmp_path, "enabled_since = 2026-11-22"), "config", "check")
    assert (on.returncode, "Receipts are on for mail since 2026-11-22." in on.stderr) == (0, True)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ('enabled_since = "2026-11-22"', ("line", "a day without quotes")),
        ("enabled_since = 2026-11-22T10:00:00Z", ("line", "a day without quotes")),
        ("enabled_since = true", ("line", "a day without quotes")),
        ("enabled_sinse = 2026-11-22", ("line", "`enabled_since`")),
        ("per_sender_per_day = 4", ("line", "between 1 and 3", "loop")),
        ("per_sender_per_day = 0", ("line", "between 1 and 3")),
        ("per_hour = 0", ("line", "greater than nothing")),
        ('macro = "a b"', ("line", "the id of a macro")),
        ('enabled_since = 2026-11-22\nmacro = "recipt"', ("there is no macro `recipt`",)),
        ('enabled_since = 2026-11-22\nmacro = "receipt"', ("has blanks that only a person can fill",)),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path: Path, line: str, parts: tuple[str, ...]) -> None:
    one_sentence(run(with_receipt(tmp_path, line), "config", "check"), 2, *parts)


def test_a_macro_of_the_teams_own_is_tried_in_each_of_its_languages(tmp_path: Path) -> None:
    for lang, body in (("en", "By {{reply_by}}."), ("ru", "Не позднее чем ${1:[когда]}.")):
        (tmp_path / "macros" / lang).mkdir(parents=True)
        (tmp_path / "macros" / lang / "ours.md").write_text(f"+++\n+++\n{body}\n")
    config = with_receipt(tmp_path, "enabled_since = 2026-11-22", 'macro = "ours"')
    one_sentence(run(config, "config", "check"), 2, "`ours` has blanks")
