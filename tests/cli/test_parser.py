"""The command line is read as people type it."""

from __future__ import annotations

import pytest

from supportterm.cli.parser import build


@pytest.mark.parametrize(
    "line",
    [
        ["reply", "7KQ2F", "It works.", "--status", "solved", "--wait"],
        ["reply", "--status", "solved", "7KQ2F", "--wait", "It works."],
        ["reply", "7KQ2F", "--wait", "--status", "solved", "It works."],
    ],
)
def test_options_stand_before_between_and_behind_the_words(line: list[str]) -> None:
    args = build().parse_args(line)
    assert (args.ref, args.text, args.status, args.wait) == ("7KQ2F", "It works.", "solved", True)


@pytest.mark.parametrize("command", ["queue", "search"])
def test_a_query_s_minus_is_no_option(command: str) -> None:
    args = build().parse_args([command, "-is:auto", "--limit", "5", "-has:note", "tag:x", '-"two words"'])
    words = args.query if command == "queue" else args.words
    assert [word.strip() for word in words] == ["-is:auto", "-has:note", "tag:x", '-"two words"']
    assert args.limit == 5


def test_behind_two_hyphens_everything_is_text() -> None:
    assert build().parse_args(["note", "7KQ2F", "--", "--not an option"]).text == "--not an option"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["queue", "--limit", "many"], "between 1 and 100000"),
        (["queue", "--limti", "5"], "--limti"),
        (["reply", "7KQ2F", "one", "two"], "two"),
        (["outbox", "resolve", "3"], "--not-sent"),
        (["set"], "ref"),
    ],
)
def test_what_cannot_be_read_is_named(line: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        build().parse_args(line)
    assert left.value.code == 2
    assert said in capsys.readouterr().err
