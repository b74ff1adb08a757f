"""The configuration: TOML to a frozen `Config`, every mistake named with its line."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from supportterm.config import receipts
from supportterm.config.policies import Policy, PolicyRule
from supportterm.config.receipts import Receipt
from supportterm.config.toml import Source, broken, build
from supportterm.config.triage import Triage, check_triage
from supportterm.config.triggers import Trigger, TriggerCommands
from supportterm.config.views import View, arranged, check_views
from supportterm.config.writing import Hints, Spelling
from supportterm.domain.errors import ConfigError

__all__ = [
    "Agent",
    "Colleague",
    "Config",
    "Console",
    "Hints",
    "Mailbox",
    "Policy",
    "PolicyRule",
    "Receipt",
    "Security",
    "Sending",
    "Server",
    "Spelling",
    "Sync",
    "Triage",
    "Trigger",
    "TriggerCommands",
    "View",
    "capacity_of",
    "is_loopback",
    "kept",
    "load",
    "mistake",
    "reread",
    "shelf",
]

if TYPE_CHECKING:
    from supportterm.domain.saved_views import Shelf

Security = Literal["tls", "starttls", "plaintext-on-loopback"]


@dataclass(frozen=True, slots=True)
class Agent:
    """Who works here: `assignee:me`, signatures and the journal use it."""

    id: str = "me"
    name: str = ""
    role: Literal["supervisor", "agent"] = "supervisor"
    """Who decides about refusals; one agent alone is also the supervisor."""
    capacity: Mapping[str, int] = field(default_factory=dict)
    """By channel, how many tickets to owe an answer on before the console says that it is much."""
    signature: str = ""
    """Plain lines below each mail, in place of the mailbox's."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Another agent, as everybody's configuration may name them: `[agents.bob]`."""

    capacity: Mapping[str, int] = field(default_factory=dict)


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
    signature: str = ""
    """Plain lines below each mail, unless the agent has their own; facts like `{{agent.name}}` are put in."""


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
    html: bool = False
    """An HTML alternative, made from the text, goes along with each reply."""


@dataclass(frozen=True, slots=True)
class Console:
    """How the console looks and which keys it takes; a `keys.toml` beside the configuration changes single keys."""

    theme: Literal["dark", "light", "terminal", "terminal-light"] = "dark"
    glyphs: Literal["unicode", "ascii"] = "unicode"
    keys: Literal["support", "mutt", "gmail"] = "support"
    notices: Literal["ask", "on", "off"] = "ask"
    """Desktop notices where the terminal can; `ask` asks once."""
    views: tuple[str, ...] = ()
    """Which views it shows, in the order of their digits; none named: the built-in ones, then `[[views]]`."""
    pause_hours: float = 2.0
    """After so long away the console tells what happened meanwhile; 0 where it never does."""
    after_send: Literal["stay", "next", "queue"] = "stay"
    """Where one is once a reply is sent: on its ticket, on the next one, or in the queue."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be configured."""

    mailbox: Mailbox
    agent: Agent = field(default_factory=Agent)
    agents: Mapping[str, Colleague] = field(default_factory=dict)
    sync: Sync = field(default_factory=Sync)
    sending: Sending = field(default_factory=Sending)
    policy: Policy = field(default_factory=Policy)
    policies: tuple[PolicyRule, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    trigger_commands: TriggerCommands = field(default_factory=TriggerCommands)
    receipt: Receipt = field(default_factory=Receipt)
    console: Console = field(default_factory=Console)
    triage: Triage = field(default_factory=Triage)
    spelling: Spelling = field(default_factory=Spelling)
    hints: Hints = field(default_factory=Hints)
    store: Path | None = None
    macros: tuple[Path, ...] = ()
    views: tuple[View, ...] = ()
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
        raise broken(path, error) from None
    source = Source(path, text)
    config: Config = build(Config, data, source, "")
    config = dataclasses.replace(config, path=path)
    _check(config, source)
    return config


def reread(path: Path, before: Config) -> tuple[Config, str]:
    """Read a file that has changed: the new configuration, or the one before and the sentence that says why."""
    try:
        return load(path), ""
    except ConfigError as error:
        return before, kept(error)


def kept(error: ConfigError) -> str:
    """Return what to say of a mistake in a file that was right before."""
    return f"{error} Until then, what it said before stays in force."


def mistake(config: Config, where: str, problem: str) -> ConfigError:
    """Return a mistake that showed only when a value was used, with the line it stands in: `policy.country`."""
    if config.path is None:
        return ConfigError(problem)
    try:
        text = config.path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    return Source(config.path, text).error(where, problem)


def _check(config: Config, source: Source) -> None:
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
    if config.policies or config.policy != Policy() or source.has("policy.hours"):
        from supportterm.config import policy_checks

        policy_checks.check(config.policy, config.policies, source)
    if config.triggers or config.trigger_commands != TriggerCommands():
        from supportterm.config import triggers

        triggers.check(config, source)
    if config.receipt != Receipt():
        receipts.check(config.receipt, source)
    check_triage(config.triage, source)
    for where, signature in (
        ("agent.signature", config.agent.signature),
        ("mailbox.signature", config.mailbox.signature),
    ):
        if signature:
            from supportterm.config import signatures

            signatures.check(signature, where, source)
    if config.agent.capacity:
        _check_capacity(config.agent.capacity, "agent", source)
    for name, colleague in config.agents.items():
        _check_capacity(colleague.capacity, f"agents.{name}", source)
    for where, number in (
        ("sync.history_days", config.sync.history_days),
        ("sync.poll_seconds", config.sync.poll_seconds),
        ("sync.max_message_mb", config.sync.max_message_mb),
        ("sending.undo_seconds", config.sending.undo_seconds + 1),
    ):
        if number <= 0:
            raise source.error(where, f"`{where.rpartition('.')[2]}` must be greater than nothing.")
    if config.views or config.console.views:
        check_views(config.views, config.console.views, source)


def _check_capacity(capacity: Mapping[str, int], where: str, source: Source) -> None:
    from supportterm.domain.query_fields import CHANNELS

    for name, most in capacity.items():
        if name not in CHANNELS or most < 1:
            known = ", ".join(CHANNELS)
            problem = f"`capacity` takes {known}, each a number from 1 on, not `{name}`."
            raise source.error(f"{where}.capacity", problem)


def capacity_of(config: Config, agent: str) -> Mapping[str, int]:
    """Return how much an agent can take, by channel: what they set themselves, else what `[agents]` says of them."""
    if agent == config.agent.id and config.agent.capacity:
        return config.agent.capacity
    return config.agents[agent].capacity if agent in config.agents else {}


def shelf(config: Config) -> Shelf:
    """Return the views of this desk."""
    return arranged(config.views, config.console.views)


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address means this machine, without asking a resolver."""
    if host == "localhost":
        return True
    import ipaddress

    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
