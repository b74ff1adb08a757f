"""A configuration's needed part, for what a test writes below it."""

SERVERS = """[mailbox]
address = "support@acme.example"
[mailbox.imap]
host = "imap.acme.example"
port = 993
[mailbox.smtp]
host = "smtp.acme.example"
port = 465
"""
"""Eight lines: what a test writes begins in the ninth."""
