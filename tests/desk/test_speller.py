"""The spelling process: begun when it is needed, survived when it fails, gone with whoever began it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportterm.desk import dictionaries
from supportterm.desk.speller import COMMAND, Speller
from supportterm.desk.spelling import Spelling
from tests.desk.fakes import World

SILENT = (sys.executable, "-c", "import sys\nfor line in sys.stdin: pass")
DEAD = (sys.executable, "-c", "")
POISONED = (
    sys.executable,
    "-c",
    "import json, os, sys\n"
    "for line in sys.stdin:\n"
    "    if 'qwrtz' in line: os._exit(1)\n"
    "    print(json.dumps({'meant': {w: '' for w in json.loads(line)['words'] if w != 'right'}}), flush=True)",
)


@pytest.fixture
def begun() -> Iterator[Callable[..., Speller]]:
    every: list[Speller] = []

    def begin(*arguments: object, **more: object) -> Speller:
        every.append(Speller(*(arguments or (dictionaries.folders(),)), **more))  # type: ignore[arg-type] # by the test
        return every[-1]

    yield begin
    for each in every:
        each.close()


def ask(speller: Speller, *words: str, lang: str = "en") -> dict[str, str | None]:
    pending = speller.ask(lang, words)
    if pending is not None:
        pending.result(60)
    return {word: speller.meant(lang).get(word, "unanswered") for word in words}


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pid: int) -> bool:
    until = time.monotonic() + 30
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_alive(pid)


def test_nothing_runs_before_the_first_word_and_it_runs_behind_everything_else(begun: Callable[..., Speller]) -> None:
    speller = begun()
    assert speller.pid is None
    assert ask(speller, "receive", "recieve", "colour") == {"receive": None, "recieve": "receive", "colour": None}
    assert speller.pid is not None
    assert os.getpriority(os.PRIO_PROCESS, speller.pid) >= 10
    assert speller.ask("en", ["recieve"]) is None, "what is answered is not asked again"


def test_suggestions_are_given_to_whoever_asks_for_them(begun: Callable[..., Speller]) -> None:
    pending = begun().suggest("en", "recieve")
    assert pending is not None
    assert "receive" in pending.result(60)


def test_a_language_without_a_dictionary_is_not_asked_about(begun: Callable[..., Speller], tmp_path: Path) -> None:
    speller = begun([tmp_path])
    assert speller.ask("ru", ["привет"]) is None
    assert speller.suggest("ja", "ご連絡") is None
    assert speller.pid is None
    assert speller.trouble == ""


def test_killed_in_the_middle_it_is_begun_again_and_answers(begun: Callable[..., Speller]) -> None:
    speller = begun()
    ask(speller, "hello")
    first = speller.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    pending = speller.ask("en", ["recieve", "shop"])
    os.kill(first, signal.SIGKILL)
    assert pending is not None
    pending.result(60)
    assert speller.meant("en")["recieve"] == "receive"
    assert speller.pid not in (None, first)
    assert speller.trouble == ""


def test_one_that_never_answers_is_ended_and_after_three_times_spelling_rests(begun: Callable[..., Speller]) -> None:
    moment = [0.0]
    speller = begun(dictionaries.folders(), SILENT, 0.05, 0.05, lambda: moment[0] + time.monotonic())
    began = time.monotonic()
    pending = speller.ask("en", ["recieve", "shop"])
    assert time.monotonic() - began < 1, "whoever asks goes on at once"
    assert pending is not None
    pending.result(60)
    assert "recieve" not in speller.meant("en")
    assert "rests" in speller.trouble
    assert speller.ask("en", ["recieve"]) is None
    assert speller.pid is None
    moment[0] += 61
    assert speller.trouble == ""
    assert speller.ask("en", ["recieve"]) is not None


def test_one_that_ends_at_once_leaves_words_unmarked_and_says_so(begun: Callable[..., Speller]) -> None:
    speller = begun(dictionaries.folders(), DEAD)
    assert ask(speller, "recieve", "shop", "also", "more") == dict.fromkeys(
        ("recieve", "shop", "also", "more"), "unanswered"
    )
    assert "rests" in speller.trouble


def test_a_word_that_ends_the_process_is_left_alone_and_the_others_are_answered(begun: Callable[..., Speller]) -> None:
    speller = begun(dictionaries.folders(), POISONED)
    assert ask(speller, "right", "qwrtz", "wrong") == {"right": None, "qwrtz": None, "wrong": ""}
    assert speller.ask("en", ["qwrtz"]) is None
    assert speller.trouble == ""


@pytest.mark.parametrize(
    ("aff", "dic"),
    [
        (b"", b""),
        (b"\x00\xffgarbage\n" * 50, b"not a number\n\xff\xfe\n"),
        (b"SET UTF-8\n", b"3\nalpha\nbeta\ngamma\n"),
    ],
)
def test_a_broken_dictionary_marks_nothing_and_is_told_in_one_sentence(
    begun: Callable[..., Speller], tmp_path: Path, aff: bytes, dic: bytes
) -> None:
    (tmp_path / "en_US.aff").write_bytes(aff)
    (tmp_path / "en_US.dic").write_bytes(dic)
    speller = begun([tmp_path])
    assert ask(speller, "the", "recieve") == {"the": "unanswered", "recieve": "unanswered"}
    assert "en_US.dic" in speller.trouble
    assert "apt install" in speller.trouble
    assert not speller.serves("en")


def test_a_dictionary_that_lacks_the_letters_of_its_language_is_broken(
    begun: Callable[..., Speller], tmp_path: Path
) -> None:
    (tmp_path / "ru.aff").write_bytes(b"SET ISO8859-1\n")
    (tmp_path / "ru.dic").write_bytes(b"1\nx\n")
    speller = begun([tmp_path])
    assert ask(speller, "пожалуйста", lang="ru") == {"пожалуйста": "unanswered"}
    assert "hunspell-ru" in speller.trouble


def test_closing_ends_the_process(begun: Callable[..., Speller]) -> None:
    speller = begun()
    ask(speller, "hello")
    pid = speller.pid
    assert pid is not None
    speller.close()
    assert gone(pid)
    assert speller.ask("en", ["shop"]) is None


@pytest.mark.parametrize("is_busy", [False, True])
def test_it_ends_with_its_parent_even_where_that_is_killed(is_busy: bool) -> None:
    program = (
        "import os, signal, sys, time\n"
        "from supportterm.desk import dictionaries\n"
        "from supportterm.desk.speller import Speller\n"
        "speller = Speller(dictionaries.folders())\n"
        "speller.ask('en', ['hello']).result(60)\n"
        "if sys.argv[1] == 'True': os.kill(speller.pid, signal.SIGSTOP)\n"
        "print(speller.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(is_busy)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    if is_busy and sys.platform != "linux":
        os.kill(pid, signal.SIGCONT)
    assert gone(pid)


def test_trouble_is_told_once(world: World) -> None:
    spelling = Spelling(world.desk.config, Speller(dictionaries.folders(), DEAD))
    pending = spelling.speller.ask("en", ["one", "two", "three"])
    assert pending is not None
    pending.result(60)
    assert "rests" in spelling.news()
    assert spelling.news() == ""
    spelling.close()


def test_it_is_begun_by_this_very_program() -> None:
    assert COMMAND[:2] == (sys.executable, "-m")
