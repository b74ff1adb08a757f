"""The configuration: TOML to a frozen `Config`, every mistake named with its line."""

from __future__ import annotations

import dataclasses
import re
import tomllib
import types
import typing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from supportterm.domain.errors import ConfigError

Security = Literal["tls", "starttls", "plaintext-on-loopback"]


@dataclass(frozen=True, slots=True)
class Agent:
    """Who works here: `assignee:me`, signatures and the journal use it."""

    id: str = "me"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """One mail server. The password comes from `password_command`, else the keyring, else it is asked for."""

    host: str
    port: int
    security: Security = "tls"
    user: str = ""
    password_command: tuple[str, ...] = ()
    ca_file: Path | None = None
    timeout_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The shared mailbox; `aliases` are our addresses too, `team` lists colleagues' addresses or domains."""

    address: str
    imap: Server
    smtp: Server
    name: str = ""
    aliases: tuple[str, ...] = ()
    team: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sync:
    """How mail is fetched; times in the unit the name says."""

    history_days: int = 14
    poll_seconds: float = 60.0
    inbox: str = "INBOX"
    sent_folder: str = ""
    file_sent: Literal["auto", "always", "never"] = "auto"
    max_message_mb: int = 50


@dataclass(frozen=True, slots=True)
class Sending:
    """How replies leave."""

    undo_seconds: int = 10


@dataclass(frozen=True, slots=True)
class Policy:
    """The default SLA policy: the first reply within so many clock hours."""

    first_reply_hours: float = 24.0
    time_zone: str = "UTC"
    holidays: tuple[str, ...] = ()
    """Days that do not count, as ISO dates."""


@dataclass(frozen=True, slots=True)
class Triage:
    """What this house adds to triage; whole packs lie in `packs/triage` beside the configuration."""

    products: tuple[str, ...] = ()
    """Names that mean nothing but themselves, whatever words they are made of: `Outage Planner`."""
    vip: tuple[str, ...] = ()
    """Addresses or domains of customers that count as important."""
    critical_systems: tuple[str, ...] = ()
    """What must not stand still: down it is an outage, even where nobody says that it is so for everyone."""


@dataclass(frozen=True, slots=True)
class Console:
    """How the console looks and which keys it takes; a `keys.toml` beside the configuration changes single keys."""

    theme: Literal["dark", "light", "terminal", "terminal-light"] = "dark"
    glyphs: Literal["unicode", "ascii"] = "unicode"
    keys: Literal["support", "mutt", "gmail"] = "support"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be configured."""

    mailbox: Mailbox
    agent: Agent = field(default_factory=Agent)
    sync: Sync = field(default_factory=Sync)
    sending: Sending = field(default_factory=Sending)
    policy: Policy = field(default_factory=Policy)
    console: Console = field(default_factory=Console)
    triage: Triage = field(default_factory=Triage)
    store: Path | None = None
    macros: tuple[Path, ...] = ()
    path: Path | None = None
    """Where it was read from; not a key."""


def load(path: Path) -> Config:
    """Read a configuration file.

    Raises:
        ConfigError: the file is missing, not TOML, or holds a mistake; the
            text names the file, the line and the nearest known name.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(
            f"No configuration at {path}. Write one (docs/configuration.md shows ten lines), or try `supportterm demo`."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}. Check that it is UTF-8 text you may read.") from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}. Mend that line.") from None
    config: Config = _build(Config, data, _Source(path, text), "")
    config = dataclasses.replace(config, path=path)
    _check(config, _Source(path, text))
    return config


@dataclass(frozen=True, slots=True)
class _Source:
    path: Path
    text: str

    def error(self, where: str, problem: str) -> ConfigError:
        line = self._line(where)
        return ConfigError(f"{self.path}{f', line {line}' if line else ''}: {problem}")

    def _line(self, where: str) -> int | None:
        table, _, key = where.rpartition(".")
        current = ""
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := re.match(r"\s*\[\s*([\w.\-\s\"']+?)\s*\]", line):
                current = re.sub(r"[\s\"']", "", header[1])
                if current == where:
                    return number
            elif (name := re.match(r"\s*[\"']?([\w\-]+)[\"']?\s*[.=]", line)) and (current, name[1]) == (table, key):
                return number
        return None


