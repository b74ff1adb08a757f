"""The command tree: one source for `--help`, completions and the manual."""

from __future__ import annotations

import argparse
from typing import Any

from supportterm import __version__
from supportterm.cli import desk_options, macro_options, problem_options
from supportterm.cli.command_parser import EXIT_STATUS, STATUSES, CommandParser, Maker, made


def build() -> CommandParser:
    """Return the parser; each command sets `run`, the dotted name of what carries it out."""
    parser = CommandParser(
        prog="supportterm",
        description="A terminal console for customer support over the mailbox you already have.",
        epilog=EXIT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"supportterm {__version__}")
    parser.add_argument("--config", metavar="FILE", help="read this configuration instead of the usual one")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="print JSON, one object a line")

    def command(name: str, run: str, words: str, **more: Any) -> CommandParser:
        return made(commands, common, name, run, words, **more)

    _reading(command)
    _verbs(command)
    desk_options.forms(command, common)
    desk_options.refusals(command, common)
    desk_options.promises(command, common)
    desk_options.shift(command, common)
    problem_options.problem(command, common)
    _moving(command, common)
    _settings(command, common)
    _tools(command, common)
    return parser


def _reading(command: Maker) -> None:
    queue = command("queue", "supportterm.cli.queue:queue", "list tickets, most pressing first")
    queue.takes_query = True
    queue.add_argument("query", nargs="*", help="a query like `status:open due<2h`, or a view's name")
    queue.add_argument("--view", metavar="VIEW", help="look within this view, by its name")
    queue.add_argument("--limit", type=_count, default=50, metavar="N", help="show at most so many (50)")
    command("views", "supportterm.cli.queue:views", "list the views, with how many tickets each has")
    show = command("show", "supportterm.cli.ticket:show", "print one ticket's conversation")
    show.add_argument("ref", help="the ticket, like ST-7KQ2F or its beginning")
    show.add_argument("--all", action="store_true", help="with quotes and signatures")
    show.add_argument("--journal", action="store_true", help="with who did what")
    why = command("why", "supportterm.cli.ticket:why", "explain a ticket's place in the queue and its due time")
    why.add_argument("ref", help="the ticket")
    search = command("search", "supportterm.cli.queue:search", "find messages by their words, newest first")
    search.takes_query = True
    search.add_argument("words", nargs="+", help='words, "exact words", or fields like from:mara')
    search.add_argument("--limit", type=_count, default=50, metavar="N", help="show at most so many (50)")


