"""Hints that are muted, and what agents made of those that were put before them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.domain.hints import muting
from supportterm.domain.hints.muting import ANSWERS, Ears, Mute, Reach
from supportterm.store.mapping import from_ms, to_ms
from supportterm.store.reader import Reader
from supportterm.store.rows import execute, execute_many, tuples

if TYPE_CHECKING:
    from sqlmodel import Session

TABLES = """
    CREATE TABLE hint_mute (
        rule TEXT NOT NULL,
        reach TEXT NOT NULL,
        whose TEXT NOT NULL,
        words TEXT NOT NULL,
        by TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (reach, whose, rule, words)
    ) WITHOUT ROWID;
    CREATE TABLE hint_answer (
        id INTEGER PRIMARY KEY NOT NULL,
        agent TEXT NOT NULL,
        rule TEXT NOT NULL,
        dismissed INTEGER NOT NULL,
        at INTEGER NOT NULL
    );
    CREATE INDEX hint_answer_rule ON hint_answer (agent, rule, id);
    """
"""A step of the migrations."""
_LATEST = "SELECT rule, dismissed FROM hint_answer WHERE agent = ? ORDER BY id DESC"


def add(session: Session, mute: Mute, now: datetime) -> None:
    """Keep a mute; one that is there already stays as it is."""
    values = [mute.rule, mute.reach.value, mute.whose, mute.words, mute.by, to_ms(now)]
    execute(session, "INSERT OR IGNORE INTO hint_mute VALUES (?, ?, ?, ?, ?, ?)", values)


def remove(session: Session, mute: Mute) -> None:
    """Let a rule be heard again."""
    execute(
        session,
        "DELETE FROM hint_mute WHERE rule = ? AND reach = ? AND whose = ? AND words = ?",
        [mute.rule, mute.reach.value, mute.whose, mute.words],
    )


def answer(session: Session, agent: str, answers: Mapping[str, bool], now: datetime) -> None:
    """Remember an agent's answers, rule -> dismissed; of each rule the latest are kept."""
    execute_many(
        session,
        "INSERT INTO hint_answer (agent, rule, dismissed, at) VALUES (?, ?, ?, ?)",
        [(agent, rule, int(dismissed), to_ms(now)) for rule, dismissed in answers.items()],
    )
    execute_many(
        session,
        "DELETE FROM hint_answer WHERE agent = ?1 AND rule = ?2 AND id NOT IN"
        " (SELECT id FROM hint_answer WHERE agent = ?1 AND rule = ?2 ORDER BY id DESC LIMIT ?3)",
        [(agent, rule, ANSWERS) for rule in answers],
    )


def forget_answers(session: Session, agent: str, rule: str) -> None:
    """Let an agent begin anew with a rule."""
    execute(session, "DELETE FROM hint_answer WHERE agent = ? AND rule = ?", [agent, rule])


def lowered(session: Session, agent: str) -> frozenset[str]:
    """Return the rules that dropped a level for an agent."""
    return _lowered(tuples(session, _LATEST, [agent]))


def _lowered(rows: Iterable[tuple[str, int]]) -> frozenset[str]:
    latest: dict[str, list[bool]] = {}
    for rule, dismissed in rows:
        latest.setdefault(rule, []).append(bool(dismissed))
    return muting.lowered(latest)


class HintMutes(Reader):
    """Questions about what is heard."""

    def ears(self, ticket_key: str, agent: str) -> Ears:
        """Return what an agent hears on a ticket; a few steps in two indexes."""
        rows = self._rows(
            "SELECT rule, words, reach FROM hint_mute WHERE (reach IN ('words', 'ticket') AND whose = :ticket)"
            " OR (reach = 'agent' AND whose = :agent) OR (reach = 'team' AND whose = '')",
            {"ticket": ticket_key, "agent": agent},
        )
        return Ears(
            frozenset(row["rule"] for row in rows if row["reach"] != Reach.WORDS),
            frozenset((row["rule"], row["words"]) for row in rows if row["reach"] == Reach.WORDS),
            self.lowered_hints(agent),
        )

    def lowered_hints(self, agent: str) -> frozenset[str]:
        """Return the rules that dropped a level for an agent."""
        return _lowered((row["rule"], row["dismissed"]) for row in self._rows(_LATEST, [agent]))

    def hint_mutes(self, agent: str) -> list[Mute]:
        """Return what is muted for the team, for an agent, and on tickets by them, the widest first."""
        rows = self._rows(
            "SELECT * FROM hint_mute WHERE reach = 'team' OR (reach = 'agent' AND whose = :agent) OR by = :agent"
            " ORDER BY CASE reach WHEN 'team' THEN 0 WHEN 'agent' THEN 1 WHEN 'ticket' THEN 2 ELSE 3 END, at DESC",
            {"agent": agent},
        )
        return [Mute(r["rule"], Reach(r["reach"]), r["whose"], r["words"], r["by"], from_ms(r["at"])) for r in rows]
