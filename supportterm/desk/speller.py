"""Spelling in a process of its own: begun with the first word, begun again when it dies or hangs, asked in turns.

Whoever asks gets a `Future` and goes on; what is not answered is not known
to be wrong. The thread that asks the process is the one that began it, since
on Linux the process ends with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from supportterm.desk import dictionaries
from supportterm.desk.errorlog import log

PATIENCE = 5.0
"""Seconds without an answer after which the process hangs."""
LOADING = 20.0
"""Seconds for the first answer in a language: its dictionary is read."""
_FAILURES = 3
"""So many in a row, and spelling rests."""
REST = 60.0
_AT_ONCE = 200
COMMAND = (sys.executable, "-m", "supportterm.desk.spelling_child")


@dataclass(frozen=True)
class _Question:
    lang: str
    words: tuple[str, ...] = ()
    suggest: str = ""
    answer: Future[tuple[str, ...]] = field(default_factory=Future)


class Speller:
    """Asks one process about words, in a thread of its own that begins with the first question."""

    def __init__(
        self,
        places: Sequence[Path],
        command: Sequence[str] = COMMAND,
        patience: float = PATIENCE,
        loading: float = LOADING,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look for dictionaries in those places; `command` is what begins the process."""
        self._places = tuple(places)
        self._command = [*command]
        self._patience, self._loading = patience, loading
        self._now = monotonic
        self._lock = Lock()
        self._questions: queue.SimpleQueue[_Question | None] = queue.SimpleQueue()
        self._thread: Thread | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self._loaded: set[str] = set()
        self._known: dict[str, dict[str, str | None]] = {}
        self._asked: set[tuple[str, str]] = set()
        self._files: dict[str, Path | None] = {}
        self._unusable: dict[str, str] = {}
        self._failures = 0
        self._rests_until = 0.0
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The process's id; None while there is none."""
        child = self._child
        return child.pid if child is not None else None

    @property
    def trouble(self) -> str:
        """Say why words are not marked that should be, and what happens next; empty where all is well."""
        if self._now() < self._rests_until:
            return "Spelling rests for a minute: its process ended or hung three times. Everything else goes on."
        return next(iter(self._unusable.values()), "")

    def serves(self, lang: str) -> bool:
        """Tell whether there is a dictionary for a language."""
        if lang not in self._files:
            self._files[lang] = dictionaries.find(lang, self._places)
        return self._files[lang] is not None and lang not in self._unusable

    def meant(self, lang: str) -> Mapping[str, str | None]:
        """Return the words answered so far: None for one that is right, else what was meant, empty where unknown."""
        return self._known.get(lang, {})

    def ask(self, lang: str, words: Iterable[str]) -> Future[tuple[str, ...]] | None:
        """Have words looked up that were not yet; None where none is new, else done when `meant` holds them.

        It is done as well where they cannot be looked up: they stay unanswered.
        """
        if not self._can_ask(lang):
            return None
        known = self.meant(lang)
        with self._lock:
            new = [word for word in dict.fromkeys(words) if word not in known and (lang, word) not in self._asked]
            self._asked.update((lang, word) for word in new)
        last = None
        for at in range(0, len(new), _AT_ONCE):
            last = self._put(_Question(lang, tuple(new[at : at + _AT_ONCE])))
        return last

    def suggest(self, lang: str, word: str) -> Future[tuple[str, ...]] | None:
        """Have it said what a word may have been meant for, likeliest first; None where nobody can say."""
        return self._put(_Question(lang, suggest=word)) if self._can_ask(lang) else None

    def close(self) -> None:
        """End the process and wait for nothing."""
        self._is_closed = True
        self._questions.put(None)
        if (child := self._child) is not None:
            with contextlib.suppress(OSError):
                child.kill()
        if self._thread is not None:
            self._thread.join(1.0)

    def _can_ask(self, lang: str) -> bool:
        return not self._is_closed and self._now() >= self._rests_until and self.serves(lang)

    def _put(self, question: _Question) -> Future[tuple[str, ...]]:
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._work, name="spelling", daemon=True)
                self._thread.start()
        self._questions.put(question)
        return question.answer

    def _work(self) -> None:
        try:
            while (question := self._questions.get()) is not None and not self._is_closed:
                answer = self._answered(question)
                with contextlib.suppress(InvalidStateError):  # whoever asked has gone
                    question.answer.set_result(answer)
        finally:
            self._end()

    def _answered(self, question: _Question) -> tuple[str, ...]:
        if question.suggest:
            found = self._call({"lang": question.lang, "suggest": question.suggest})
            return tuple(found.get("suggestions", ())) if found else ()
        if not self._look_up(question.lang, question.words):
            # one of them may be what ends the process: it is left alone where the others are answered
            failed = [word for word in question.words if not self._look_up(question.lang, (word,))]
            if len(failed) < len(question.words):
                self._known[question.lang] = {**self.meant(question.lang), **dict.fromkeys(failed)}
        with self._lock:
            self._asked.difference_update((question.lang, word) for word in question.words)
        return ()

    def _look_up(self, lang: str, words: tuple[str, ...]) -> bool:
        found = self._call({"lang": lang, "words": words})
        if found is None or "meant" not in found:
            return False
        meant = found["meant"]
        self._known[lang] = {**self.meant(lang), **{word: meant.get(word) for word in words}}
        return True

    def _call(self, question: dict[str, Any]) -> dict[str, Any] | None:
        """Ask the process; None where it ended, hung or has no dictionary."""
        lang = question["lang"]
        if self._is_closed or self._now() < self._rests_until or not self.serves(lang):
            return None
        try:
            child = self._child or self._begin()
            line = json.dumps({**question, "file": str(self._files[lang])}).encode() + b"\n"
            found: dict[str, Any] = json.loads(self._exchanged(child, line, lang in self._loaded))
        except (OSError, ValueError) as error:
            self._failed(error)
            return None
        self._failures = 0
        self._loaded.add(lang)
        if "problem" in found:
            self._unusable[lang] = f"No spelling: {found['problem'].removeprefix('No spelling: ')}"
            return None
        return found

    def _begin(self) -> subprocess.Popen[bytes]:
        self._unread = b""
        self._loaded.clear()
        self._child = subprocess.Popen(  # noqa: S603 our own program, an argument list, no shell
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        return self._child

    def _exchanged(self, child: subprocess.Popen[bytes], line: bytes, is_loaded: bool) -> bytes:
        """Send a line and return the one that answers it.

        Raises:
            OSError: it ended, or did not answer in time.
        """
        assert child.stdin is not None and child.stdout is not None  # noqa: S101,PT018 both are pipes of ours
        child.stdin.write(line)
        until = self._now() + (self._patience if is_loaded else self._loading)
        with selectors.DefaultSelector() as ready:
            ready.register(child.stdout, selectors.EVENT_READ)
            while b"\n" not in self._unread:
                left = until - self._now()
                if left <= 0 or not ready.select(left):
                    raise TimeoutError("no answer in time")
                if not (more := os.read(child.stdout.fileno(), 1 << 16)):
                    raise BrokenPipeError("it ended")
                self._unread += more
        answer, _, self._unread = self._unread.partition(b"\n")
        return answer

    def _failed(self, error: Exception) -> None:
        self._end()
        self._failures += 1
        if not self._is_closed:
            log.info("spelling process: %s", error)
        if self._failures >= _FAILURES:
            self._failures = 0
            self._rests_until = self._now() + REST

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(OSError):
            child.kill()
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        child.wait()
