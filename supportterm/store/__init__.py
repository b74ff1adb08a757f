"""The store: SQLite by SQLModel for writing, plain SQL for reading. It never sees the mail floor."""
