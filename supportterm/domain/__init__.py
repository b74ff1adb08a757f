"""Pure rules beside their types: no I/O, no clock, standard library only.

Functions here are total: any value of their parameter types gives a result.
Whatever needs the time takes `now` (an aware UTC datetime) as a parameter.
"""
