"""Mail servers for tests: a real Dovecot, an SMTP server with faults, and scripted dialogues."""
