"""Desktop notices: whatever a subject holds, what reaches the terminal is one sequence around plain words."""

from __future__ import annotations

import re

import pytest

from supportterm.domain import notices
from tests.screens.payloads import PAYLOADS

PLAIN = {"TERM": "xterm-256color"}
TMUX = {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"}  # noqa: S108 a name, no file
VTE = {"TERM": "xterm-256color", "VTE_VERSION": "7200"}
HOSTILE = [
    "\x1b]52;c;ZXZpbA==\x07",
    "a\x07\x1b[2J",
    "\x9d0;title\x9c",
    "a\x1b\\b\x1bPtmux;\x1b\x1b]9;x\x07",
    "4;3;progress",
    "x" * 100_000,
    "\u202eevil\u2066\u200b\ufeff",
    "line\nline\r\n\u2028line\x85",
    "\ud800\udfff\ue000\U000e0041",
    "",
]


@pytest.mark.parametrize("text", [*HOSTILE, *PAYLOADS.values()])
def test_nothing_foreign_ends_or_begins_a_sequence(text: str) -> None:
    said = notices.cleaned(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]", said)
    assert len(said) <= notices.LONGEST
    assert notices.sequence(text, PLAIN) == f"\x1b]9;supportterm: {said}\x07"
    assert notices.sequence(text, VTE) == f"\x1b]777;notify;supportterm;{said}\x07"
    assert notices.sequence(text, TMUX) == f"\x1bPtmux;\x1b\x1b]9;supportterm: {said}\x07\x1b\\"


@pytest.mark.parametrize(
    ("environment", "can"),
    [
        (PLAIN, True),
        (TMUX, True),
        ({"TERM": "linux"}, False),
        ({}, False),
        ({"TERM": "screen-256color", "STY": "1.pts"}, False),
    ],
)
def test_terminals_that_are_no_windows_get_none(environment: dict[str, str], can: bool) -> None:
    assert notices.can(environment) is can


@pytest.mark.parametrize(
    ("said", "allows"),
    [
        ("3.4 on\n", True),
        ("3.3a 1", True),
        ("3.5 all", True),
        ("3.5 2", True),
        ("3.4 off", False),
        ("3.3a 0", False),
        ("3.2a ", True),
        ("2.9", True),
        ("3.4 ", False),
        ("next-3.6 on", True),
        ("", False),
        ("nonsense", False),
    ],
)
def test_tmux_hands_on_where_it_is_allowed(said: str, allows: bool) -> None:
    assert notices.tmux_allows(said) is allows
