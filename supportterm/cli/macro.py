"""`macro`: list, check, import and apply snippets and macros."""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from supportterm import paths
from supportterm.cli.context import at_desk, config_of
from supportterm.cli.output import Output, fit
from supportterm.domain.errors import ConfigError, RefusedError, StoreError

if TYPE_CHECKING:
    from supportterm.config import Config
    from supportterm.domain.rewriting import Habit

_LATELY = timedelta(days=180)


def list_macros(args: argparse.Namespace, output: Output) -> int:
    """List the snippets and macros; those rewritten most first, where that is asked."""
    from supportterm.bootstrap import build_macros
    from supportterm.domain.rewriting import Habit

    config = _config(args)
    habits = _habits(config)
    macros = [(macro, habits.get((macro.id, macro.lang), Habit())) for macro in build_macros(config).macros]
    if args.rewritten:
        macros = [(macro, habit) for macro, habit in macros if habit.rewritten]
        macros.sort(key=lambda one: (-one[1].share, -one[1].uses, one[0].id))
    for macro, habit in macros:
        record = {
            "id": macro.id,
            "title": macro.title,
            "lang": macro.lang,
            "topic": macro.topic,
            "trigger": macro.trigger,
            "when": macro.when,
            "path": macro.path,
            "uses": habit.uses,
            "rewritten": round(habit.share, 3),
        }
        often = f"{fit(f'{habit.share:.0%} of {habit.uses}', 12)} " if args.rewritten else ""
        line = f"{often}{fit(macro.trigger or macro.id, 14)} {fit(macro.lang or 'any', 4)} {macro.title}"
        output.record(record, line)
    if args.rewritten and not macros:
        output.say("No snippet has gone out rewritten in the last 180 days.")
    return 0


def check(args: argparse.Namespace, output: Output) -> int:
    """Check every macro, or those of a folder; status 2 where one cannot be used."""
    from supportterm.bootstrap import build_macros
    from supportterm.desk import closings
    from supportterm.desk.macros import MacroLibrary, folders

    config = _config(args)
    if args.folder:
        folder = Path(args.folder)
        if not folder.is_dir():
            raise ConfigError(f"{folder} is no folder. Name one that holds macro files.")
        library = MacroLibrary([folder])
    else:
        library = build_macros(config)
    policies = ["default", *(rule.name for rule in config.policies)] if config else None
    told = [*library.check(policies), *closings.problems([Path(args.folder)] if args.folder else folders(config))]
    problems = list(dict.fromkeys(told))
    for problem in problems:
        output.record({"problem": problem}, problem)
    output.say(f"{_many(len(library.macros), 'macro')}, {_many(len(problems), 'problem')}.")
    return 2 if problems else 0


def apply(args: argparse.Namespace, output: Output) -> int:
    """Carry out a macro's actions on tickets, without a mail."""
    from supportterm.bootstrap import build_macros
    from supportterm.desk import applying

    with at_desk(args) as desk:
        done = applying.apply(desk, args.ref, build_macros(desk.config), args.macro)
        output.record({"ref": done.ref, "macro": args.macro, "done": done.words}, f"{done.ref}: {done.words}")
    return 0


def take_over(args: argparse.Namespace, output: Output) -> int:
    """Import the snippets of another program; status 1 where one of them could not be taken over."""
    from supportterm.bootstrap import build_macros
    from supportterm.desk import macro_import

    config = _config(args)
    imported = macro_import.read(Path(args.file), args.source)
    folder = Path(args.into) if args.into else paths.user_macros(config.path if config else None) / imported.source
    others = (macro for macro in build_macros(config).macros if _is_elsewhere(macro.path, folder))
    taken = {macro.trigger for macro in others if macro.trigger}
    counts: dict[str, int] = {}
    for one in macro_import.write(
        imported, folder, lang=args.lang or "", taken=taken, force=args.force, dry_run=args.dry_run
    ):
        counts[one.state] = counts.get(one.state, 0) + 1
        record = {
            "title": one.title,
            "state": one.state,
            "path": str(one.path),
            "trigger": one.trigger,
            "lost": list(one.lost),
        }
        lines = [f"{fit(one.state, 8)} {one.path.name}  {one.title}", *(f"         {each}" for each in one.lost)]
        output.record(record, "\n".join(lines))
    for each in imported.left_out:
        output.record({"state": "left out", "lost": [each]}, f"left out {each}")
    told = ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "nothing to take over"
    left = f", {len(imported.left_out)} left out" if imported.left_out else ""
    ending = "nothing was written (dry run)" if args.dry_run else f"in {folder}"
    output.say(f"From {imported.source}: {told}{left}; {ending}.")
    if counts.get("kept"):
        output.say("Files that are there were kept; --force writes over them.")
    return 1 if imported.left_out or counts.get("refused") or counts.get("kept") else 0


def _habits(config: Config | None) -> dict[tuple[str, str], Habit]:
    """Return what became of the uses of snippets; nothing where there is no store yet."""
    from datetime import UTC, datetime

    from supportterm.bootstrap import store_path
    from supportterm.store.views import reading

    store = store_path(config)
    if not store.exists():
        return {}
    try:
        with reading(store) as views:
            return views.habits(int((datetime.now(UTC) - _LATELY).timestamp() * 1000))
    except (StoreError, RefusedError):
        return {}


def _config(args: argparse.Namespace) -> Config | None:
    """Read the configuration where there is one: the shipped macros need none."""
    path = Path(args.config) if args.config else paths.config_file()
    return config_of(args) if args.config or path.exists() else None


def _is_elsewhere(path: str, folder: Path) -> bool:
    return Path(path).parent.resolve() != folder.resolve()


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
