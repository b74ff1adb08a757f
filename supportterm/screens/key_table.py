"""The page of keys and the README's table, made from the registry.

`python -m supportterm.screens.key_table > docs/keys.md`; with `readme`, the README's table.
"""

from __future__ import annotations

import sys

from supportterm.screens.commands import COMMANDS, Command, Scope
from supportterm.screens.key_names import shown
from supportterm.screens.keys import PRESETS, keys_of

_HEAD = """# Keys

Every command of the console has a name, and most have a key; `?` shows those of the screen you are on, `Ctrl+P` finds
any of them by its name, and `:` takes the name and what it needs: `:status pending`, `:tag billing -urgent`,
`:assign ada`, `:snooze 2h`, `:view mine`, `:search refund`, `:ST-7KQ2F`. `^K` means Ctrl and K. Everything can also be
clicked.

`keys` in the configuration's `[console]` table chooses a preset: `support`, `mutt` or `gmail`. Single keys are changed
in `keys.toml` beside the configuration, by the command's name:

```
[keys]
ticket.claim = "C"
ticket.snooze = ["b", "ctrl+k"]
queue.mark-all = []

[macros]
";upset" = "alt+1"
```

Keys are written as they are shown here (`?`, `^K`, `F5`, `PgDn`) or by name (`ctrl+k`, `comma`). A list gives several,
an empty one takes the keys away; the palette still has the command. A key that two commands of one screen would share
stops the start with a sentence that names both and the line.

In the tables an empty place under `mutt` or `gmail` means the same keys. This page is made from the program's own list
of commands.
"""


def page() -> str:
    """Return the whole page as Markdown."""
    parts = [_HEAD]
    for scope in Scope:
        commands = [command for command in COMMANDS if command.scope is scope]
        if commands:
            parts.append(f"## {scope.value}\n\n{table(commands)}")
    return "\n".join(parts)


def summary() -> str:
    """Return the commands that the feet of the screens name, as the README's table: one line a screen."""
    rows = ["| where | keys |", "|---|---|"]
    for scope in Scope:
        named = sorted((c for c in COMMANDS if c.scope is scope and c.footer and c.keys), key=lambda c: c.footer)
        words = [
            f"`{_plain(shown(command.keys))}` {_plain(command.title[:1].lower() + command.title[1:])}"
            for command in named
        ]
        if words:
            rows.append(f"| {scope.value} | {', '.join(words)} |")
    return "\n".join(rows) + "\n"


def table(commands: list[Command]) -> str:
    """Return commands as a table: name, what it does, its keys in each preset, the command line's form."""
    rows = ["| command | does | keys | mutt | gmail | command line |", "|---|---|---|---|---|---|"]
    for command in commands:
        own = _keys(command, "support")
        others = [found if (found := _keys(command, preset)) != own else "" for preset in ("mutt", "gmail")]
        name = f"`{command.id}`" + (f" {command.argument}" if command.argument else "")
        cli = f"`{_plain(command.cli)}`" if command.cli else ""
        rows.append("| " + " | ".join([name, _plain(command.help), own, *others, cli]) + " |")
    return "\n".join(row.replace("|  |", "| |").replace("|  |", "| |") for row in rows) + "\n"


def _keys(command: Command, preset: str) -> str:
    return " ".join(f"`{_plain(shown([key]))}`" for key in keys_of(command.id, PRESETS[preset]))


def _plain(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(summary() if sys.argv[1:] == ["readme"] else page())
