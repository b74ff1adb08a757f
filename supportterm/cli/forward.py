"""`forward`: a ticket's conversation to somebody else, with its files or without."""

from __future__ import annotations

import argparse
from pathlib import Path
from zoneinfo import ZoneInfo

from supportterm.cli import verbs
from supportterm.cli.context import at_desk, reading, ticket_named
from supportterm.cli.output import Output, local
from supportterm.cli.records import queued_record, queued_words
from supportterm.domain.drafts import Recipients
from supportterm.domain.errors import RefusedError
from supportterm.domain.ticket import Status


def forward(args: argparse.Namespace, output: Output) -> int:
    """Queue a mail with the conversation under the text; what stayed inside stays there."""
    from supportterm.desk import files, forwarding, replying
    from supportterm.mail.compose import Enclosure

    with at_desk(args) as desk:
        groups = [verbs.addresses(typed, desk) for typed in (args.to, args.cc, args.bcc)]
        text = verbs.text_of(args)
        with reading(args) as (views, config):
            ticket = ticket_named(views, args.ref)
            conversation, outbox = views.messages(ticket.key), views.outbox(ticket.key, everything=True)
            quoted = forwarding.quoted(conversation, outbox, ZoneInfo(config.policy.time_zone))
            enclosures = [verbs.enclosure(Path(path)) for path in args.attach]
            for message, attachment in forwarding.originals(conversation, outbox) if args.with_files else ():
                raw = views.source(message.raw or "")
                if raw is None:
                    raise RefusedError(f"{attachment.filename} is not kept here any more; nothing was queued.")
                content = files.content_of(raw, attachment)
                enclosures.append(Enclosure(attachment.filename, attachment.content_type, content))
        queued = replying.forward(
            desk,
            ticket.key,
            "\n\n".join(part for part in (text.strip(), quoted) if part),
            Recipients(*groups),
            subject=args.subject,
            status=Status(args.status) if args.status else None,
            attachments=enclosures,
            sender=args.sender,
        )
        output.record(queued_record(queued), queued_words(queued, local(queued.leaves_at, desk.now())))
    return 0
