"""`supportterm triage --jsonl FILE`: score texts without a mailbox."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from supportterm.desk.learned import Learned
from supportterm.desk.rulepacks import TriagePacks
from supportterm.domain.errors import NotFoundError
from supportterm.domain.languages import language
from supportterm.domain.leaning import LEANING
from supportterm.domain.signals import Pack
from supportterm.domain.ticket import Assessment
from supportterm.domain.triage import Facts, read_words, score


def triage_file(
    path: Path, out: IO[str], packs: Mapping[str, Pack] | None = None, learned: Learned | None = None
) -> int:
    """Assess each line `{"id", "text", "meta"}` of a JSON Lines file and print one object a line.

    A line that cannot be read is answered with an error and the rest goes on.

    Returns:
        The exit status: 0.

    Raises:
        NotFoundError: the file cannot be read.
    """
    packs, learned = packs or TriagePacks(), learned or Learned()
    try:
        with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    print(json.dumps(_answer(line, number, packs, learned), ensure_ascii=False), file=out)
    except OSError as error:
        raise NotFoundError(f"{path} cannot be read: {error.strerror}. Check the path.") from None
    return 0


def _answer(line: str, number: int, packs: Mapping[str, Pack], learned: Learned) -> dict[str, Any]:
    name: Any = f"line {number}"
    try:
        record = json.loads(line)
        name = record.get("id", name)
        text = record.get("text")
        if not isinstance(text, str):
            raise TypeError("`text` must be there, and a string")
        facts = _facts(record.get("meta") or {})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return {"id": name, "error": f"not a record with id, text and meta: {error}"}
    lang = language(text, packs)
    words = learned.add(read_words(text, lang, packs), [text])
    return _row(name, lang, score(words, facts))


def _facts(meta: Mapping[str, Any]) -> Facts:
    due = meta.get("due_in_hours")
    return Facts(
        waiting_hours=float(meta.get("waiting_hours") or 0),
        due_in_hours=None if due is None else float(due),
        vip=bool(meta.get("vip")),
        earlier_tickets=int(meta.get("earlier_tickets") or 0),
        automatic=bool(meta.get("automatic")),
        bounced=bool(meta.get("bounced")),
        channel=str(meta.get("channel") or "email"),
    )


def _row(name: Any, lang: str | None, assessment: Assessment) -> dict[str, Any]:
    """Return the contract's object: what is no signal (base, cap, floor) is one line `base`."""
    extra = [reason for reason in assessment.reasons if reason.id in ("base", "cap", "floor", "stakes", LEANING)]
    signals: list[dict[str, Any]] = [
        {
            "id": reason.id,
            "points": reason.points,
            "reason": reason.words,
            "start": reason.start,
            "end": reason.end,
            "text": None if reason.start is None else reason.evidence,
            "source": reason.source,
        }
        for reason in assessment.reasons
        if reason not in extra
    ]
    if extra:
        words = "; ".join(reason.words for reason in extra)
        points = sum(reason.points for reason in extra)
        place = {"start": None, "end": None, "text": None, "source": "meta"}
        signals.append({"id": "base", "points": points, "reason": words} | place)
    return {
        "id": name,
        "lang": lang,
        "score": assessment.score,
        "priority": assessment.priority.name,
        "intent": assessment.intent,
        "upset": assessment.upset,
        "signals": signals,
    }