def _build(kind: Any, data: dict[str, Any], source: _Source, where: str) -> Any:
    hints = typing.get_type_hints(kind)
    known = {f.name: f for f in dataclasses.fields(kind) if f.name != "path"}
    values: dict[str, Any] = {}
    for key, value in data.items():
        here = f"{where}.{key}" if where else key
        if key in ("password", "pass", "secret"):
            raise source.error(here, "passwords do not belong in this file. Use password_command or the keyring.")
        if key not in known:
            import difflib

            near = difflib.get_close_matches(key, known, 1, 0.5)
            meant = f" Did you mean `{near[0]}`?" if near else f" Known here: {', '.join(known)}."
            raise source.error(here, f"unknown key `{key}`.{meant}")
        values[key] = _value(hints[key], value, source, here)
    for name, spec in known.items():
        needed = spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING
        if needed and name not in values:
            raise source.error(where, f"`{name}` is missing{f' in [{where}]' if where else ''}. Add it.")
    return kind(**values)


def _value(hint: Any, value: Any, source: _Source, where: str) -> Any:
    name = where.rpartition(".")[2]
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        hint = next(a for a in typing.get_args(hint) if a is not type(None))
        origin = typing.get_origin(hint)
    if dataclasses.is_dataclass(hint):
        if not isinstance(value, dict):
            raise source.error(where, f"`{name}` is a table: write [{where}].")
        return _build(hint, value, source, where)
    if origin is Literal:
        allowed = typing.get_args(hint)
        if value not in allowed:
            raise source.error(where, f"`{name}` must be one of {', '.join(allowed)}, not {value!r}.")
        return value
    if origin is tuple:
        if not isinstance(value, list):
            raise source.error(where, f'`{name}` must be a list, like ["…"].')
        return tuple(_value(typing.get_args(hint)[0], item, source, where) for item in value)
    if hint is Path:
        if not isinstance(value, str):
            raise source.error(where, f"`{name}` must be a path in quotes.")
        return Path(value).expanduser()
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        words = {str: "text in quotes", int: "a whole number", float: "a number", bool: "true or false"}
        raise source.error(where, f"`{name}` must be {words[hint]}, not {value!r}.")
    return value


def _check(config: Config, source: _Source) -> None:
    for which in ("imap", "smtp"):
        server: Server = getattr(config.mailbox, which)
        where = f"mailbox.{which}"
        if not server.host or re.search(r"[\s\x00-\x1f]", server.host):
            raise source.error(f"{where}.host", '`host` must be a server\'s name, like "imap.example.com".')
        if not 0 < server.port < 65536:
            raise source.error(f"{where}.port", "`port` must be between 1 and 65535.")
        if server.security == "plaintext-on-loopback" and not is_loopback(server.host):
            raise source.error(
                f"{where}.security",
                f'`plaintext-on-loopback` is for this machine only, and {server.host} is not. Use "tls".',
            )
    if not re.fullmatch(r"[^@\s\x00-\x1f<>]+@[^@\s\x00-\x1f<>]+", config.mailbox.address):
        raise source.error("mailbox.address", '`address` must be a mail address, like "support@example.com".')
    try:
        ZoneInfo(config.policy.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise source.error(
            "policy.time_zone", f'unknown time zone {config.policy.time_zone!r}. Use a name like "Europe/Helsinki".'
        ) from None
    for day in config.policy.holidays:
        try:
            date.fromisoformat(day)
        except ValueError:
            raise source.error("policy.holidays", f'{day!r} is no date. Write it like "2026-12-25".') from None
    for name in ("products", "vip", "critical_systems"):
        for entry in getattr(config.triage, name):
            if not entry.strip():
                raise source.error(f"triage.{name}", f"an entry of `{name}` is empty. Take it out.")
            if name == "vip" and not re.fullmatch(r"(?:[^@\s<>]+@)?[^@\s<>.]+(?:\.[^@\s<>.]+)+", entry):
                raise source.error(
                    "triage.vip", f'{entry!r} is neither an address nor a domain. Write "ceo@x.example" or "x.example".'
                )
    for where, number in (
        ("sync.history_days", config.sync.history_days),
        ("sync.poll_seconds", config.sync.poll_seconds),
        ("sync.max_message_mb", config.sync.max_message_mb),
        ("sending.undo_seconds", config.sending.undo_seconds + 1),
        ("policy.first_reply_hours", config.policy.first_reply_hours),
    ):
        if number <= 0:
            raise source.error(where, f"`{where.rpartition('.')[2]}` must be greater than nothing.")


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address means this machine, without asking a resolver."""
    if host == "localhost":
        return True
    import ipaddress

    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
