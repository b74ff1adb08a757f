"""Muted hints: how far each reaches, what is never muted, what undo and habit do."""

from __future__ import annotations

import pytest

from supportterm.desk import muting, verbs
from supportterm.domain.errors import RefusedError
from supportterm.domain.hints.hint import Hint, Level
from supportterm.domain.hints.muting import Ears, Reach, Told
from supportterm.store.views import reading
from tests.desk.fakes import World, letter

TEXT = "It will work soon. Unfortunately we cannot say when; soon."
SOON = Hint("vague-timing", Level.WARN, 13, 17, "When?")
LATER = Hint("vague-timing", Level.WARN, 53, 57, "When?")
NOT = Hint("negative-phrasing", Level.HINT, 19, 32, "Says what is not possible.")
SECRET = Hint("secret-request", Level.CONFIRM, 0, 2, "Never ask for secrets.")
BLANK = Hint("unfilled-placeholder", Level.CONFIRM, 0, 2, "Fill it.")


@pytest.fixture
async def keys(world: World) -> list[str]:
    for name in ("one", "two"):
        world.server.put(
            letter("Hello", subject=name, message_id=f"{name}@lind.example", sender=f"{name}@lind.example")
        )
    await world.sync()
    with reading(world.desk.database.path) as views:
        return [row[0] for row in views._connection.execute("SELECT key FROM ticket ORDER BY key")]


def ears(world: World, key: str, agent: str = "ada") -> Ears:
    with reading(world.desk.database.path) as views:
        return views.ears(key, agent)


def rules(world: World, key: str, agent: str = "ada") -> list[str]:
    return [hint.rule for hint in ears(world, key, agent).heard([SOON, NOT, SECRET, BLANK], TEXT)]


async def test_a_mute_reaches_as_far_as_was_said(world: World, keys: list[str]) -> None:
    here, there = keys
    muting.mute(world.desk, here, SOON, TEXT, Reach.TICKET)
    assert "vague-timing" not in rules(world, here)
    assert "vague-timing" not in rules(world, here, "bob")
    assert "vague-timing" in rules(world, there)
    muting.mute(world.desk, here, SOON, TEXT, Reach.AGENT)
    assert "vague-timing" not in rules(world, there)
    assert "vague-timing" in rules(world, there, "bob")
    muting.mute(world.desk, here, SOON, TEXT, Reach.TEAM)
    assert "vague-timing" not in rules(world, there, "bob")
    assert "negative-phrasing" in rules(world, here)


async def test_on_these_words_it_is_muted_wherever_they_stand_and_on_no_others(world: World, keys: list[str]) -> None:
    muting.mute(world.desk, keys[0], SOON, TEXT, Reach.WORDS)
    other = Hint("vague-timing", Level.WARN, 0, 7, "When?")
    heard = ears(world, keys[0]).heard([SOON, LATER, other], TEXT)
    assert heard == (other,)
    assert ears(world, keys[1]).heard([SOON], TEXT) == (SOON,)


async def test_what_asks_before_sending_is_muted_on_its_words_alone_and_some_never(
    world: World, keys: list[str]
) -> None:
    for reach in (Reach.TICKET, Reach.AGENT, Reach.TEAM):
        with pytest.raises(RefusedError, match="always asks before sending"):
            muting.mute(world.desk, keys[0], SECRET, TEXT, reach)
    muting.mute(world.desk, keys[0], SECRET, TEXT, Reach.WORDS)
    assert "secret-request" not in rules(world, keys[0])
    for reach in Reach:
        with pytest.raises(RefusedError, match="cannot be muted"):
            muting.mute(world.desk, keys[0], BLANK, TEXT, reach)
    assert "unfilled-placeholder" in rules(world, keys[0])


@pytest.mark.parametrize("reach", [Reach.TICKET, Reach.AGENT, Reach.TEAM])
async def test_undo_takes_a_mute_back_and_lifting_it_as_well(world: World, keys: list[str], reach: Reach) -> None:
    muting.mute(world.desk, keys[0], SOON, TEXT, reach)
    with reading(world.desk.database.path) as views:
        [one] = views.hint_mutes("ada")
    muting.hear(world.desk, one)
    assert "vague-timing" in rules(world, keys[0])
    assert "again" in verbs.undo(world.desk).words
    assert "vague-timing" not in rules(world, keys[0])
    verbs.undo(world.desk)
    assert "vague-timing" in rules(world, keys[0])


async def test_a_rule_passed_over_eight_times_of_ten_drops_a_level_for_that_agent(
    world: World, keys: list[str]
) -> None:
    for dismissed in (False, False, *[True] * 7):
        assert not muting.answered(world.desk, {"vague-timing": dismissed, "negative-phrasing": dismissed})
    both = frozenset({"vague-timing", "negative-phrasing"})
    assert muting.answered(world.desk, dict.fromkeys(both, True)) == both
    assert not muting.answered(world.desk, dict.fromkeys(both, True)), "it is told once"
    [soon] = [h for h in ears(world, keys[0]).heard([SOON, NOT], TEXT) if h.rule == "vague-timing"]
    assert soon.level is Level.HINT
    assert "negative-phrasing" not in rules(world, keys[0]), "what was quiet falls silent"
    assert rules(world, keys[0], "bob").count("vague-timing") == 1
    muting.begin_anew(world.desk, "vague-timing")
    assert SOON in ears(world, keys[0]).heard([SOON], TEXT)


async def test_rewriting_brings_a_rule_its_level_again(world: World, keys: list[str]) -> None:
    for dismissed in (*[True] * 8, False, False, False):
        muting.answered(world.desk, {"vague-timing": dismissed})
    assert SOON in ears(world, keys[0]).heard([SOON], TEXT), "seven of the last ten"


async def test_what_asks_before_sending_never_drops(world: World, keys: list[str]) -> None:
    for _ in range(10):
        muting.answered(world.desk, {"secret-request": True})
    assert SECRET in ears(world, keys[0]).heard([SECRET], TEXT)


def test_a_hint_that_was_seen_is_dismissed_where_it_still_stands_as_the_reply_goes() -> None:
    told = Told()
    told.saw([SOON, NOT, SECRET], TEXT)
    assert told.answers([SOON], TEXT) == {"vague-timing": True, "negative-phrasing": False}
    assert told.answers([], TEXT) == {"vague-timing": False, "negative-phrasing": False}
