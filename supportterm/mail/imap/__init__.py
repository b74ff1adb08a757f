"""The door to IMAP, and the only place that knows imapclient.

`mailbox` is what the desk holds; `lane` is its thread; `session` speaks the
commands over a `client` (imapclient, guarded) whose every byte passes through
`wire`; `responses` and `folders` are pure readings of what the server says.
"""

from supportterm.mail.imap.mailbox import ImapMailbox

__all__ = ["ImapMailbox"]
