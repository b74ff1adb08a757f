"""The commands for what an agent does besides reading and answering: calls, cases, promises, refusals, shifts."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from supportterm.cli.command_parser import STATUSES, Maker, made


def addressed(mail: argparse.ArgumentParser) -> None:
    """Add who gets a blind copy of a mail, and which of our addresses it is from."""
    mail.add_argument(
        "--bcc", action="append", default=[], metavar="ADDRESS", help="send a blind copy, known inside alone"
    )
    mail.add_argument(
        "--from",
        dest="sender",
        default="",
        metavar="ADDRESS",
        help="which of the mailbox's addresses it is from (the one the customer wrote to)",
    )


def forward(command: Maker, add_text: Callable[[argparse.ArgumentParser], None]) -> None:
    """Add sending a conversation to somebody else."""
    forward = command("forward", "supportterm.cli.forward:forward", "send a ticket's conversation to somebody else")
    forward.add_argument("ref", help="the ticket")
    add_text(forward)
    forward.add_argument("--to", action="append", required=True, metavar="ADDRESS", help="whom it goes to")
    forward.add_argument("--cc", action="append", default=[], metavar="ADDRESS", help="send a copy")
    addressed(forward)
    forward.add_argument("--subject", default="", metavar="TEXT", help="its subject (Fwd: the ticket's)")
    forward.add_argument("--with-files", action="store_true", help="send the conversation's files along")
    forward.add_argument("--attach", action="append", default=[], metavar="FILE", help="send a file along")
    forward.add_argument("--status", choices=STATUSES, help="the ticket's status after it (as it is)")


def calls(command: Maker) -> None:
    """Add what is said of phone calls."""
    call = command("call", "supportterm.cli.calls:call", "write down a phone call that is over")
    call.add_argument("ref", nargs="?", help="the ticket it was about")
    call.add_argument("--customer", metavar="WHO", help="a known customer, by address or number, instead of a ticket")
    call.add_argument("--unknown", metavar="WHO", help="somebody new, by name, number or address")
    call.add_argument("--note", default="", metavar="TEXT", help="what was said and agreed")
    call.add_argument("--minutes", type=_minutes, default=0.0, metavar="N", help="how long it took (0)")
    call.add_argument(
        "--outcome", choices=(*STATUSES, "unreached"), default="pending", help="the ticket's status after it (pending)"
    )
    call.add_argument("--read-back", action="store_true", help="the summary was read back to them")
    call.add_argument("--mail", choices=("draft", "send"), default="", help="mail the summary, or draft that mail")
    callback = command("callback", "supportterm.cli.calls:callback", "call a customer back at a time, by their clock")
    callback.add_argument("ref", help="the ticket")
    callback.add_argument("words", nargs="*", metavar="WHEN TEXT", help="when, then why: friday 14:00 the invoice")
    ends = callback.add_mutually_exclusive_group()
    ends.add_argument("--done", action="store_true", help="the ticket's next callback is done")
    ends.add_argument("--drop", action="store_true", help="the ticket's next callback is not needed any more")


def cases(command: Maker) -> None:
    """Add what joins, parts, sweeps and blocks."""
    merge = command("merge", "supportterm.cli.cases:merge", "join tickets that are about one matter")
    merge.add_argument("ref", nargs="+", help="the tickets that are taken in")
    merge.add_argument("--into", metavar="REF", required=True, help="the ticket that takes them in")
    unmerge = command("unmerge", "supportterm.cli.cases:unmerge", "make a ticket of its own again of what was joined")
    unmerge.add_argument("ref", help="the reference of the part, or of the ticket that took it in last")
    split = command("split", "supportterm.cli.cases:split", "make messages of a ticket one of their own")
    split.add_argument("ref", help="the ticket")
    split.add_argument("message", type=int, help="the message's id, as `show --json` gives it")
    split.add_argument("--onward", action="store_true", help="with the messages after it")
    sweep = command("sweep", "supportterm.cli.cases:sweep", "solve together what needs no answer")
    sweep.add_argument("--dry-run", action="store_true", help="only list it")
    sweep.add_argument("--keep", action="append", default=[], metavar="REF", help="keep this ticket out, now and later")
    block = command("block", "supportterm.cli.cases:block", "mark tickets as spam and block who wrote them")
    block.add_argument("who", nargs="+", help="a ticket, an address, or @ and a domain")
    block.add_argument("--domain", action="store_true", help="block the sender's whole domain")
    unblock = command("unblock", "supportterm.cli.cases:unblock", "let a blocked sender's mail in again")
    unblock.add_argument("address", help="the address, or @ and the domain")
    command("blocked", "supportterm.cli.cases:blocked", "list blocked senders")
    muted = command("muted", "supportterm.cli.muted:muted", "list the hints that are muted or quieter by habit")
    muted.add_argument("--hear", default="", metavar="RULE", help="hear a hint again")


def forms(command: Maker, common: argparse.ArgumentParser) -> None:
    """Add what is said of contact forms and forwarders."""
    where = "supportterm.cli.forms:"
    forms = command("forms", f"{where}list_forms", "list contact forms and forwarders, say whose their mail is")
    steps = forms.add_subparsers(metavar="STEP")
    made(steps, common, "list", f"{where}list_forms", "list them, those nobody has decided about first")
    confirm = made(steps, common, "confirm", f"{where}confirm", "its mail is the customer's it names, now and later")
    refuse = made(steps, common, "refuse", f"{where}refuse", "its mail is its own, not the customer's it names")
    for step in (confirm, refuse):
        step.add_argument("who", metavar="REF", help="a ticket that came through it, or its address")


def refusals(command: Maker, common: argparse.ArgumentParser) -> None:
    """Add refusing a customer for good."""
    where = "supportterm.cli.refusals:"
    refuse = command("refuse", f"{where}ask", "ask that a customer be refused for good; a supervisor decides")
    refuse.add_argument("ref", help="the ticket, solved or closed")
    refuse.add_argument("reason", nargs="+", help="why")
    refusals = command("refusals", f"{where}list_refusals", "list requests to refuse a customer, decide about them")
    refusals.set_defaults(all=False)
    steps = refusals.add_subparsers(metavar="STEP")
    listing = made(steps, common, "list", f"{where}list_refusals", "list the requests that wait for a decision")
    listing.add_argument("--all", action="store_true", help="also those decided")
    approve = made(steps, common, "approve", f"{where}approve", "approve one: their mail is spam from now on")
    decline = made(steps, common, "decline", f"{where}decline", "decline one, with the reason")
    for step, count in ((approve, "*"), (decline, "+")):
        step.add_argument("id", help="the request, as the list calls it")
        step.add_argument("reason", nargs=count, help="why")


def promises(command: Maker, common: argparse.ArgumentParser) -> None:
    """Add what is done with promises."""
    where = "supportterm.cli.promises:"
    promises = command("promises", f"{where}list_promises", "list open promises, give one, say what became of it")
    steps = promises.add_subparsers(metavar="STEP")
    made(steps, common, "list", f"{where}list_promises", "list open promises, the next due first")
    give = made(steps, common, "give", f"{where}give", "promise something by hand")
    give.add_argument("ref", help="the ticket")
    give.add_argument("words", nargs="+", metavar="WORDS", help="when, then what: friday 14:00 I call you back")
    kept = made(steps, common, "kept", f"{where}kept", "say that one was kept without a reply")
    move = made(steps, common, "move", f"{where}move", "give one another time; tell them first where it is later")
    hand = made(steps, common, "hand", f"{where}hand", "give one to a colleague")
    withdraw = made(steps, common, "withdraw", f"{where}withdraw", "end one that nobody owes any more")
    for step in (kept, move, hand, withdraw):
        step.add_argument("id", help="the promise, as the list calls it")
    move.add_argument("when", nargs="+", help="the new time")
    hand.add_argument("who", help="an agent's id")


def shift(command: Maker, common: argparse.ArgumentParser) -> None:
    """Add what begins and ends a shift."""
    where = "supportterm.cli.shift:"
    since = command("since", f"{where}since", "tell what happened since you left, or since a time")
    since.add_argument("when", nargs="*", metavar="WHEN", help="2h, 9:00, yesterday, friday 17:30, 2026-11-20")
    handover = command("handover", f"{where}handover", "list what you would leave behind, give it to a colleague")
    steps = handover.add_subparsers(metavar="STEP")
    made(steps, common, "list", f"{where}handover", "list promises, callbacks, updates, drafts, mail that are yours")
    give = made(steps, common, "give", f"{where}give", "give one of them to a colleague")
    give.add_argument("item", metavar="NUMBER", help="its number in the list, or its id")
    give.add_argument("who", help="an agent's id")
    away = command("away", f"{where}away", "be away until a time, a colleague keeping your promises; list who is away")
    away.add_argument("when", nargs="*", metavar="WHEN", help="monday 9:00, 2026-12-01; nothing lists who is away")
    away.add_argument("--keeper", default="", metavar="WHO", help="who sees your promises and callbacks as their own")
    escalate = command("escalate", f"{where}escalate", "hand a ticket on that is stuck: who, by when, what")
    escalate.add_argument("ref", help="the ticket")
    escalate.add_argument("who", help="an agent's id")
    escalate.add_argument("words", nargs="+", metavar="WHEN WHAT", help="tomorrow 12:00 find out why it fails")
    command("back", f"{where}back", "end your absence")


def _minutes(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1440:
        raise argparse.ArgumentTypeError("must be between 0 and 1440")
    return number
