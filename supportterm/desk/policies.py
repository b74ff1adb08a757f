"""The policies in force, and those that were: a clock that ran under earlier ones is derived again by them."""

from __future__ import annotations

import dataclasses
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportterm.config import Config, Mailbox, Policy, PolicyRule, Server, load
from supportterm.domain.errors import ConfigError

if TYPE_CHECKING:
    from supportterm.domain.policies import PolicyBook

_NOWHERE = Server("", 0)
_REMEMBERED = 64


class Policies:
    """What the configuration says now, and the way back from what it said."""

    def __init__(self, config: Config) -> None:
        """Take the policies of a configuration; its calendars are built when first asked for."""
        self._config = config
        self.content = _written(config)
        """The policies as text, for keeping."""
        self.time_zone = config.policy.time_zone
        self.book = lru_cache(_REMEMBERED)(self._book)

    @classmethod
    def of(cls, policy: Policy) -> Policies:
        """Return the policies of a configuration that has only this one."""
        return cls(Config(Mailbox("", _NOWHERE, _NOWHERE), policy=policy))

    def stand(self) -> bool:
        """Tell whether the configuration's file still says these; one that cannot be used says nothing."""
        if self._config.path is None:
            return True
        try:
            return _written(load(self._config.path)) == self.content
        except ConfigError:
            return False

    def _book(self, content: str) -> PolicyBook:
        """Return the policies that a text says; where they cannot be read any more, today's.

        Raises:
            ConfigError: today's cannot be used either.
        """
        from supportterm.desk import policybook

        if content == self.content:
            return policybook.build(self._config)
        try:
            return policybook.build(_read(self._config, content))
        except (ConfigError, ValueError):
            return policybook.build(self._config)


def _written(config: Config) -> str:
    tables = {
        "policy": dataclasses.asdict(config.policy),
        "policies": [dataclasses.asdict(rule) for rule in config.policies],
    }
    return json.dumps(_plain(tables), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, Path) else value


def _read(config: Config, content: str) -> Config:
    from supportterm.config.toml import Source, build

    tables = json.loads(content)
    source = Source(Path("the store"), "")
    rules = tuple(build(PolicyRule, rule, source, f"policies.{n}") for n, rule in enumerate(tables["policies"]))
    return dataclasses.replace(config, policy=build(Policy, tables["policy"], source, "policy"), policies=rules)
