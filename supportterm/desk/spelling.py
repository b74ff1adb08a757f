"""The spelling of one desk: who is asked about words, and which words are right here without being asked about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

from supportterm import paths
from supportterm.desk import dictionaries, hint_packs, word_lists
from supportterm.desk.house_packs import HousePacks
from supportterm.desk.pack_files import LANGUAGES
from supportterm.desk.speller import Speller
from supportterm.domain.ticket import MessageKind, Ticket
from supportterm.domain.vocabulary import Fine

if TYPE_CHECKING:
    from supportterm.config import Config
    from supportterm.domain.hints.slips import Verdict
    from supportterm.domain.message import Message

_MOST_TEXT = 20_000
"""Code points of a customer's mail whose words are taken."""


class Spelling:
    """Dictionaries, lists of words, and what was to be ignored, for one console."""

    def __init__(self, config: Config, speller: Speller | None = None) -> None:
        self._config = config
        self.speller = speller or Speller(dictionaries.folders(config.spelling.dictionaries))
        self.lists = word_lists.of(config)
        self._ignored: dict[str, set[str]] = {}
        self._told = ""

    def ignore(self, key: str, word: str) -> None:
        """Say nothing of a word in the reply to that ticket, until the console ends."""
        self._ignored.setdefault(key, set()).add(word)

    def fine(self, ticket: Ticket, conversation: Sequence[Message], lang: str) -> Fine:
        """Return the words that are right in a reply: names, the house's words, and what the customer wrote."""
        theirs = (m.reply_text[:_MOST_TEXT] for m in conversation if m.kind is MessageKind.CUSTOMER)
        here = Fine.of((ticket.subject, *theirs, *self._ignored.get(ticket.key, ())), _names(ticket, conversation))
        return here | self._house | _of_the_pack(lang) | self.lists.fine

    def verdicts(self) -> Mapping[str, Verdict]:
        """Return what is known of words by now, as the rules ask: nobody waits for an answer."""
        return _Answered(self.speller)

    def news(self) -> str:
        """Say what is wrong with spelling, once; empty where nothing new is."""
        trouble, told = self.speller.trouble, self._told
        self._told = trouble
        return trouble if trouble != told else ""

    def close(self) -> None:
        """End the process."""
        self.speller.close()

    @cached_property
    def _house(self) -> Fine:
        config = self._config
        packs = HousePacks(config.triage, paths.user_packs(config.path))
        files = [file for lang in LANGUAGES for file in packs.files(lang)]
        added = [word for file in files for words in file.data.get("concepts", {}).values() for word in _texts(words)]
        names = (config.mailbox.name, config.mailbox.address, config.agent.name, config.agent.id)
        return Fine.of((), (*names, *config.triage.products, *config.triage.critical_systems, *added))


@cache
def _of_the_pack(lang: str) -> Fine:
    pack = hint_packs.shipped(dictionaries={}).structure.get(lang)
    return Fine.of(pack.lists.get("words", ()) if pack else (), ())


class _Answered(Mapping[str, "Verdict"]):
    def __init__(self, speller: Speller) -> None:
        self._speller = speller

    def __getitem__(self, lang: str) -> Verdict:
        if lang != "en":
            raise KeyError(lang)
        return self._speller.meant(lang).get

    def __iter__(self) -> Iterator[str]:
        return iter(("en",))

    def __len__(self) -> int:
        return 1


def _names(ticket: Ticket, conversation: Sequence[Message]) -> Iterator[str]:
    yield from (ticket.requester_name, ticket.requester_address)
    for message in conversation:
        yield from (message.sender.name, message.sender.address, message.author or "")


def _texts(words: object) -> Iterator[str]:
    for word in words if isinstance(words, list) else ():
        if isinstance(word, str):
            yield word.replace("*", "")
