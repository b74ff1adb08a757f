"""The 45 rules: the one place with their ids, levels, scopes and messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from supportterm.domain.hints.hint import Level

SPAN, SENTENCE, REPLY = "span", "sentence", "reply"


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as it is known everywhere: `{words}` in the message are filled by what was found."""

    id: str
    level: Level
    scope: str
    message: str
    about: str
    """What it looks for, in a line."""


_H, _W, _C = Level.HINT, Level.WARN, Level.CONFIRM
_ENTRIES = (
    Entry("negative-phrasing", _H, SPAN, "Says what is not possible. Lead with what you can do and when.",
          "a refusal where an offer could stand"),
    Entry("blame", _W, SPAN, 'Sounds like blame. Describe what happened and the next step, without "you".',
          "the fault is put on the customer"),
    Entry("condescension", _W, SPAN, "May sound condescending. Drop the word; give the path.", "talks down"),
    Entry("bureaucratese", _W, SPAN, "Official style. Say it as you would on the phone.", "officialese"),
    Entry("jargon", _H, SPAN, "Terms the customer did not use: {terms}. Explain or replace.",
          "terms of the trade that the customer does not use"),
    Entry("hedging", _H, SENTENCE, "Sounds unsure. Say what you know and what you will check.", "stacked guesses"),
    Entry("passive-evasion", _H, SPAN, 'Hides who acts. Use "we" or "I".', "bad news without anybody who acts"),
    Entry("empty-apology", _H, SPAN, "A formula. Name what went wrong for this customer.",
          "sorry for any inconvenience"),
    Entry("over-apology", _H, REPLY, "{n} apologies. One sincere one is enough, then act.",
          "one apology after another"),
    Entry("commanding", _H, SPAN, "Sounds like an order. Ask or offer.", "orders"),
    Entry("policy-shield", _W, SPAN, "Hides behind a rule. Give the reason and an alternative.",
          "a rule as the only reason"),
    Entry("brush-off", _W, SPAN, "Brushes the customer off. Take it on or hand over by name and time.",
          "dismisses, or passes the buck"),
    Entry("canned-phrase", _H, SPAN, "A stock phrase. Delete it or say something only this customer could get.",
          "phrases of a robot"),
    Entry("overpromise", _W, SPAN, "Can you keep it? Promise the action, not the outcome.",
          "a guarantee nobody can give"),
    Entry("vague-timing", _W, SPAN, "When? Name a day or an hour.", "soon, shortly, as soon as possible"),
    Entry("missing-empathy", _W, REPLY, "The customer is upset (“{evidence}”). Show that you have seen it first.",
          "an upset customer, and no sign of having felt it"),
    Entry("hostile-mirror", _C, SPAN, "Mirrors the anger. Lower the heat before you send.", "heat answered with heat"),
    Entry("sarcasm", _W, SENTENCE, "Reads as sarcasm. Say it straight.", "mock praise, a jab"),
    Entry("humour-when-upset", _W, SPAN, "Customer is upset: no smile yet.", "a smile or joke for an upset customer"),
    Entry("register-slip", _W, SPAN, "Too familiar for {channel}.", "the wrong form of address, slang"),
    Entry("all-caps", _H, SPAN, "Capitals read as shouting.", "three or more words in capitals"),
    Entry("exclamation-overload", _H, REPLY, "Too many exclamation marks.", "!! or four !"),
    Entry("emoji-formal", _H, SPAN, "Emoji in an e-mail. The tone should stand without it.", "emoji in an e-mail"),
    Entry("long-sentence", _H, SENTENCE, "{n} {unit} in one sentence. Split it.", "a sentence too long to follow"),
    Entry("long-reply", _H, REPLY, "{n} {unit} for a {m}-{unit_one} question. Lead with the answer, cut the rest.",
          "far longer than the question"),
    Entry("spelling", _W, SPAN, "Possible typo: {word}.", "a misspelt or doubled word"),
    Entry("missing-greeting", _H, REPLY, "No greeting.", "a first mail without a greeting"),
    Entry("missing-acknowledgement", _H, REPLY,
          "Start by showing that you understood: one line that sums up the problem.",
          "a first answer that neither thanks nor reflects"),
    Entry("missing-timing", _W, REPLY, "You promise work but no time. When will the customer hear from you?",
          "work goes on, and no time is given"),
    Entry("promise-made", _H, SPAN, "Promise found: {what} ({when}). Set a reminder?", "a commitment with a time"),
    Entry("unanswered-question", _W, REPLY, "Not answered yet: “{question}”", "a question the reply does not touch"),
    Entry("asks-known-info", _W, SPAN, "The customer already sent it: {value}.", "asks for what is already there"),
    Entry("missing-confirmation", _W, REPLY, "Ask whether it is solved for the customer.",
          "solved, without asking whether it works"),
    Entry("missing-closing", _H, REPLY, "Close the conversation: thank the customer.", "solved, without a closing"),
    Entry("wrong-name", _C, SPAN, "Customer is {name}, you wrote {found}.", "greets somebody else"),
    Entry("unfilled-placeholder", _C, SPAN, "Placeholder left in the text.", "a placeholder left in the text"),
    Entry("missing-attachment", _C, SPAN, "You mention an attachment, none is there.",
          "speaks of an attachment that is not there"),
    Entry("internal-leak", _C, SPAN, "Looks internal. Move it to a note.", "internal words, hosts or addresses"),
    Entry("refusal-needs-supervisor", _C, SPAN, "Refusing a customer needs a supervisor.",
          "ends the service for a customer"),
    Entry("language-mismatch", _C, REPLY, "Customer writes {a}, reply is {b}.", "another language than the customer's"),
    Entry("macro-unchanged", _H, REPLY, "The snippet is unchanged. Add one line that is about this customer.",
          "a snippet sent as it is"),
    Entry("macro-repeat", _W, REPLY, "You sent this already. It did not help.", "the same text again"),
    Entry("secret-request", _C, SPAN, "Never ask for secrets.", "asks for a password, PIN or code"),
    Entry("public-data", _C, SPAN, "Public channel: remove {what}.", "personal data in a public reply"),
    Entry("channel-bounce", _W, SPAN, "Answer here or open a ticket and post its link.",
          "sends a public customer elsewhere without a ticket"),
)  # fmt: skip

CATALOGUE: Mapping[str, Entry] = MappingProxyType({entry.id: entry for entry in _ENTRIES})
"""The rules by id, in the catalogue's order."""

NEVER_OVERRIDDEN = frozenset(("unfilled-placeholder", "refusal-needs-supervisor"))
"""What a sending agent cannot wave through."""
