"""VS Code's snippet files: JSON with comments (code.visualstudio.com/docs/editing/userdefinedsnippets)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from supportterm.desk.macro_import.drafted import Drafted, Imported, plain
from supportterm.domain.errors import RefusedError

_STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_STRING_OR_COMMA = re.compile(r'"(?:\\.|[^"\\\n])*"|,(?=\s*[\]}])')
_TRANSFORM = r"/(?:\\.|[^/\\])*/(?:\\.|\$\{[^}]*\}|[^/\\$]|\$(?!\{))*/[a-z]*\}"
_SIGNS = re.compile(
    r"(?P<escaped>\\[$}\\])"
    rf"|\$\{{(?P<changed>\d+){_TRANSFORM}"
    r"|\$(?P<bare>\d+)|\$\{(?P<opened>\d+)(?=[:|}])"
    r"|\$(?P<name>[A-Za-z_]\w*)"
    rf"|\$\{{(?P<variable>[A-Za-z_]\w*)(?::?\}}|{_TRANSFORM})"
    r"|\$\{(?P<defaulted>[A-Za-z_]\w*)(?=:)"
    r"|(?P<brace>\{(?=[{%]))"
)


def read(text: str) -> Imported:
    """Read a snippet file.

    Raises:
        RefusedError: it is no such file.
    """
    try:
        data: Any = json.loads(without_comments(text))
    except (ValueError, RecursionError) as error:
        where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise RefusedError(f"The file is not valid JSON{where}. Mend it, or leave that part out.") from None
    if not isinstance(data, Mapping):
        raise RefusedError("A snippet file of VS Code is one JSON object: a name, then a snippet. This one is not.")
    imported = Imported("vscode")
    for name, one in data.items():
        body = one.get("body") if isinstance(one, Mapping) else None
        lines = [body] if isinstance(body, str) else body
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            imported.left_out.append(f"{plain(name)}: it has no `body`")
            continue
        imported.snippets.append(_snippet(name, one, "\n".join(lines)))
    return imported


def without_comments(text: str) -> str:
    """Return JSON with its comments and its trailing commas taken out; line numbers stay."""

    def bare(found: re.Match[str]) -> str:
        return found[0] if found[0].startswith('"') else "\n" * found[0].count("\n")

    clean = _STRING_OR_COMMENT.sub(bare, text.removeprefix("\ufeff"))
    return _STRING_OR_COMMA.sub(lambda found: found[0] if found[0] != "," else "", clean)


def _snippet(name: str, one: Mapping[str, Any], body: str) -> Drafted:
    prefixes = one.get("prefix")
    triggers = [prefixes] if isinstance(prefixes, str) else prefixes if isinstance(prefixes, list) else []
    triggers = [trigger for trigger in triggers if isinstance(trigger, str) and trigger.strip()]
    description = one.get("description")
    drafted = Drafted(name, trigger=triggers[0] if triggers else "")
    if isinstance(description, str) and description.strip():
        drafted.title = description.strip()
    drafted.id = name
    if len(triggers) > 1:
        drafted.lost.append(f"{len(triggers) - 1} more prefixes; a macro has one")
    used = {int(n) for f in _SIGNS.finditer(body) for n in (f["bare"], f["opened"], f["changed"]) if n and int(n)}
    numbers = {0: 0} | {old: new for new, old in enumerate(sorted(used), 1)}
    asked: dict[str, int] = {}

    def number(named: str) -> tuple[int, bool]:
        is_new = named not in asked
        if is_new:
            asked[named] = len(numbers) + len(asked)
            drafted.lost.append(f"${named}: the editor's own variable; now a blank")
        return asked[named], is_new

    def variable(named: str) -> str:
        place, is_new = number(named)
        return f"${{{place}:[{plain(named)}]}}" if is_new else f"${{{place}}}"

    def convert(found: re.Match[str]) -> str:
        if found["brace"]:
            return "\\{"
        if found["changed"]:
            drafted.lost.append("a blank that changes what is typed; now it repeats it")
            return f"${{{numbers[int(found['changed'])]}}}"
        if found["bare"]:
            return f"${{{numbers[int(found['bare'])]}}}"
        if found["opened"]:
            return f"${{{numbers[int(found['opened'])]}"
        if found["defaulted"]:
            return f"${{{number(found['defaulted'])[0]}"
        if found["name"] or found["variable"]:
            return variable(found["name"] or found["variable"])
        return found[0]

    drafted.body = _SIGNS.sub(convert, body)
    return drafted
