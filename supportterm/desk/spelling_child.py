"""The process that spells: one question a line on standard input, one answer a line on standard output.

A question is JSON: `lang`, `file` (the `.dic`), and `words` or `suggest`. The
answer holds `meant` (each unknown word to what was meant, empty where nothing is
near), `suggestions`, or `problem`, a sentence. It ends with its standard input,
with the process that began it, and after `HANG` seconds over one question.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from supportterm.desk.dictionaries import Dictionary, load, remembering
from supportterm.domain.errors import ConfigError
from supportterm.domain.hints.slips import Verdict

HANG = 60
"""Seconds over one question after which it ends itself, should nobody else."""
_NICENESS = 10
_PDEATHSIG = 1
"""`PR_SET_PDEATHSIG` of prctl(2)."""
_MOST = 12


def serve() -> None:
    """Answer until there is nobody to ask."""
    os.nice(_NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _end_with_parent()
    loaded: dict[tuple[str, str], tuple[Dictionary, Verdict]] = {}
    for line in sys.stdin.buffer:
        signal.alarm(HANG)
        answer = _answer(json.loads(line), loaded)
        signal.alarm(0)
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


def _answer(question: dict[str, Any], loaded: dict[tuple[str, str], tuple[Dictionary, Verdict]]) -> dict[str, Any]:
    key = question["lang"], question["file"]
    if key not in loaded:
        try:
            dictionary = load(key[0], Path(key[1]))
        except ConfigError as problem:
            return {"problem": str(problem)}
        loaded[key] = dictionary, remembering(key[0], dictionary.knows)
    dictionary, verdict = loaded[key]
    if "suggest" in question:
        return {"suggestions": dictionary.suggest(question["suggest"])[:_MOST]}
    found = {word: verdict(word) for word in question["words"]}
    return {"meant": {word: meant for word, meant in found.items() if meant is not None}}


def _end_with_parent() -> None:
    """Have the system end this process with the one that began it, also where that is killed; Linux alone can."""
    if sys.platform == "linux":
        prctl: Callable[..., int] = ctypes.CDLL(None).prctl
        prctl(_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    try:
        serve()
    except BrokenPipeError:
        os._exit(0)
