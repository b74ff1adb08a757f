"""The Textual front end: one screen a file. Not built yet; the command line drives the desk meanwhile."""
