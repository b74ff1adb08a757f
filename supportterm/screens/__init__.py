"""The console: one screen a file, its look beside it.

A screen reads the store through `console`, changes it by verbs of the desk,
and knows no network. What an agent can do is listed once, in `commands`;
bindings, footer, palette, help and the README's key table come from there.
Every foreign string is shown with markup off and passes `gate` last.
"""
