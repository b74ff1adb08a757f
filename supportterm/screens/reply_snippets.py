"""Snippets in the screen for writing: their text for this ticket, and what they do besides it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from supportterm.desk import macro_facts, rendering
from supportterm.domain import offering, rewriting
from supportterm.domain.blanks import Expansion
from supportterm.domain.drafts import Also
from supportterm.domain.errors import SupporttermError
from supportterm.domain.offering import Suits
from supportterm.domain.snippets import Actions, Macro
from supportterm.screens import format as shown_as

if TYPE_CHECKING:
    from supportterm.screens.console import Console
    from supportterm.screens.reply import ReplyScreen


async def pick(screen: ReplyScreen) -> None:
    """Pick a snippet and put it in at the cursor."""
    from supportterm.screens.snippets import pick_snippet

    macro = await pick_snippet(
        screen,
        screen.console.macros,
        language(screen),
        lambda found: expansion_of(screen, found),
        suits=suits(screen),
        note=lambda found: _note(screen, found),
    )
    if macro is not None:
        expansion = expansion_of(screen, macro)
        screen.editor.insert_expansion(expansion)
        screen.editor.focus()
        take(screen, macro, expansion)


def triggered(screen: ReplyScreen, trigger: str) -> Expansion | None:
    """Return the text of the snippet with that trigger, and note what it does besides; None where there is none."""
    library = screen.console.macros
    if trigger not in library.triggers:
        from supportterm.screens.mentions import completion

        return completion(screen, trigger)
    macro = library.find(trigger, language(screen), suits(screen))
    expansion = expansion_of(screen, macro)
    take(screen, macro, expansion)
    return expansion


def expansion_of(screen: ReplyScreen, macro: Macro) -> Expansion:
    """Return a snippet's text for this ticket."""
    return Expansion("") if screen.ticket is None else rendering.render(macro, _facts(screen, macro))


def take(screen: ReplyScreen, macro: Macro, expansion: Expansion) -> None:
    """Note what a macro does at sending, all in one step with it; of two macros the later has the last word."""
    if screen.ticket is None:
        return
    draft, actions = screen.draft, macro.actions
    snippets = rewriting.remembered(draft.snippets, rewriting.inserted(macro.id, macro.lang, expansion))
    if actions == Actions():
        screen.change(snippets=snippets)
        return
    before = draft.also
    note = _note(screen, macro)
    off = tuple(
        tag for tag in dict.fromkeys([*before.remove_tags, *actions.tags_remove]) if tag not in actions.tags_add
    )
    also = Also(
        actions.assignee or before.assignee,
        actions.priority or before.priority,
        actions.snooze or before.snooze,
        "\n\n".join(dict.fromkeys(text for text in (before.note, note) if text)),
        off,
        actions.policy or before.policy,
    )
    tags = tuple(tag for tag in dict.fromkeys([*draft.add_tags, *actions.tags_add]) if tag not in off)
    screen.change(snippets=snippets, status=actions.status or draft.status, add_tags=tags, also=also)
    if actions.attach:
        screen.in_background(_attach(screen, macro))


def suits(screen: ReplyScreen) -> Suits:
    """Return what tells whether a macro is offered for this ticket."""
    if screen.ticket is None:
        return offering.everything
    console = screen.console
    zone = ZoneInfo(console.config.policy.time_zone)
    facts = partial(console.views.facts, screen.key)
    return offering.suits(screen.ticket, facts, me=console.me, now=console.now(), zone=zone)


def language(screen: ReplyScreen) -> str:
    """Return the language snippets are looked for in."""
    return (screen.ticket.lang if screen.ticket else None) or "en"


def warm(console: Console) -> None:
    """Load what the first snippet needs; meant for a thread of its own."""
    rendering.render(Macro("", "", "{{agent.name}}"), {})
    console.macro_files.look()
    from supportterm.desk import promising

    promising.offers("We will write by Friday.", "en", console.config, console.now())


async def look(screen: ReplyScreen) -> None:
    """Take in macros that were written meanwhile; say what is wrong with those just saved."""
    watch = screen.console.macro_files

    def news() -> list[str]:
        watch.look()
        return watch.news()

    for problem in (await asyncio.to_thread(news))[:1]:
        screen.complain(shown_as.line(problem, 400))


def _note(screen: ReplyScreen, macro: Macro) -> str:
    """Return a macro's note for this ticket; empty where it has none."""
    if screen.ticket is None or not macro.actions.note:
        return ""
    return rendering.render_note(macro, _facts(screen, macro)).strip()


def _facts(screen: ReplyScreen, macro: Macro) -> dict[str, object]:
    assert screen.ticket is not None  # noqa: S101 callers have looked
    console = screen.console
    clocks = console.views.clocks(screen.key) if rendering.names(macro, "sla") else ()
    return macro_facts.of(console.config, screen.ticket, macro, console.now(), clocks=clocks)


async def _attach(screen: ReplyScreen, macro: Macro) -> None:
    """Let a macro's files go along."""
    from supportterm.desk import drafts, macro_attachments

    before = screen.draft.files
    try:
        added = await asyncio.to_thread(macro_attachments.packed, macro)
        new = {file.sha: file for file, _ in added}
        screen.change(files=(*(file for file in before if file.sha not in new), *new.values()))
        draft = screen.written()
        await screen.console.do(lambda desk: drafts.save(desk, draft, files=[packed for _, packed in added]))
    except SupporttermError as error:
        screen.change(files=before)
        screen.complain(f"{macro.title}: {error}")
