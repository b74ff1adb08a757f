"""The manual page, written from the command tree: `python -m supportterm.cli.manual > docs/supportterm.1`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from supportterm import __version__
from supportterm.cli.command_parser import EXITS
from supportterm.cli.parser import build

_FILES = {
    "~/.config/supportterm/config.toml": "the configuration (macOS: ~/Library/Application Support/supportterm)",
    "~/.config/supportterm/macros/": "your own snippets and macros",
    "~/.local/share/supportterm/store.sqlite3": "the store: tickets, mail with its sources, outbox, journal",
    "~/.local/share/supportterm/backups/": "copies made by `supportterm backup`",
}
_ENVIRONMENT = {"SUPPORTTERM_CONFIG": "the configuration's path, where --config does not name it"}
_EVERYWHERE = ("-h", "--json")


def page(parser: argparse.ArgumentParser) -> str:
    """Return the whole page as roff (man(7)); it differs only where the command tree does."""
    lines = [
        f'.TH SUPPORTTERM 1 "" "supportterm {__version__}" "User Commands"',
        ".SH NAME",
        rf"supportterm \- {_roff((parser.description or '').rstrip('.').removeprefix('A '))}",
        ".SH SYNOPSIS",
        *_synopsis(parser),
        ".SH OPTIONS",
        *_terms(_entry(action) for action in parser._actions if action.option_strings),
        *_terms([(r"\fB\-\-json\fR", "every command: print JSON, one object a line")]),
        ".SH COMMANDS",
    ]
    for command in commands(parser):
        lines += [f'.SS "{_roff(command.prog)}"', *_synopsis(command), ".PP", _roff(command.description or "")]
        lines += _terms(_entry(action) for action in _arguments(command) if action.help)
    lines += [".SH EXIT STATUS", *_terms((str(code), words) for code, words in EXITS.items())]
    lines += [".SH FILES", *_terms((rf"\fI{_roff(name)}\fR", words) for name, words in _FILES.items())]
    lines += [".SH ENVIRONMENT", *_terms((rf"\fB{name}\fR", words) for name, words in _ENVIRONMENT.items())]
    return "\n".join(lines) + "\n"


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield every command of the tree, each before the steps below it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield command
                yield from commands(command)


def _arguments(command: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return a command's own words and options: words first, the step below it last."""
    own = [action for action in command._actions if not set(action.option_strings) & set(_EVERYWHERE)]
    return sorted(own, key=lambda action: (isinstance(action, argparse._SubParsersAction), bool(action.option_strings)))


def _synopsis(command: argparse.ArgumentParser) -> list[str]:
    parts = []
    for action in _arguments(command):
        shown = _shown(action)
        step = isinstance(action, argparse._SubParsersAction) and command.prog.count(" ") > 0
        optional = not action.required if action.option_strings or step else action.nargs in ("?", "*")
        more = " ..." if action.nargs in ("*", "+") or isinstance(action, argparse._AppendAction) else ""
        parts.append(f"[{shown}]{more}" if optional else f"{shown}{more}")
    return [rf"\fB{_roff(command.prog)}\fR {' '.join(parts)}".rstrip()]


def _entry(action: argparse.Action) -> tuple[str, str]:
    choices = f" ({', '.join(map(str, action.choices))})" if action.choices and action.option_strings else ""
    return _shown(action), f"{action.help or ''}{choices}"


def _shown(action: argparse.Action) -> str:
    names = ", ".join(rf"\fB{_roff(name)}\fR" for name in action.option_strings)
    if action.nargs == 0:
        return names
    value = rf"\fI{_roff(str(action.metavar or action.dest).upper())}\fR"
    return f"{names} {value}" if names else value


def _terms(entries: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> list[str]:
    return [line for term, words in entries for line in (".TP", term, _roff(words))]


def _roff(text: str) -> str:
    """Escape what roff would read as its own: backslashes, hyphens, and a sign at a line's beginning."""
    plain = text.replace("\\", r"\e").replace("-", r"\-").replace("…", "...").replace('"', r"\(dq")
    return rf"\&{plain}" if plain.startswith((".", "'")) else plain


if __name__ == "__main__":
    sys.stdout.write(page(build()))
