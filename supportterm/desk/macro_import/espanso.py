"""espanso's match files: YAML with triggers, variables and forms (espanso.org/docs/matches). Nothing in them is run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from supportterm.desk.macro_import.drafted import Drafted, Imported, Numbers, literal, mapped, plain
from supportterm.domain.errors import RefusedError

LONGEST = 1_000_000
"""Letters of a file; reading YAML takes its time."""

_VARIABLE = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}|\$\|\$|(?P<brace>\\\{\\\{|\\\}\\\})")
_GROUP = re.compile(r"\?P?<(\w+)>")
_DEEPEST = 8
"""Variables that name others, one within the other."""
_FIELD = re.compile(r"\[\[\s*([\w.-]+)\s*\]\]")
_FORM = "form-of-this-match"
"""The variable whose parts the fields of a form are."""
_DATE_ONLY = re.compile(r"(?:%[-_0^#]?[AaBbdDeFmyYgGuUVWjxhCnt]|[^%])*")
_TYPED = "typed"
"""The kind, not one of espanso's, of what its pattern takes from the typed trigger."""
_RUNS = "it runs a program, and no macro does"


def read(text: str) -> Imported:
    """Read a match file.

    Raises:
        RefusedError: it is no such file.
    """
    import yaml

    if len(text) > LONGEST:
        raise RefusedError(f"The file has more than {LONGEST} letters. Split it.")
    try:
        data: Any = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 BaseLoader makes text, lists and mappings only
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise RefusedError(f"The file is not valid YAML{where}. Mend it, or leave that part out.") from None
    matches = data.get("matches") if isinstance(data, Mapping) else None
    if not isinstance(matches, list):
        raise RefusedError("An espanso file has a list `matches`. This one has none.")
    imported = Imported("espanso")
    shared = _variables(data.get("global_vars"))
    if data.get("imports"):
        imported.left_out.append("`imports`: import those files too")
    triggers = {trigger: number for number, one in enumerate(matches, 1) for trigger in _triggers(one)}
    for number, one in enumerate(matches, 1):
        if not isinstance(one, Mapping):
            imported.left_out.append(f"match {number}: it is no match")
            continue
        kept = _match(one, shared, triggers)
        if isinstance(kept, str):
            imported.left_out.append(f"match {number} ({plain(_name(one))}): {kept}")
        else:
            kept.number = number
            imported.snippets.append(kept)
    return imported


def _match(
    one: Mapping[str, Any], shared: Mapping[str, Mapping[str, Any]], triggers: Mapping[str, int]
) -> Drafted | str:
    """Return one match, or why it is none that can be taken over."""
    written = next((key for key in ("replace", "form", "markdown", "html") if isinstance(one.get(key), str)), None)
    if written is None:
        return "it puts in a picture" if "image_path" in one else "it has no text"
    drafted = Drafted(_name(one))
    numbers = Numbers()
    own = _triggers(one)
    drafted.trigger = own[0] if own else ""
    if "regex" in one:
        drafted.lost.append("its trigger is a pattern; a macro's is plain text")
    if len(own) > 1:
        drafted.lost.append(f"{len(own) - 1} more triggers; a macro has one")
    text = one[written]
    if written == "html":
        from supportterm.desk.macro_import.markup import as_text

        text = as_text(text)
    form: list[Mapping[str, Any]] = []
    if written == "form":
        text = _FIELD.sub(rf"{{{{{_FORM}.\1}}}}", text)
        form = [{"name": _FORM, "type": "form", "params": {"fields": one.get("form_fields")}}]
    if str(one.get("propagate_case")).lower() == "true":
        drafted.lost.append("its letters follow the trigger's case; a macro's stay as they are")
    typed = [{"name": name, "type": _TYPED} for name in _GROUP.findall(str(one.get("regex", "")))]
    variables = {**shared, **_variables(typed), **_variables(one.get("vars")), **_variables(form)}
    drafted.body = _filled(text, variables, drafted, numbers, triggers)
    return drafted


