"""The closings' files, `closings.toml` in a language's folder of the macros: shipped, the team's, the agent's own."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG

from supportterm.config import Config
from supportterm.desk import macro_facts, macros, rendering
from supportterm.domain import closings
from supportterm.domain.closings import Stage, Tone
from supportterm.domain.query_hints import nearest
from supportterm.domain.snippets import LONGEST, Macro, MacroError
from supportterm.domain.ticket import Status, Ticket

NAME = "closings.toml"
_ODD = (-1, -1)
"""The stamp of what is no file: a pipe is never waited for."""
_Read = tuple[dict[tuple[str, str], tuple[str, ...]], tuple[str, ...]]


def cycled(
    folders: Sequence[Path],
    facts: dict[str, object],
    ticket: Ticket,
    after: Status | None,
    text: str,
    says_when: Callable[[str], bool] = lambda _words: False,
) -> tuple[int, int, str] | None:
    """Return which part of a reply gives way to what, so that the next closing ends it; None where there is none.

    `facts` are those of `macro_facts.of`; a closing that lacks one is passed
    over. `says_when` tells whether words promise a time: where the text above
    does, closings that do come last, so that no time is said twice.
    """
    shelf = _shelf(folders, ticket.lang or macros.DEFAULT_LANG)
    filled = {key: [done for each in texts if (done := _filled(each, facts))] for key, texts in shelf.items()}
    offered = closings.order(filled, closings.stage(ticket, after, text), closings.tone(ticket))
    known = [each for texts in filled.values() for each in texts]
    if says_when(text[: (closings.standing(text, known) or (len(text),))[0]]):
        offered.sort(key=says_when)
    return closings.cycled(text, offered, known)


def facts(config: Config, ticket: Ticket, now: datetime) -> dict[str, object]:
    """Return what closings may say about a ticket."""
    return macro_facts.of(config, ticket, Macro("", "", "{{sla.}}"), now)


def problems(folders: Sequence[Path]) -> list[str]:
    """Return what is wrong with the files, a sentence each with file and line."""
    return [problem for folder in folders for path in _files(folder) for problem in _read(path, _stamp(path))[1]]


def _shelf(folders: Sequence[Path], lang: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the closings for a language, a later folder's in place of those before, by stage and tone."""
    for each in dict.fromkeys([lang.lower(), lang.lower().partition("-")[0], macros.DEFAULT_LANG]):
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for folder in folders:
            path = folder / each / NAME
            found |= _read(path, _stamp(path))[0]
        if found:
            return found
    return {}


def _filled(text: str, facts: dict[str, object]) -> str:
    expansion = rendering.render(Macro("", "", text), facts)
    return "" if expansion.blanks else expansion.text


def _files(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(folder.glob(f"*/{NAME}"))
    except OSError:
        return


def _stamp(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return (stat.st_mtime_ns, stat.st_size) if S_ISREG(stat.st_mode) else _ODD


@lru_cache(maxsize=64)
def _read(path: Path, stamp: tuple[int, int]) -> _Read:
    """Read a file; what is wrong in it is left out, and told by `problems`."""
    if stamp == (0, 0):
        return {}, ()
    if stamp == _ODD:
        return {}, (f"{path}, line 1: it is no ordinary file. Write the closings into one.",)
    try:
        text = path.read_text(encoding="utf-8") if stamp[1] <= 4 * LONGEST else " " * (LONGEST + 1)
        if len(text) > LONGEST:
            return {}, (f"{path}, line 1: the file is longer than {LONGEST} letters. Shorten it.",)
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        return {}, (f"{path}, line 1: it cannot be read: {error}.",)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return {}, (f"{path}, line 1: not valid TOML: {error}. Mend that line.",)
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    wrong: list[str] = []
    for stage, tones in data.items():
        if stage not in tuple(Stage) or not isinstance(tones, dict):
            wrong.append(f"{_at(path, text, stage)}: unknown stage `{stage}`. {nearest(stage, tuple(Stage))}")
            continue
        for tone, given in tones.items():
            texts = [given] if isinstance(given, str) else given
            if tone not in tuple(Tone):
                wrong.append(f"{_at(path, text, tone)}: unknown tone `{tone}`. {nearest(tone, tuple(Tone))}")
            elif not isinstance(texts, list) or not all(isinstance(each, str) and each.strip() for each in texts):
                wrong.append(f"{_at(path, text, tone)}: `{tone}` takes a list of texts in quotes.")
            else:
                problems = [problem for each in texts for problem in _wrong(each)]
                wrong += [f"{_at(path, text, tone)}: {problem}" for problem in problems]
                found[stage, tone] = () if problems else tuple(each.strip() for each in texts)
    return found, tuple(wrong)


def _wrong(text: str) -> list[str]:
    macro = Macro("", "", text)
    try:
        if macro.blanks:
            return ["a closing has no blanks; write the words."]
        return [error.problem for error in rendering.check(macro)]
    except MacroError as error:
        return [error.problem]


def _at(path: Path, text: str, word: str) -> str:
    lines = text.split("\n")
    found = (n for n, line in enumerate(lines, 1) if line.lstrip("[ \t").startswith(word))
    return f"{path}, line {next(found, 1)}"
