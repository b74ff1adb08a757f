"""Everything that speaks to a mail server or reads a mail's bytes.

`gateway` holds the protocols and value types the desk works with; `imap` is
the only door to imapclient, `smtp` the only one to aiosmtplib. `reading` hands
raw bytes to a limited child process and gives back `ParsedMail` values;
`parse` and what it uses run inside that child. `compose` writes what goes out.
"""
