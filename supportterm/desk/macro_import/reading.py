"""Reading a file of another program, whose it is guessed where that is clear."""

from __future__ import annotations

import json
import re
from pathlib import Path

from supportterm.desk.macro_import import espanso, helpdesks, vscode
from supportterm.desk.macro_import.drafted import Imported
from supportterm.domain.errors import RefusedError
from supportterm.domain.text import clean_body

SOURCES = ("espanso", "vscode", *helpdesks.STYLES)
LONGEST = 5_000_000
"""Bytes of a file."""
MOST = 5_000
"""Snippets of a file."""

_YAML = (".yml", ".yaml")
_MARKS = (
    ("zammad", re.compile(r"#\{\w+(?:\.\w+)+\}")),
    ("freescout", re.compile(r"\{%\s*(?:customer|user|mailbox|conversation)\.\w+")),
    ("chatwoot", re.compile(r"\{\{\s*(?:contact|conversation|inbox)\.")),
    ("zendesk", re.compile(r"\{\{\s*(?:ticket|current_user|dc|agent)\.")),
)


def read(path: Path, source: str | None = None) -> Imported:
    """Read a file; without a `source` it is guessed from its ending and what it holds.

    Raises:
        RefusedError: it cannot be read, or it is not clear whose it is.
    """
    text = _text(path)
    kind = path.suffix.lower()
    source = source or _guess(text, kind)
    if source is None:
        raise RefusedError(f"It is not clear which program {path.name} is from. Say so: --from {'|'.join(SOURCES)}.")
    if source == "espanso":
        imported = espanso.read(text)
    elif source == "vscode":
        imported = vscode.read(text)
    else:
        imported = helpdesks.read(text, source, path.stem, kind.removeprefix("."))
    if len(imported.snippets) > MOST:
        raise RefusedError(f"The file has more than {MOST} snippets. Split it.")
    return imported


def _guess(text: str, kind: str) -> str | None:
    if kind in _YAML:
        return "espanso"
    if kind == ".code-snippets":
        return "vscode"
    if kind == ".json":
        try:
            data = json.loads(vscode.without_comments(text))
        except (ValueError, RecursionError):
            return None
        ones = list(data.values()) if isinstance(data, dict) else []
        named = [one for one in ones if isinstance(one, dict) and not one.keys().isdisjoint({"body", "prefix"})]
        if named and len(named) == len(ones):
            return "vscode"
        for source, mark in (("chatwoot", '"short_code"'), ("chatwoot", '"action_name"'), ("zammad", '"perform"'),
                             ("zendesk", '"comment_value'), ("zammad", '"keywords"')):  # fmt: skip
            if mark in text:
                return source
    found = [source for source, mark in _MARKS if mark.search(text)]
    return found[0] if len(found) == 1 else None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
    except OSError as error:
        raise RefusedError(f"{path} cannot be read ({error.strerror}). Check its name and its permissions.") from None
    if len(content) > LONGEST:
        raise RefusedError(f"{path.name} has more than {LONGEST // 1_000_000} MB. Split it.")
    try:
        return clean_body(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise RefusedError(f"{path.name} is not UTF-8 text. Save it as UTF-8 first.") from None
