"""S8, triage: how long one long letter takes to be read and scored, in each language, once its words are loaded."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.registry import Row, Session, bench
from supportterm.desk.rulepacks import TriagePacks
from supportterm.domain.triage import assess

LIMIT_MS = 5.0
LETTERS = Path(__file__).parent.parent / "triage_letters.toml"
_READINGS = 30


@bench("S8")
def triage(session: Session) -> Iterator[Row]:
    """Read each language's letter again and again, the words of no reading kept for the next."""
    packs = TriagePacks()
    for lang, letter in tomllib.loads(LETTERS.read_text(encoding="utf-8")).items():
        assess(letter, lang, packs)
        taken = []
        for _ in range(_READINGS * session.repeat):
            started = time.perf_counter()
            assess(letter, lang, packs)
            taken.append((time.perf_counter() - started) * 1000)
        words = f"{len(letter.split())} words" if lang != "ja" else f"{len(letter)} characters"
        yield Row("S8", f"triage of a mail, {lang}, {words}", median(taken), limit=LIMIT_MS, unit="ms")