def _verbs(command: Maker) -> None:
    reply = command("reply", "supportterm.cli.verbs:reply", "answer a ticket's customer")
    reply.add_argument("ref", help="the ticket")
    _text(reply)
    reply.add_argument("--snippet", metavar="NAME", help="begin with this snippet, by trigger or id")
    reply.add_argument(
        "--fill",
        action="append",
        default=[],
        metavar="N=TEXT",
        help="fill the snippet's blank N; a bare N takes its suggestion",
    )
    reply.add_argument("--status", choices=STATUSES, help="the ticket's status after sending (pending)")
    reply.add_argument("--all", dest="everyone", action="store_true", help="copy everyone who was on the mail")
    desk_options.addressed(reply)
    reply.add_argument("--attach", action="append", default=[], metavar="FILE", help="send a file along")
    reply.add_argument(
        "--promise",
        choices=("ask", "keep", "ignore"),
        default="ask",
        help="what to do about a promise in it: keep it as a clock, or ask at the terminal (ask)",
    )
    reply.add_argument(
        "--at", metavar="WHEN", help="let it leave later, by the customer's clocks: Monday 9:00, tomorrow 14:00 ours"
    )
    reply.add_argument("--wait", action="store_true", help="stay until a server took it")
    reply.add_argument("--patience", type=float, default=90.0, metavar="SECONDS", help="how long --wait stays (90)")
    desk_options.forward(command, _text)
    note = command("note", "supportterm.cli.verbs:note", "write an internal note; it never leaves the team")
    note.add_argument("ref", help="the ticket")
    _text(note)
    change = command("set", "supportterm.cli.verbs:change", "change status, assignee, priority, tags or snooze")
    change.add_argument("ref", help="the ticket")
    change.add_argument("--status", choices=STATUSES, help="who owes the next step")
    change.add_argument("--assignee", metavar="WHO", help="an agent's id, me, or none")
    change.add_argument("--priority", choices=("urgent", "high", "normal", "low", "computed"), help="override it")
    change.add_argument("--why", default="", metavar="TEXT", help="why the priority is set by hand")
    change.add_argument("--tag", action="append", default=[], metavar="TAG", help="add a tag")
    change.add_argument("--untag", action="append", default=[], metavar="TAG", help="remove a tag")
    change.add_argument(
        "--snooze", metavar="WHEN", help="30m, 2h, friday 9:00, 2026-12-01T09:00, until they write, or off"
    )
    desk_options.cases(command)
    remind = command("remind", "supportterm.cli.verbs:remind", "be reminded of a ticket at a time")
    remind.add_argument("ref", help="the ticket")
    remind.add_argument("words", nargs="*", metavar="WHEN TEXT", help="when, then of what: tomorrow 9:00 call Jo")
    remind.add_argument("--follow-up", action="store_true", help="a follow-up: ask the customer how it went")
    ends = remind.add_mutually_exclusive_group()
    ends.add_argument("--done", action="store_true", help="the ticket's next reminder is done")
    ends.add_argument("--drop", action="store_true", help="the ticket's next reminder is not needed any more")
    desk_options.calls(command)
    later = command("later", "supportterm.cli.later:later", "tell the customer that you need five minutes")
    later.add_argument("ref", help="the ticket")
    later.add_argument("--minutes", type=int, default=5, metavar="N", help="how many minutes you need; 5 by default")
    later.add_argument("--told", action="store_true", help="they know already: only promise to be back")
    undo = command("undo", "supportterm.cli.verbs:undo", "take back your last step, or the last on one ticket")
    undo.add_argument("ref", nargs="?", help="the ticket")


def _moving(command: Maker, common: argparse.ArgumentParser) -> None:
    sync = command("sync", "supportterm.cli.sync:sync", "fetch mail and deliver the outbox")
    how = sync.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help="one round, then end (the default)")
    how.add_argument("--watch", action="store_true", help="go on until stopped")
    sync.add_argument(
        "--while-wanted",
        action="store_true",
        help="with --watch: end when no console is open and nothing is about to leave",
    )
    outbox = command("outbox", "supportterm.cli.outbox:list_outbox", "show mail on its way, decide where it stopped")
    outbox.set_defaults(all=False)
    steps = outbox.add_subparsers(metavar="STEP")
    listing = made(steps, common, "list", "supportterm.cli.outbox:list_outbox", "list mail on its way")
    listing.add_argument("--all", action="store_true", help="also what was accepted or taken back")
    retry = made(steps, common, "retry", "supportterm.cli.outbox:retry", "send a stopped mail again")
    drop = made(steps, common, "drop", "supportterm.cli.outbox:drop", "discard a mail that has not left")
    resolve = made(steps, common, "resolve", "supportterm.cli.outbox:resolve", "say what became of an uncertain mail")
    when = made(steps, common, "time", "supportterm.cli.outbox:change_time", "let a mail that waits leave another time")
    for step in (retry, drop, resolve, when):
        step.add_argument("number", type=int, help="the mail's number in the outbox")
    when.add_argument("when", nargs="+", metavar="WHEN", help="Monday 9:00 by the customer's clocks, or now")
    fate = resolve.add_mutually_exclusive_group(required=True)
    fate.add_argument("--sent", action="store_true", help="it arrived")
    fate.add_argument("--not-sent", dest="sent", action="store_false", help="it did not; discard it")


