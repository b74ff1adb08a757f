"""`reply`, `note`, `set`, `undo`: what an agent does to a ticket."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import mimetypes
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from supportterm.cli.context import at_desk
from supportterm.cli.later import held_until
from supportterm.cli.output import Output, local
from supportterm.cli.promises import of_reply
from supportterm.cli.records import operation_record, queued_record, queued_words
from supportterm.domain import held, wanted
from supportterm.domain.drafts import NOTHING_ELSE, Also
from supportterm.domain.errors import ConfigError, MailError, NotFoundError, RefusedError, SupporttermError
from supportterm.domain.rewriting import Inserted
from supportterm.domain.ticket import Priority, Status

if TYPE_CHECKING:
    from supportterm.desk.context import Desk
    from supportterm.domain.mail import Address
    from supportterm.domain.operations import Operation
    from supportterm.mail.compose import Enclosure

_PRIORITIES = {"urgent": Priority.P1, "high": Priority.P2, "normal": Priority.P3, "low": Priority.P4}


def reply(args: argparse.Namespace, output: Output) -> int:
    """Queue a reply; with `--wait` stay until a server took it."""
    from supportterm.desk.replying import reply as queue_reply

    with at_desk(args) as desk:
        said = _said(args, desk)
        text = said.text
        hold = held_until(desk, args, output)
        promises = of_reply(text, _language(desk, args.ref), args.promise, desk, output, hold.at if hold else None)
        queued = queue_reply(
            desk,
            args.ref,
            text,
            everyone=args.everyone,
            bcc=addresses(args.bcc, desk),
            sender=args.sender,
            status=Status(args.status) if args.status else said.status or Status.PENDING,
            add_tags=said.tags,
            also=said.also,
            attachments=[enclosure(path) for path in (*said.files, *map(Path, args.attach))],
            promises=promises,
            snippets=said.snippets,
            hold=hold,
        )
        if queued.warning:
            output.say(queued.warning)
        record = queued_record(queued) | {"promises": [{"words": each.words, "due": each.due_at} for each in promises]}
        if not args.wait:
            leaves = held.in_words(hold, desk.now()) if hold else local(queued.leaves_at, desk.now())
            output.record(record, queued_words(queued, leaves))
            return 0
        try:
            state = asyncio.run(_delivered(desk, queued.operation, args.patience, output))
        except MailError as error:
            words = f"{queued.ref}: mail {queued.operation} has not left yet and stays queued: do not write it again."
            output.record(record | {"said": str(error)}, words)
            raise
        record = record | operation_record(state, queued.ref)
        output.record(record, f"{queued.ref}: mail {queued.operation} {record['state']}. {record['said']}".rstrip())
        return 0 if record["state"] == "accepted" else 1


async def _delivered(desk: Desk, number: int, patience: float, output: Output) -> Operation:
    """Deliver a mail here, or watch the worker that holds the store do it."""
    from supportterm.bootstrap import build_worker
    from supportterm.desk.synclock import SyncLock
    from supportterm.store import operations

    lock = None
    try:
        lock = SyncLock(desk.database.path)
    except RefusedError:
        output.say("A worker is running; it delivers.")
    try:
        if lock is not None:
            worker = build_worker(desk)
            try:
                await worker.deliver(number, patience)
            finally:
                await worker.close()
        ends = desk.clock.monotonic() + patience
        while True:
            with desk.database.write() as session:
                operation = operations.get(session, number)
            if operation is None:
                raise NotFoundError(f"Mail {number} is gone from the outbox.")
            if lock is not None or operation.state.is_settled or desk.clock.monotonic() > ends:
                return operation
            await asyncio.sleep(0.2)
    finally:
        if lock is not None:
            lock.release()


def _language(desk: Desk, named: str) -> str | None:
    from supportterm.desk import verbs

    with desk.database.write() as session:
        return verbs.find(session, named).lang


def note(args: argparse.Namespace, output: Output) -> int:
    """Write an internal note."""
    from supportterm.desk import verbs

    with at_desk(args) as desk:
        done = verbs.note(desk, args.ref, text_of(args))
        output.record({"ref": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
    return 0


def change(args: argparse.Namespace, output: Output) -> int:
    """Change a ticket's fields in one undoable step."""
    from supportterm.cli import changing
    from supportterm.desk import verbs

    with at_desk(args) as desk:
        now = desk.now()
        agent = wanted.agent(args.assignee or "none", desk.me)
        on, off = wanted.tags([*args.tag, *(f"-{tag}" for tag in args.untag)])
        snoozed = args.snooze not in (None, "off")
        changes = verbs.Change(
            status=Status(args.status) if args.status else None,
            assignee=agent,
            nobody=bool(args.assignee) and agent is None,
            priority=_PRIORITIES.get(args.priority or ""),
            computed=args.priority == "computed",
            add_tags=on,
            remove_tags=off,
            snoozed_until=wanted.until(args.snooze, now) if snoozed else None,
            awake=args.snooze == "off",
        )
        if changes == verbs.Change():
            raise ConfigError("Say what to change: --status, --assignee, --priority, --tag, --untag or --snooze.")
        why = changing.reason(desk, args.ref, changes.priority, args.why, output)
        done = verbs.change(desk, args.ref, dataclasses.replace(changes, why=why))
        output.record({"ref": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
        changing.assigned(desk, agent, output)
    return 0


def remind(args: argparse.Namespace, output: Output) -> int:
    """Set a reminder or a follow-up on a ticket, or end its next one."""
    from supportterm.desk import reminding
    from supportterm.domain.policies import ClockKind

    with at_desk(args) as desk:
        if args.done or args.drop:
            done = (reminding.done if args.done else reminding.drop)(desk, args.ref)
            output.record({"ref": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
            return 0
        now = desk.now()
        due, words = wanted.reminder(" ".join(args.words), now)
        kind = ClockKind.FOLLOW_UP if args.follow_up else ClockKind.REMINDER
        done = reminding.remind(desk, args.ref, due, words, kind=kind)
        told = f"{done.ref}: {done.words}, {local(due, now)}"
        output.record({"ref": done.ref, "done": done.words, "due": due}, told)
    return 0


def undo(args: argparse.Namespace, output: Output) -> int:
    """Take back the agent's last step."""
    from supportterm.desk import verbs

    with at_desk(args) as desk:
        done = verbs.undo(desk, args.ref)
        output.record({"ref": done.ref, "done": done.words, "text": done.text}, f"{done.ref}: {done.words}")
        if done.text:
            output.text(f"It said:\n{done.text}")
    return 0


@dataclass(frozen=True, slots=True)
class _Said:
    """A reply's text, and what a snippet's actions add to it."""

    text: str
    status: Status | None = None
    tags: frozenset[str] = frozenset()
    also: Also = NOTHING_ELSE
    files: tuple[Path, ...] = ()
    snippets: tuple[Inserted, ...] = ()


def _said(args: argparse.Namespace, desk: Desk) -> _Said:
    """Return what the command line says, a snippet's blanks filled."""
    if not args.snippet:
        if args.fill:
            raise ConfigError("--fill fills a snippet's blanks: name the snippet with --snippet.")
        return _Said(text_of(args))
    from supportterm.bootstrap import build_macros
    from supportterm.desk import applying, macro_attachments, rendering
    from supportterm.domain import blanks, rewriting

    _ticket, macro, values = applying.found(desk, args.ref, build_macros(desk.config), args.snippet)
    given, accepted = _fillings(args.fill)
    rendered = rendering.render(macro, values)
    expansion = blanks.fill(rendered, given)
    for number in accepted:
        expansion = blanks.accept(expansion, number)
    open_blanks = blanks.unfilled(expansion)
    if open_blanks:
        names = ", ".join(f"{blank.number} ({blank.shown})" for blank in open_blanks)
        first = open_blanks[0].number
        raise RefusedError(
            f"Blanks are not filled: {names}. Give each a value, like --fill {first}=…\n\n{expansion.text}"
        )
    text = expansion.text + (f"\n\n{text_of(args)}" if args.text or args.file else "")
    does = macro.actions
    return _Said(
        text,
        does.status,
        frozenset(does.tags_add),
        applying.also_of(macro, values),
        tuple(macro_attachments.path_of(macro, name) for name in does.attach),
        (rewriting.inserted(macro.id, macro.lang, rendered),),
    )


def addresses(given: list[str], desk: Desk) -> tuple[Address, ...]:
    """Return whom options name; one may name several.

    Raises:
        RefusedError: mail cannot go there.
    """
    from supportterm.desk import correspondents

    found, problem = correspondents.read(",".join(given), desk.people)
    if problem:
        raise RefusedError(f"{problem} Nothing was queued.")
    return found


def _fillings(given: list[str]) -> tuple[dict[int, str], list[int]]:
    """Return the values for blanks, and the blanks whose default is taken as it is."""
    values: dict[int, str] = {}
    accepted: list[int] = []
    for each in given:
        number, equals, value = each.partition("=")
        if not number.isdigit():
            raise ConfigError(f"--fill takes NUMBER=TEXT, like --fill 1=tomorrow, or a bare NUMBER, not {each!r}.")
        if equals:
            values[int(number)] = value
        else:
            accepted.append(int(number))
    return values, accepted


def text_of(args: argparse.Namespace) -> str:
    """Return the text given as an argument, by --file or on standard input.

    Raises:
        ConfigError: it is given twice, or nowhere.
        SupporttermError: it cannot be read.
    """
    if args.text is not None and args.file is not None:
        raise ConfigError("Give the text as an argument or with --file, not both.")
    if args.text is not None:
        return str(args.text)
    if args.file is None and sys.stdin.isatty():
        raise ConfigError("Give the text as an argument, with --file FILE, or on standard input.")
    try:
        if args.file is None or args.file == "-":
            return sys.stdin.read()
        return Path(args.file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise SupporttermError("The text is not UTF-8, so it cannot be read. Save it as UTF-8 first.") from None
    except OSError as error:
        said = (error.strerror or "no reason given").lower()
        raise SupporttermError(f"The text in {args.file} cannot be read: {said}. Check its name.") from None


def enclosure(path: Path) -> Enclosure:
    """Read a file that is to go along.

    Raises:
        SupporttermError: it cannot be read.
    """
    from supportterm.desk import enclosing
    from supportterm.mail.compose import Enclosure

    if problem := enclosing.wrong_with(path):
        raise RefusedError(f"{problem} Nothing was queued.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RefusedError(f"{path} cannot be attached: {error.strerror}. Nothing was queued.") from None
    return Enclosure(path.name, mimetypes.guess_type(path.name)[0] or "application/octet-stream", content)
