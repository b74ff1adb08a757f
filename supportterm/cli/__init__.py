"""The command line over the desk: data to stdout, words to stderr."""