def _settings(command: Maker, common: argparse.ArgumentParser) -> None:
    macro = command(
        "macro", "supportterm.cli.macro:list_macros", "list, check, edit, import or apply snippets and macros"
    )
    macro_options.add(macro, lambda steps, *named: made(steps, common, *named))
    config = command("config", "supportterm.cli.settings:config_path", "show or check the configuration")
    configs = config.add_subparsers(metavar="STEP")
    made(configs, common, "path", "supportterm.cli.settings:config_path", "say where the files are")
    made(configs, common, "check", "supportterm.cli.settings:config_check", "find mistakes in the configuration")
    backup = command("backup", "supportterm.cli.settings:backup", "copy the whole store, sources of mail included")
    backup.add_argument("file", nargs="?", help="where to (else beside the store, with the date)")


def _tools(command: Maker, common: argparse.ArgumentParser) -> None:
    parse = command("parse", "supportterm.cli.tools:parse", "read mail files and print what they say as JSON lines")
    parse.add_argument("files", nargs="*", metavar="FILE", help="mail files")
    parse.add_argument("--jsonl", metavar="DIR", help="read every file of a folder")
    thread = command("thread", "supportterm.cli.tools:thread", "say which mails of a folder belong together")
    thread.add_argument("--jsonl", metavar="DIR", required=True, help="the folder")
    triage = command("triage", "supportterm.cli.tools:triage", "score customers' texts and say why")
    triage.set_defaults(step="score")
    triage.add_argument("--jsonl", metavar="FILE", help="one JSON object a line: id, text, meta")
    steps = triage.add_subparsers(metavar="STEP")
    for step, words in (
        ("check", "try this house's own packs, and say what is wrong with them"),
        ("rejected", "list the rules agents reject, those rejected most often first"),
        ("overrides", "list priorities set by hand, newest first, with what was computed"),
    ):
        made(steps, common, step, "supportterm.cli.triage_rules:" + step, words)
    command(
        "train", "supportterm.cli.train:train", "learn from the tickets this team corrected, and measure what it gains"
    )
    lint = command("lint", "supportterm.cli.lint:lint", "give the hints on a reply, or on each of a file")
    lint.add_argument("--jsonl", metavar="FILE", help="one JSON object a line: id, customer, reply, state, …")
    lint.add_argument("--reply", metavar="FILE", help="the reply, - for standard input")
    lint.add_argument("--customer", metavar="FILE", help="the customer's mail it answers")
    lint.add_argument("--lang", choices=("auto", "en", "ru", "ja", "tr"), default="auto", help="the reply's language")
    lint.add_argument("--state", choices=("pending", "resolved"), default="pending", help="what it leaves (pending)")
    lint.add_argument(
        "--channel", choices=("email", "chat", "social", "phone"), default="email", help="where it goes (email)"
    )
    lint.add_argument("--turn", choices=("first", "followup"), default="followup", help="our first answer, or not")
    lint.add_argument(
        "--packs", action="store_true", help="try this house's own hints, and say what is wrong with them"
    )
    lint.add_argument("--context", metavar="FILE", help="JSON: customer_name, attachments, macro_text, sent_before, …")
    doctor = command(
        "doctor", "supportterm.cli.doctor:doctor", "look whether all is well, and say what to do where not"
    )
    doctor.add_argument("--online", action="store_true", help="sign in to both mail servers as well")
    demo = command("demo", "supportterm.cli.demo:demo", "play the main job with a mail server of its own")
    demo.add_argument("--headless", action="store_true", help="play it and say what was seen")
    demo.add_argument("--keep", metavar="FOLDER", help="keep the scratch store in this folder")
    shells = command("completion", "supportterm.cli.tools:completion", "print a completion script for a shell")
    shells.add_argument("shell", choices=("bash", "zsh", "tcsh"), help="the shell")


def _text(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="?", help="the text (else --file, else standard input)")
    parser.add_argument("--file", metavar="FILE", help="read the text from a file, - for standard input")


def _count(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < number <= 100_000:
        raise argparse.ArgumentTypeError("must be between 1 and 100000")
    return number
