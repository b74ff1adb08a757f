"""Exports of Zendesk, Zammad, FreeScout and Chatwoot: JSON as their interfaces give it, CSV, or one text."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from supportterm.desk.macro_import import placeholders
from supportterm.desk.macro_import.drafted import Drafted, Imported, plain
from supportterm.desk.macro_import.markup import as_text
from supportterm.desk.macro_import.placeholders import Style
from supportterm.domain.errors import RefusedError
from supportterm.domain.snippets import Actions
from supportterm.domain.ticket import Status

STYLES: Mapping[str, Style] = {
    "zendesk": placeholders.ZENDESK,
    "zammad": placeholders.ZAMMAD,
    "freescout": placeholders.FREESCOUT,
    "chatwoot": placeholders.CHATWOOT,
}
_LISTS = ("macros", "text_modules", "saved_replies", "canned_responses", "payload", "data", "_embedded", "assets")
_TITLES = ("title", "name", "short_code", "subject")
_TEXTS = ("content", "text", "body", "value", "reply")
_OFF = (False, "false", "0", 0)
_STATUS = {
    "new": Status.NEW,
    "open": Status.OPEN,
    "pending": Status.PENDING,
    "pending reminder": Status.PENDING,
    "hold": Status.ON_HOLD,
    "solved": Status.SOLVED,
    "closed": Status.SOLVED,
    "resolved": Status.SOLVED,
}
_ZAMMAD_STATES = {"1": "new", "2": "open", "3": "pending reminder", "4": "closed"}
_ZAMMAD_PRIORITIES = {"1": "low", "2": "normal", "3": "high"}
_PRIORITIES = {"low": "low", "normal": "normal", "medium": "normal", "high": "high", "urgent": "urgent"}


def read(text: str, source: str, name: str, kind: str) -> Imported:
    """Read an export; `kind` is the file's ending, `name` its name without it.

    Raises:
        RefusedError: it cannot be read.
    """
    imported, style = Imported(source), STYLES[source]
    if kind == "json":
        try:
            records = _records(json.loads(text.removeprefix("\ufeff")))
        except (ValueError, RecursionError) as error:
            where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
            raise RefusedError(f"The file is not valid JSON{where}. Export it again.") from None
        if not records:
            raise RefusedError("No macro and no text is in this file. Export macros, text modules or saved replies.")
    elif kind == "csv":
        try:
            records = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        except csv.Error as error:
            raise RefusedError(f"The file is not valid CSV ({error}). Export it again.") from None
    else:
        records = [{"name": name, "content": text}]
    for number, record in enumerate(records, 1):
        title = plain(_text(record, _TITLES) or f"number {number}")
        if record.get("active") in _OFF:
            imported.left_out.append(f"{title}: it is switched off there")
            continue
        drafted = Drafted(title)
        said = _READ[source](record, drafted)
        drafted.body = placeholders.converted(as_text(said), style, drafted).strip()
        if drafted.actions.note:
            note = placeholders.converted(as_text(drafted.actions.note), style, drafted)
            drafted.actions = dataclasses.replace(drafted.actions, note=note)
        if not drafted.body and drafted.actions == Actions():
            imported.left_out.append(f"{title}: {'; '.join(drafted.lost) or 'it has no text and does nothing'}")
            continue
        imported.snippets.append(drafted)
    return imported


def _zendesk(record: Mapping[str, Any], drafted: Drafted) -> str:
    actions = record.get("actions")
    if not isinstance(actions, list):
        return _text(record, _TEXTS)
    drafted.topic = plain(drafted.title.partition("::")[0]) if "::" in drafted.title else ""
    said, inside, does = "", False, drafted.actions
    for action in actions:
        if not isinstance(action, Mapping):
            continue
        name, value = str(action.get("field", "")), action.get("value")
        word = value[-1] if isinstance(value, list) and value else value
        text = "" if word is None else str(word)
        if name in ("comment_value", "comment_value_html"):
            said = said or text
        elif name == "comment_mode_is_public":
            inside = text.lower() == "false"
        elif name == "status" and text in _STATUS:
            does = dataclasses.replace(does, status=_STATUS[text])
        elif name in ("current_tags", "set_tags"):
            does = dataclasses.replace(does, tags_add=_tags(text.split(), drafted))
            if name == "set_tags":
                drafted.lost.append("set_tags: tags are added, those already there stay")
        elif name == "remove_tags":
            does = dataclasses.replace(does, tags_remove=_tags(text.split(), drafted))
        elif name == "priority" and text in _PRIORITIES:
            does = dataclasses.replace(does, priority=_PRIORITIES[text])
        elif name == "assignee_id" and text in ("current_user", ""):
            does = dataclasses.replace(does, assignee="me" if text else "none")
        else:
            drafted.lost.append(f"{plain(name)} {plain(text)}: no macro does that here")
    if inside:
        does, said = dataclasses.replace(does, note=said), ""
    drafted.actions = does
    return said


def _zammad(record: Mapping[str, Any], drafted: Drafted) -> str:
    performs = record.get("perform")
    words = [word.strip() for word in _text(record, ("keywords",)).split(",") if word.strip()]
    drafted.trigger = words[0] if words else ""
    if len(words) > 1:
        drafted.lost.append(f"{len(words) - 1} more keywords; a macro has one")
    if not isinstance(performs, Mapping):
        return _text(record, _TEXTS)
    said, does = "", drafted.actions
    for name, action in performs.items():
        settings = action if isinstance(action, Mapping) else {}
        value = str(settings.get("value", ""))
        state = _ZAMMAD_STATES.get(value, value)
        if name == "ticket.state_id" and state in _STATUS:
            does = dataclasses.replace(does, status=_STATUS[state])
        elif name == "ticket.priority_id" and value in _ZAMMAD_PRIORITIES:
            does = dataclasses.replace(does, priority=_ZAMMAD_PRIORITIES[value])
        elif name == "ticket.tags" and settings.get("operator", "add") in ("add", "remove"):
            tags = _tags(value.split(","), drafted)
            key = "tags_add" if settings.get("operator", "add") == "add" else "tags_remove"
            does = dataclasses.replace(does, **{key: tags})  # type: ignore[arg-type] # one of two fields of one type
        elif name == "ticket.owner_id" and settings.get("pre_condition") == "current_user.id":
            does = dataclasses.replace(does, assignee="me")
        elif name == "article.note":
            if str(settings.get("internal", "true")).lower() == "true":
                does = dataclasses.replace(does, note=str(settings.get("body", "")))
            else:
                said = str(settings.get("body", ""))
        else:
            drafted.lost.append(f"{plain(name)} {plain(value)}: no macro does that here")
    drafted.actions = does
    return said


def _freescout(record: Mapping[str, Any], drafted: Drafted) -> str:
    return _text(record, _TEXTS)


def _chatwoot(record: Mapping[str, Any], drafted: Drafted) -> str:
    drafted.trigger = _text(record, ("short_code",))
    actions = record.get("actions")
    if not isinstance(actions, list):
        return _text(record, _TEXTS)
    said, does = "", drafted.actions
    for action in actions:
        settings = action if isinstance(action, Mapping) else {}
        name, params = str(settings.get("action_name", "")), settings.get("action_params")
        values = [str(each) for each in params] if isinstance(params, list) else []
        first = values[0] if values else ""
        if name == "send_message":
            said = first
        elif name == "add_private_note":
            does = dataclasses.replace(does, note=first)
        elif name in ("add_label", "remove_label"):
            key = "tags_add" if name == "add_label" else "tags_remove"
            does = dataclasses.replace(does, **{key: _tags(values, drafted)})  # type: ignore[arg-type] # one of two fields of one type
        elif name == "resolve_conversation":
            does = dataclasses.replace(does, status=Status.SOLVED)
        elif name == "change_priority" and first in _PRIORITIES:
            does = dataclasses.replace(does, priority=_PRIORITIES[first])
        elif name == "assign_agent" and first == "self":
            does = dataclasses.replace(does, assignee="me")
        elif name == "remove_assigned_agent":
            does = dataclasses.replace(does, assignee="none")
        else:
            drafted.lost.append(f"{plain(name)} {plain(' '.join(values))}: no macro does that here")
    drafted.actions = does
    return said


_READ: Mapping[str, Callable[[Mapping[str, Any], Drafted], str]] = {
    "zendesk": _zendesk,
    "zammad": _zammad,
    "freescout": _freescout,
    "chatwoot": _chatwoot,
}


def _records(data: Any, depth: int = 0) -> list[Mapping[str, Any]]:
    """Find the list of records in an answer of an interface, whatever it is wrapped in."""
    if isinstance(data, list):
        return [one for one in data if isinstance(one, Mapping)]
    if not isinstance(data, Mapping) or depth > 4:
        return []
    for name in _LISTS:
        if name in data and (found := _records(data[name], depth + 1)):
            return found
    if any(name in data for name in (*_TEXTS, "actions", "perform")):
        return [data]
    inner = [one for one in data.values() if isinstance(one, Mapping)]
    return inner if len(inner) == len(data) else []


def _text(record: Mapping[str, Any], names: Sequence[str]) -> str:
    found = (record[name] for name in names if isinstance(record.get(name), str))
    return next((text for text in found if text.strip()), "")


def _tags(words: Sequence[str], drafted: Drafted) -> tuple[str, ...]:
    from supportterm.domain import wanted
    from supportterm.domain.errors import NotFoundError

    kept = []
    for word in (word.strip().lower() for word in words):
        if not word:
            continue
        try:
            wanted.tags([f"+{word}"])
        except NotFoundError:
            drafted.lost.append(f"the tag {plain(word)}: letters, digits, and . : - _ only")
            continue
        kept.append(word)
    return tuple(dict.fromkeys(kept))
