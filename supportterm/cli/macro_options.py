"""The steps and options of `macro`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

_SOURCES = ("espanso", "vscode", "zendesk", "zammad", "freescout", "chatwoot")
_WHERE = "supportterm.cli.macro:"

Step = Callable[[Any, str, str, str], argparse.ArgumentParser]
"""Adds a step to a command: its name, what carries it out, what it does in words."""


def add(macro: argparse.ArgumentParser, step: Step) -> None:
    """Describe every step of `macro`."""
    macro.set_defaults(rewritten=False)
    steps = macro.add_subparsers(metavar="STEP")
    listing = step(steps, "list", f"{_WHERE}list_macros", "list snippets and macros")
    listing.add_argument("--rewritten", action="store_true", help="those agents rewrite, most first: improve these")
    check = step(steps, "check", f"{_WHERE}check", "find mistakes in macros")
    check.add_argument("folder", nargs="?", help="check only this folder")
    apply = step(steps, "apply", f"{_WHERE}apply", "carry out a macro's actions on tickets, without a mail")
    apply.add_argument("macro", help="its trigger or id")
    apply.add_argument("ref", nargs="+", help="the tickets")
    editing = step(steps, "edit", "supportterm.cli.macro_writing:edit", "change a macro in your editor")
    editing.add_argument("macro", help="its trigger or id")
    editing.add_argument("--lang", metavar="CODE", help="which language's (else English, or what there is)")
    adding = step(steps, "new", "supportterm.cli.macro_writing:new", "begin a macro of your own in your editor")
    adding.add_argument("title", help="its title; the file is named by it")
    adding.add_argument("--lang", metavar="CODE", help="its language (else en)")
    taking = step(steps, "import", f"{_WHERE}take_over", "take over the snippets of another program")
    taking.add_argument("file", help="its file or export")
    taking.add_argument("--from", dest="source", choices=_SOURCES, help="the program (else guessed where it is clear)")
    taking.add_argument("--into", metavar="FOLDER", help="where to (else a folder among your own macros)")
    taking.add_argument("--lang", metavar="CODE", help="the texts' language, like en (else any)")
    taking.add_argument("--force", action="store_true", help="write over files that are there")
    taking.add_argument("--dry-run", action="store_true", help="only list what would be written")
