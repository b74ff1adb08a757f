"""The door to SMTP, and the only place that knows aiosmtplib.

`transport` is what the desk holds: one kept-open connection, each step of a
mail by hand. `connection` opens it: secured, greeted and signed in, or not at all.
"""

from supportterm.mail.smtp.transport import SmtpTransport

__all__ = ["SmtpTransport"]
