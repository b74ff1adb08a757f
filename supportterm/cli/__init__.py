"""The command line over the desk: data to stdout, words to stderr.

Exit status: 0 done; 1 done, with something left to act on, or refused with a
reason; 2 unusable input, configuration or usage; 3 a mail server refused or
could not be reached; 4 the store cannot be used; 130 interrupted.
"""
