"""The bench's own ground: one mailbox for everyone, and verdicts that follow from the figures."""

from collections import Counter
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from statistics import mean

import pytest

from bench.__main__ import table
from bench.mailbox import letters, maildir
from bench.registry import Row, load


@pytest.fixture(scope="module")
def mails() -> list[Message]:
    return [message_from_bytes(letter.raw) for letter in letters(600)]


def test_the_mailbox_is_the_same_every_time_and_its_beginning_does_not_depend_on_its_size() -> None:
    assert list(letters(40)) == list(letters(90))[:40]
    assert list(letters(40)) != list(letters(40, "another seed"))


def test_conversations_have_one_to_eight_mails_tied_by_references_to_mails_that_came_before(
    mails: list[Message],
) -> None:
    seen: set[str] = set()
    roots: Counter[str] = Counter()
    for mail in mails:
        references = (mail["References"] or "").split()
        assert set(references) <= seen
        assert mail["In-Reply-To"] == (references[-1] if references else None)
        seen.add(mail["Message-ID"])
        roots[references[0] if references else mail["Message-ID"]] += 1
    assert len(seen) == len(mails) == 600
    assert min(roots.values()) == 1
    assert 5 <= max(roots.values()) <= 8


def test_the_mails_are_as_various_and_as_large_as_the_figures_assume(mails: list[Message]) -> None:
    kinds = Counter(kind for mail in mails for kind in {part.get_content_type() for part in mail.walk()})
    assert kinds["text/plain"] == len(mails)
    assert 0.2 < kinds["text/html"] / len(mails) < 0.5
    assert 0.05 < kinds["image/png"] / len(mails) < 0.2
    charsets = {charset for mail in mails for charset in mail.get_charsets() if charset}
    assert {"utf-8", "iso-2022-jp"} < charsets
    assert charsets & {"koi8-r", "windows-1251"}
    assert 9_000 < mean(len(letter.raw) for letter in letters(600)) < 15_000


def test_a_maildir_is_made_once_and_kept(tmp_path: Path) -> None:
    made = maildir(tmp_path, messages=20)
    first = sorted((path.name, path.stat().st_ino) for path in (made / "cur").iterdir())
    assert len(first) == 20
    assert maildir(tmp_path, messages=20) == made
    assert sorted((path.name, path.stat().st_ino) for path in (made / "cur").iterdir()) == first


@pytest.mark.parametrize(
    ("row", "ratio", "met"),
    [
        (Row("S1", "x", 2.0, "peer", 20.0, at_most=0.12), 0.1, True),
        (Row("S1", "x", 4.0, "peer", 20.0, at_most=0.12), 0.2, False),
        (Row("S1", "x", 4.0, "peer", 20.0), 0.2, None),
        (Row("S1", "x", None, "peer", 20.0, at_most=0.12), None, None),
        (Row("S1", "x", 4.0, "peer", None, at_most=0.12), None, None),
        (Row("verbs", "x", 16.0, "idle", 4.0, limit=50.0, unit="ms"), 4.0, True),
        (Row("verbs", "x", 51.0, limit=50.0, unit="ms"), None, False),
    ],
)
def test_a_goal_is_met_missed_or_unknown(row: Row, ratio: float | None, met: bool | None) -> None:
    assert row.ratio == ratio
    assert row.met is met
    printed = table([row])
    assert ("NOT MET" in printed) is (met is False)


def test_every_bench_is_registered_by_being_there() -> None:
    assert {"S1", "S3", "verbs"} <= set(load())
