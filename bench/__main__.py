"""`python -m bench [--messages N] [--repeat N] [NAME…]`: run benches, print the ratios, write bench/results.json."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import sys
from datetime import UTC, datetime

from bench.registry import DATA, BenchError, Row, Session, load

RESULTS = DATA.parent / "results.json"
HEADINGS = ("bench", "work", "ours", "peer", "", "ratio", "goal", "")


def main() -> int:
    """Run what was asked for; a contender that cannot run is a note in its row, not a failure."""
    benches = load()
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(benches)}; all when none is named")
    parser.add_argument("--messages", type=int, default=10_000, help="size of the mailbox (10000)")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each, of which the median counts (3)")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in benches]:
        parser.error(f"no bench is called {unknown[0]}. There are {', '.join(benches)}.")
    session = Session(max(1, asked.messages), max(1, asked.repeat))
    rows: list[Row] = []
    for name in asked.names or benches:
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            rows += benches[name](session)
        except BenchError as error:
            rows.append(Row(name, "not run", None, note=str(error)))
    print(table(rows))
    write(session, rows)
    print(f"\nMedians of {session.repeat}; figures compare only within one run. Written to {RESULTS.name}.")
    return 0


def table(rows: list[Row]) -> str:
    """Return the rows as aligned text, a note under the first row it belongs to."""
    cells = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    notes = ["", *(row.note for row in rows)]
    lines: list[str] = []
    told = {""}
    for line, note in zip(cells, notes, strict=True):
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        if note not in told:
            told.add(note)
            lines.append(f"{'':{widths[0]}}  ({note})")
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    ratio = f"{row.ratio:.3f}" if row.ratio is not None else ""
    goal = f"<= {row.at_most:g}" if row.at_most is not None else f"<= {row.limit:g} {row.unit}" if row.limit else ""
    verdict = {True: "met", False: "NOT MET", None: ""}[row.met]
    return (row.bench, row.work, _amount(row.ours, row), _amount(row.peer, row), row.peer_name, ratio, goal, verdict)


def _amount(value: float | None, row: Row) -> str:
    if value is None:
        return "" if value is row.peer and not row.peer_name else "-"
    return f"{value:.3g} {row.unit}" if value < 100 else f"{value:.0f} {row.unit}"


def write(session: Session, rows: list[Row]) -> None:
    """Write the run as JSON: the machine, the session, a row each with its ratio and verdict."""
    record = {
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        **dataclasses.asdict(session),
        "rows": [{**dataclasses.asdict(row), "ratio": row.ratio, "met": row.met} for row in rows],
    }
    RESULTS.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
