"""The application layer: the agent's verbs, and what happens to mail coming in and going out.

`verbs` are what an agent does (each one transaction with its event); `inbound`
turns fetched mail into tickets; `outbound` drains the outbox; `worker` runs
both against a mail server; `views` answers questions for any front end.
"""
