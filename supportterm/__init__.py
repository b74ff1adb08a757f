"""supportterm: a terminal console for customer-support agents.

The store is the meeting place. The console and the command line read and
write it; the mail worker reads and writes it; neither knows the other.
Everything an agent does is local, immediate and durable; everything the
network does happens elsewhere and shows up.

Floors, imports going only downward (a test keeps it so):

    cli, demo, app    what a person starts
    bootstrap         the one place where parts are joined
    screens           Textual; nothing below knows it
    desk              the agent's verbs, what happens to mail in and out, the worker
    mail | store      IMAP, SMTP and MIME | SQLite; they never see each other
    config            TOML to a frozen `Config`
    domain            pure rules: no I/O, no clock of its own, standard library only
"""

__version__ = "0.1.0"
