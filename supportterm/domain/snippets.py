"""Snippets and macros as files: Markdown behind TOML front matter between `+++` lines.

    +++
    title = "Receipt with a time"
    trigger = ";receipt"
    [actions]
    status = "open"
    +++
    Hello {{ticket.requester.first_name | default: "there"}},
    …

A snippet is text; a macro is text with actions. Both are a `Macro` here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeVar

from supportterm.domain.blanks import EMPTY, Blank, Expansion, MacroError, accept, fill, unfilled
from supportterm.domain.query import QueryError, parse
from supportterm.domain.query_fields import Duration, nearest, parse_duration
from supportterm.domain.tabstops import Placeholder, blanks, expand, placeholders
from supportterm.domain.ticket import Status

__all__ = [
    "EMPTY",
    "Actions",
    "Blank",
    "Expansion",
    "Macro",
    "MacroError",
    "Placeholder",
    "accept",
    "blanks",
    "expand",
    "fill",
    "parse_macro",
    "placeholders",
    "unfilled",
]

LONGEST = 64 * 1024
"""The most code points a macro's file may have."""

_FENCE = re.compile(r"\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|$)", re.DOTALL | re.MULTILINE)
_Read = TypeVar("_Read")
_PRIORITIES = ("low", "normal", "high", "urgent")
_ID = re.compile(r"[\w-]{1,64}")
_LANG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_ARTICLE = re.compile(
    r"(?:(?P<title>[^<>\n]{1,200})<(?P<url>https?://[^\s<>]{1,2000})>|(?P<bare>https?://[^\s<>]{1,2000}))"
)
_POLICY = re.compile(r"[^\n]{1,64}")
_TRIGGER = re.compile(r"[^\w\s]\S{1,31}")


@dataclass(frozen=True, slots=True)
class Actions:
    """What a macro does besides its text. `snooze` is in seconds; `note` stays within the team."""

    status: Status | None = None
    tags_add: tuple[str, ...] = ()
    tags_remove: tuple[str, ...] = ()
    assignee: str | None = None
    priority: str | None = None
    snooze: int | None = None
    policy: str = ""
    """The name of an SLA policy the ticket is under from then on."""
    note: str = ""
    attach: tuple[str, ...] = ()
    """Files beside the macro's own that go along, as paths from its folder."""
    article: str = ""
    """The address of a page, or `Title <address>`; it is named under the text unless the text names it."""

    @property
    def article_parts(self) -> tuple[str, str]:
        """The article's title, empty where it has none, and its address."""
        match = _ARTICLE.fullmatch(self.article)
        return ((match["title"] or "").strip(), match["url"] or match["bare"]) if match else ("", "")


@dataclass(frozen=True, slots=True)
class Macro:
    """One macro file. `lang` is empty where the text suits any language; `when` is a query it is offered for."""

    id: str
    title: str
    body: str
    lang: str = ""
    topic: str = ""
    trigger: str = ""
    when: str = ""
    actions: Actions = Actions()
    path: str = ""
    body_line: int = 1
    """The line of the file on which the body begins."""
    root: str = ""
    """The folder of the library it comes from; files that go along lie in it."""

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """The body's blanks."""
        return blanks(self.body)


def parse_macro(text: str, path: PurePath | str) -> Macro:
    """Read a macro's file.

    Left out, `id` is the file's name, `lang` its folder's where that is a
    language code, `topic` the id.

    Raises:
        MacroError: the file cannot be used; the text names file and line.
    """
    place = PurePath(path)
    if len(text) > LONGEST:
        raise MacroError(f"the file is longer than {LONGEST} letters. Shorten it.", str(path))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    fence = _FENCE.match(text)
    if fence is None:
        raise MacroError("the file begins with its settings between two `+++` lines. Add them.", str(path))
    front = _FrontMatter(fence[1], str(path))
    rest = text[fence.end() :]
    body = rest.strip("\n")
    body_line = text.count("\n", 0, fence.end() + len(rest) - len(rest.lstrip("\n"))) + 1
    try:
        blanks(body)
    except MacroError as error:
        raise MacroError(error.problem, str(path), body_line + error.line - 1) from None
    folder = place.parent.name.lower()
    macro_id = front.text("id", place.stem, _ID, "letters, digits and hyphens")
    return Macro(
        id=macro_id,
        title=front.text("title", macro_id),
        body=body.rstrip(),
        lang=front.text("lang", folder if _LANG.fullmatch(folder) else "", _LANG, 'a code like "en"'),
        topic=front.text("topic", macro_id),
        trigger=front.text("trigger", "", _TRIGGER, 'like ";receipt": a sign, then letters, no blanks'),
        when=front.query("when"),
        actions=front.actions(),
        path=str(path),
        body_line=body_line,
    )


