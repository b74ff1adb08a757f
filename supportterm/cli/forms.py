"""`forms`: contact forms and forwarders, and whether their mail is taken for the customer's it names."""

from __future__ import annotations

import argparse

from supportterm.cli.context import at_desk, reading
from supportterm.cli.output import Output

_SAID = {None: "nobody has said", True: "the customer's", False: "its own"}


def list_forms(args: argparse.Namespace, output: Output) -> int:
    """List forms and forwarders; status 1 where nobody has decided about one."""
    with reading(args) as (views, _config):
        found = views.relays()
    for one in found:
        record = {"address": one.address, "mails": one.mails, "trusted": one.is_trusted, "decided_by": one.decided_by}
        by = f", says {one.decided_by}" if one.decided_by else ""
        output.record(record, f"{one.address}  {one.mails} mail{'s' * (one.mails != 1)}  {_SAID[one.is_trusted]}{by}")
    if not found:
        output.say("No mail came through a contact form or a forwarder.")
    return 1 if any(one.is_trusted is None for one in found) else 0


def confirm(args: argparse.Namespace, output: Output) -> int:
    """Take a form's mail for the customer's it names."""
    return _decide(args, output, trust=True)


def refuse(args: argparse.Namespace, output: Output) -> int:
    """Take a form's mail for its own."""
    return _decide(args, output, trust=False)


def _decide(args: argparse.Namespace, output: Output, *, trust: bool) -> int:
    from supportterm.desk import relays

    with at_desk(args) as desk:
        done = relays.decide(desk, args.who, trust=trust)
    output.record({"ref": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
    return 0