def _filled(
    text: str,
    variables: Mapping[str, Mapping[str, Any]],
    drafted: Drafted,
    numbers: Numbers,
    triggers: Mapping[str, int],
    depth: int = 0,
) -> str:
    """Return a text as a macro's, its variables put in, those within the texts of others too."""

    def variable(found: re.Match[str]) -> str:
        if found["brace"]:
            return literal(found["brace"].replace("\\", ""))
        if found[1] is None:
            return "$0" if not depth else ""
        name, _, inner = found[1].partition(".")
        known = variables.get(name)
        if known is not None and known.get("type") == "echo":
            said = str(_mapping(known.get("params")).get("echo", ""))
            if depth < _DEEPEST:
                return _filled(said, variables, drafted, numbers, triggers, depth + 1)
            known = None
        return _variable(name, inner, known, drafted, numbers, triggers)

    return mapped(text, _VARIABLE, variable)


def _variable(
    name: str,
    inner: str,
    variable: Mapping[str, Any] | None,
    drafted: Drafted,
    numbers: Numbers,
    triggers: Mapping[str, int],
) -> str:
    if variable is None:
        drafted.lost.append(f"{{{{{name}}}}}: the file does not say what it is; now a blank")
        return numbers.question(name)
    kind, params = str(variable.get("type", "")), _mapping(variable.get("params"))
    if kind in ("choice", "random"):
        values = _values(params.get("values" if kind == "choice" else "choices"))
        if not any(_VARIABLE.search(value) for value in values):
            return numbers.choice(name, values)
        kind = "choice"
    if kind == "form":
        fields = _mapping(params.get("fields"))
        return _field_named(inner or name, fields, numbers)
    if kind == "date" and not params.get("offset") and _DATE_ONLY.fullmatch(str(params.get("format", ""))):
        return "{{sla.today}}"
    if kind == "match" and str(params.get("trigger", "")) in triggers:
        return f"{{{{> {ID.format(triggers[str(params['trigger'])])}}}}}"
    why = {
        "date": "a date or time in a form of its own",
        "clipboard": "it takes what was copied last",
        "shell": _RUNS,
        "script": _RUNS,
        "match": "the match it names is not in this file",
        "choice": "its choices hold variables, and those of a macro are plain text",
        _TYPED: "it is taken from what was typed",
    }.get(kind, f"of the kind `{plain(kind)}`")
    drafted.lost.append(f"{{{{{name}}}}}: {why}; now a blank")
    return numbers.question(name)


ID = "\0{}\0"
"""Stands for the id of the match with that number until all have theirs."""


def _field_named(name: str, fields: Mapping[str, Any], numbers: Numbers) -> str:
    settings = _mapping(fields.get(name))
    if settings.get("type") in ("choice", "list"):
        values = _values(settings.get("values"))
        default = str(settings.get("default", ""))
        return numbers.choice(name, sorted(values, key=lambda value: value != default))
    return numbers.text(name, str(settings.get("default", "")))


def _values(values: object) -> list[str]:
    """Return choices: a list, one a line, or labels."""
    if isinstance(values, str):
        return values.splitlines()
    listed = values if isinstance(values, list) else []
    return [str(each.get("id") or each.get("label", "")) if isinstance(each, Mapping) else str(each) for each in listed]


def _triggers(one: object) -> list[str]:
    if not isinstance(one, Mapping):
        return []
    several = one.get("triggers")
    given = [one.get("trigger"), *(several if isinstance(several, list) else [])]
    return [trigger.strip() for trigger in given if isinstance(trigger, str) and trigger.strip()]


def _name(one: Mapping[str, Any]) -> str:
    label = one.get("label")
    said = " ".join(str(one.get("replace", "")).split()[:4])
    return label if isinstance(label, str) and label else next(iter(_triggers(one)), plain(said) if said else "snippet")


def _variables(listed: object) -> dict[str, Mapping[str, Any]]:
    found = listed if isinstance(listed, list) else []
    return {str(one["name"]): one for one in found if isinstance(one, Mapping) and "name" in one}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
