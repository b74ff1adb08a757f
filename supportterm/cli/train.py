"""`supportterm train`: learn from the team's own corrections, say what it gains, and keep what is worth it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from supportterm.cli.context import at_desk, reading
from supportterm.cli.output import Output


def train(args: argparse.Namespace, output: Output) -> int:
    """Learn and measure; status 1 where too few tickets were corrected, or nothing is gained."""
    from supportterm.desk import learned, training
    from supportterm.domain.learning import LEAST

    with at_desk(args) as desk, reading(args) as (views, config):
        path = learned.beside(desk.database.path)
        taught = training.lessons(views, desk.ranking)
    made = training.train(taught)
    record: dict[str, Any] = {"corrected": len(taught), "needed": LEAST, "written": False}
    if made is None:
        said = f"Corrected tickets so far: {len(taught)}; {LEAST} are needed to learn from. Nothing was changed."
        output.record(record, said)
        return 1
    gain = made.gain
    record |= {
        "measured_on": gain.tickets,
        "pairs": gain.pairs,
        "before": round(gain.before, 4),
        "after": round(gain.after, 4),
        "chance": round(gain.chance, 4),
        "words": len(made.weights),
    }
    said = (
        f"{made.lessons} corrected tickets; measured on the newest {gain.tickets}, which were not learned from: of"
        f" {gain.pairs} pairs {gain.before:.1%} stood in your order by the rules, {gain.after:.1%} with what was"
        f" learned ({gain.after - gain.before:+.1%}; up to {gain.chance:.1%} may be chance)."
    )
    if not gain.is_real:
        gone = path.exists()
        path.unlink(missing_ok=True)
        output.record(record, said)
        output.say(f"That is no gain, so nothing learned counts{'; what was learned before is gone' if gone else ''}.")
        return 1
    facts = {name: record[name] for name in ("corrected", "measured_on", "pairs", "before", "after")}
    learned.save(path, made.weights, facts | {"at": datetime.now(UTC).isoformat(timespec="seconds")})
    output.record(record | {"written": True, "file": str(path)}, said)
    output.say(
        f"{len(made.weights)} words are in {path}."
        + (" They count from now on." if config.triage.learned else " `learned = true` under [triage] lets them count.")
    )
    return 0
