"""The signature of a mail that leaves: the agent's own, else the mailbox's, its facts put in."""

from __future__ import annotations

from supportterm.config import Config
from supportterm.desk import rendering
from supportterm.domain import signatures
from supportterm.domain.snippets import Macro
from supportterm.domain.text import clean_body
from supportterm.domain.ticket import Ticket


def signature(config: Config, ticket: Ticket) -> str:
    """Return the lines of the signature for a mail on a ticket, without the delimiter; empty where none is set.

    A line whose fact is missing is left out.
    """
    written = (config.agent.signature or config.mailbox.signature).strip("\n")
    if not written.strip() or "{{" not in written:
        return clean_body(written).rstrip()
    mailbox = config.mailbox
    facts = rendering.facts(
        ticket, agent_name=config.agent.name, mailbox_name=mailbox.name, mailbox_address=mailbox.address
    )
    filled = (rendering.render(Macro("", "", _literal(line)), facts) for line in written.split("\n"))
    return clean_body("\n".join(line.text for line in filled if not line.blanks)).strip("\n").rstrip()


def signed(text: str, config: Config, ticket: Ticket) -> str:
    """Return what leaves: the text, signed once, above a quote at its end."""
    return signatures.signed(text, signature(config, ticket))


def _literal(line: str) -> str:
    """Return a line whose dollar signs stay: a signature has no blanks."""
    return line.replace("\\", "\\\\").replace("$", "\\$")