class _FrontMatter:
    def __init__(self, source: str, path: str) -> None:
        self._source = source
        self._path = path
        try:
            data = tomllib.loads(source)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            told = re.sub(r"\s*\(at [^)]*\)", "", str(error))
            ends = source.count("\n") + 1
            raise MacroError(f"not valid TOML: {told}.", path, min(int(line[1]) if line else 1, ends) + 1) from None
        self._data: Mapping[str, object] = data
        actions = data.get("actions", {})
        if not isinstance(actions, dict):
            raise self._error("actions", "`actions` is a table: write [actions].")
        self._actions: Mapping[str, object] = actions
        self._refuse_actions(actions)
        self._refuse_unknown(data, ("id", "title", "lang", "topic", "trigger", "when", "actions"))

    def text(self, key: str, default: str, form: re.Pattern[str] | None = None, wanted: str = "") -> str:
        value = self._data.get(key, default)
        if not isinstance(value, str):
            raise self._error(key, f"`{key}` must be text in quotes.")
        if form is not None and value and not form.fullmatch(value):
            raise self._error(key, f"`{key}` must be {wanted}, not {value!r}.")
        return value.strip()

    def query(self, key: str) -> str:
        value = self.text(key, "")
        try:
            parse(value)
        except QueryError as error:
            raise self._error(key, f"`{key}` is no query: {error.message}") from None
        return value

    def actions(self) -> Actions:
        snooze = self._action("snooze", 'a length of time like "3d"', _seconds)
        return Actions(
            status=self._action("status", f"one of {', '.join(Status)}", _status),
            tags_add=self._action("tags_add", 'a list like ["billing"]', _tags) or (),
            tags_remove=self._action("tags_remove", 'a list like ["billing"]', _tags) or (),
            assignee=self._action("assignee", 'an agent\'s id, "me" or "none"', _word),
            priority=self._action("priority", f"one of {', '.join(_PRIORITIES)}", _priority),
            snooze=snooze,
            policy=self._action("policy", "the name of a policy in quotes", _policy) or "",
            note=self._action("note", "text in quotes", _note) or "",
            attach=self._action("attach", 'a list of files beside the macro, like ["prices.pdf"]', _files) or (),
            article=self._action("article", 'an address like "Title <https://…>"', _article) or "",
        )

    def _action(self, key: str, wanted: str, read: Callable[[object], _Read | None]) -> _Read | None:
        if key not in self._actions:
            return None
        value = read(self._actions[key])
        if value is None:
            raise self._error(key, f"`{key}` must be {wanted}, not {self._actions[key]!r}.")
        return value

    def _refuse_actions(self, actions: Mapping[str, object]) -> None:
        for key in actions:
            if key not in Actions.__dataclass_fields__:
                raise self._error(key, f"unknown action `{key}`. {nearest(key, tuple(Actions.__dataclass_fields__))}")

    def _refuse_unknown(self, table: Mapping[str, object], known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                raise self._error(key, f"unknown key `{key}`. {nearest(key, known)}")

    def _error(self, key: str, problem: str) -> MacroError:
        lines = self._source.split("\n")
        found = (at for at, line in enumerate(lines) if re.match(rf"\s*\[?\s*[\"']?{re.escape(key)}\b", line))
        return MacroError(problem, self._path, next(found, 0) + 2)


def _seconds(value: object) -> int | None:
    found = parse_duration(value) if isinstance(value, str) else None
    return found.seconds if isinstance(found, Duration) and found.seconds else None


def _status(value: object) -> Status | None:
    return next((status for status in Status if status == value), None)


def _tags(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not all(isinstance(tag, str) and tag.strip() for tag in value):
        return None
    return tuple(tag.strip().lower() for tag in value)


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(r"\S{1,64}", value) else None


def _priority(value: object) -> str | None:
    return value if isinstance(value, str) and value in _PRIORITIES else None


def _policy(value: object) -> str | None:
    return value.strip() if isinstance(value, str) and _POLICY.fullmatch(value) else None


def _files(value: object) -> tuple[str, ...] | None:
    """Return names of files as they were written; none that leads out of the folder."""
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        return None
    names = tuple(name.strip() for name in value)
    out = any(PurePath(name).is_absolute() or ".." in PurePath(name).parts or "\0" in name for name in names)
    return None if out else names


def _article(value: object) -> str | None:
    return value.strip() if isinstance(value, str) and _ARTICLE.fullmatch(value.strip()) else None


def _note(value: object) -> str | None:
    return value if isinstance(value, str) else None
