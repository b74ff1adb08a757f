"""The store: SQLite by SQLModel for writing, plain SQL for reading. It never sees the mail floor.

`database` opens the file and hands out transactions; `migrations` brings it to
today's shape; `tables` are the rows' storage shapes and `mapping` turns them
into domain values; one module per noun writes; `views` reads on plain sqlite3
and can be imported without SQLModel, so that a first screen needs no ORM.

Instants are stored as whole milliseconds since 1970 UTC: a due time is then one
indexed integer, and bulk writes need no conversion on the way.
"""
