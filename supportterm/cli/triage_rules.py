"""`triage check`, `triage rejected`, `triage overrides`: the rules of triage, and what agents make of them."""

from __future__ import annotations

import argparse

from supportterm.bootstrap import build_packs
from supportterm.cli.context import config_or_none, reading
from supportterm.cli.output import Output, fit, local
from supportterm.domain import rejections
from supportterm.domain.ticket import Priority


def check(args: argparse.Namespace, output: Output) -> int:
    """Try this house's own packs; status 2 where one cannot be used."""
    packs = build_packs(config_or_none(args))
    problems = packs.problems
    for lang in packs:
        files = [file for file in packs.files(lang) if not any(str(file.path) in problem for problem in problems)]
        examples = sum(len(fires) + len(silent) for _, fires, silent in packs[lang].examples)
        names = [file.path.name for file in files]
        own = f", with {', '.join(names)} ({sum(file.words for file in files)} words)" if names else ""
        output.record({"lang": lang, "files": names, "examples": examples}, f"{lang}: {examples} examples hold{own}")
    for problem in problems:
        output.record({"problem": problem}, problem)
    if problems:
        output.say("What is refused is left out; everything else holds.")
    return 2 if problems else 0


def rejected(args: argparse.Namespace, output: Output) -> int:
    """List the signals agents said were not true, with how often they were found and the words they rested on."""
    with reading(args) as (views, _):
        for signal, times, found in views.often_rejected():
            words = views.rejected_words(signal)
            record = {"signal": signal, "rejected": times, "found": found, "evidence": words}
            said = "; ".join(f"“{w}”" for w in words)
            output.record(record, f"{fit(signal, 16)} rejected {times} of {found} times{f': {said}' if said else ''}")
    return 0


def overrides(args: argparse.Namespace, output: Output) -> int:
    """List the priorities agents set by hand, newest first."""
    with reading(args) as (views, _):
        for event in views.overrides():
            after = event.payload["override"][1]
            was = event.payload.get("computed")
            ticket = views.ticket(views.resolve(event.ticket_key))
            record = {
                "ref": ticket.ref if ticket else event.ticket_key,
                "at": event.at,
                "by": event.by,
                "computed": None if was is None else Priority(was).word,
                "override": Priority(after).word,
                "why": event.payload.get("why", ""),
                "reasons": [rejections.in_words(rejections.mark(r)) for r in ticket.reasons] if ticket else [],
            }
            line = f"{fit(str(record['ref']), 10)} {local(event.at, event.at)}  {event.by}: "
            line += f"{record['computed'] or '?'} → {record['override']}"
            output.record(record, line + (f", {record['why']}" if record["why"] else ""))
    return 0
