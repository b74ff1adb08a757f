"""`macro edit` and `macro new`: a macro in the agent's own editor, checked when it is saved."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from supportterm import paths
from supportterm.cli.context import config_of
from supportterm.cli.output import Output
from supportterm.config import Config
from supportterm.domain.errors import RefusedError


def edit(args: argparse.Namespace, output: Output) -> int:
    """Change a macro, a shipped one as a copy of one's own; status 2 where it is left with a mistake."""
    from supportterm.bootstrap import build_macros
    from supportterm.desk import macro_editing

    config = _config(args)
    own = paths.user_macros(config.path if config else None)
    library = build_macros(config)
    if refused := next((path for path in library.files(args.macro)), None):
        return _edited(refused, config, output)
    macro = library.find(args.macro, args.lang or "en")
    path = macro_editing.file_of(macro, paths.shipped_macros(), own)
    try:
        return _edited(path, config, output)
    finally:
        if macro_editing.drop_unchanged(macro, path):
            output.say("Nothing was changed; the shipped one stays.")


def new(args: argparse.Namespace, output: Output) -> int:
    """Begin a macro of one's own; status 2 where it is left with a mistake."""
    from supportterm.desk import macro_editing

    config = _config(args)
    own = paths.user_macros(config.path if config else None)
    return _edited(macro_editing.begin(args.title, own, args.lang or "en"), config, output)


def _edited(path: Path, config: Config | None, output: Output) -> int:
    from supportterm.desk import macro_editing, macros, own_editor

    words = own_editor.command(os.environ)
    while True:
        try:
            subprocess.run([*words, str(path)], check=False)  # noqa: S603 the agent's own editor
        except OSError as error:
            raise RefusedError(f"{words[0]} cannot be started: {error}. Set $EDITOR anew.") from None
        problems = macro_editing.problems(path, macros.folders(config))
        for problem in problems:
            output.record({"problem": problem}, problem)
        if not problems:
            output.record({"path": str(path)}, f"{path} can be used.")
            return 0
        if not _again():
            return 2


def _again() -> bool:
    """Ask whether to mend it now; where nobody can answer, no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    sys.stderr.write("Edit again? [Y/n] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("", "y", "yes")


def _config(args: argparse.Namespace) -> Config | None:
    path = Path(args.config) if args.config else paths.config_file()
    return config_of(args) if args.config or path.exists() else None
