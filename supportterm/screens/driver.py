"""What is typed and pasted into the terminal: as Textual reads it, but a large paste holds up no key.

Textual looks at every letter of a paste by itself, which takes seconds for
some megabytes, takes what follows an Esc in it for keys, and gives up at a
byte that is no UTF-8.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import selectors
import signal
import time
from codecs import getincrementaldecoder
from collections.abc import Iterable

from textual import constants, events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from supportterm.domain.drafts import FILE_LIMIT

BEGINS, ENDS = "\x1b[200~", "\x1b[201~"
"""How a terminal brackets what is pasted (xterm's control sequences, bracketed paste mode)."""
LONGEST = FILE_LIMIT + 1
"""Code points of a paste that are taken in: one more than could go along as a file, so that it is refused as one."""
_BEGIN = "[]^_ONPXbf"
"""Signs behind an Esc that begin a longer sequence (ECMA-48, 5.3), or go to the next word as in a shell."""
_READ = 64 << 10


class Keyboard(XTermParser):
    """Textual's parser, which sees of a paste neither text nor brackets."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasted: list[str] | None = None
        self._taken = 0
        self._rest = ""
        """What may be the beginning of a bracket."""
        self._rest_since = 0.0

    def feed(self, data: str) -> Iterable[Message]:
        """Return what was typed or pasted so far."""
        if not data:
            yield from super().feed(data)
        while data:
            bracket = BEGINS if self._pasted is None else ENDS
            before, found, data = (self._rest + data).partition(bracket)
            self._rest, self._rest_since = "" if found else _begun(before, bracket), time.monotonic()
            before = before[: len(before) - len(self._rest)]
            if self._pasted is not None:
                self._take(before)
                if found:
                    text, self._pasted = "".join(self._pasted), None
                    yield events.Paste(text.replace("\x00", ""))
            else:
                if before:
                    yield from super().feed(before)
                if found:
                    self._pasted, self._taken = [], 0

    def tick(self) -> Iterable[Message]:
        """Return what no longer waits for more: an Esc that begins nothing."""
        if self._pasted is None and self._rest and time.monotonic() >= self._rest_since + constants.ESCAPE_DELAY:
            rest, self._rest = self._rest, ""
            yield from super().feed(rest)
            self._timeout_time = 0.0
        yield from super().tick()

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        """Return the keys of a sequence; of an Esc and one sign the key with Alt, at once.

        Textual waits for more behind it, so that a key that follows soon leaves `^` and the sign in the text, and
        takes Alt with a digit for the sign that some keyboards write with it.
        """
        if len(sequence) != 2 or sequence[0] != "\x1b" or not sequence[1].isprintable() or sequence[1] in _BEGIN:
            return super()._sequence_to_key_events(sequence, alt)
        keys = super()._sequence_to_key_events(sequence[1], alt=True)
        return [key if key.key.startswith("alt+") else events.Key(f"alt+{key.key}", key.character) for key in keys]

    def _take(self, text: str) -> None:
        if self._pasted is not None and (text := text[: LONGEST - self._taken]):
            self._pasted.append(text)
            self._taken += len(text)


def _begun(text: str, bracket: str) -> str:
    """Return what may be the beginning of a bracket at the end of a text."""
    return next((bracket[:n] for n in range(len(bracket) - 1, 0, -1) if text.endswith(bracket[:n])), "")


class Driver(LinuxDriver):
    """Textual's driver for terminals, with that parser; a byte that is no UTF-8 is shown as one that cannot be read."""

    def start_application_mode(self) -> None:
        """Take the screen; a change of its size is read in its turn, not within the signal that tells of it.

        A second signal that comes while a size is read would be told first, and the earlier size last.
        """
        super().start_application_mode()  # type: ignore[no-untyped-call] # Textual leaves it without types
        loop, resized = asyncio.get_running_loop(), signal.getsignal(signal.SIGWINCH)
        if callable(resized):
            signal.signal(signal.SIGWINCH, lambda number, _: loop.call_soon_threadsafe(resized, number, None))

    def run_input_thread(self) -> None:
        """Read what is typed until the driver is told to stop."""
        keyboard = Keyboard(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(0.1):
                    if not (data := os.read(self.fileno, _READ)):
                        break
                    self._pass_on(keyboard.feed(text) if (text := decode(data)) else ())
                self._pass_on(keyboard.tick())
            if selector.select(0) and (text := decode(os.read(self.fileno, _READ), final=True)):
                self._pass_on(keyboard.feed(text))
        with contextlib.suppress(EOFError, ParseError):
            self._pass_on(keyboard.feed(""))

    def _pass_on(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)
