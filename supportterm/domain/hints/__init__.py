"""Hints: remarks on a reply being written, by rules that know its language and whom it answers."""
