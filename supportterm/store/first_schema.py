"""The first shape of a store: tickets, messages, their full text, folders, operations, the journal, counters."""

FIRST = """
    CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;

    CREATE TABLE ticket (
        key TEXT PRIMARY KEY NOT NULL,
        ref TEXT NOT NULL UNIQUE,
        subject TEXT NOT NULL,
        status TEXT NOT NULL,
        channel TEXT NOT NULL,
        requester_name TEXT NOT NULL,
        requester_address TEXT NOT NULL,
        lang TEXT,
        assignee TEXT,
        priority INTEGER NOT NULL,
        override INTEGER,
        tier INTEGER NOT NULL,
        score INTEGER NOT NULL,
        reasons TEXT NOT NULL,
        words TEXT NOT NULL,
        intent TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        last_message_at INTEGER NOT NULL,
        last_customer_at INTEGER,
        last_reply_at INTEGER,
        first_replied_at INTEGER,
        waiting_since INTEGER,
        due_at INTEGER,
        due_kind TEXT,
        rank_changes_at INTEGER,
        snoozed_until INTEGER,
        history INTEGER NOT NULL,
        automatic INTEGER NOT NULL,
        undelivered INTEGER NOT NULL,
        messages INTEGER NOT NULL,
        follows TEXT
    ) WITHOUT ROWID;
    CREATE INDEX ticket_queue ON ticket (tier, ifnull(due_at, 9223372036854775807), created_at)
        WHERE status IN ('new', 'open');
    CREATE INDEX ticket_status ON ticket (status, updated_at);
    CREATE INDEX ticket_requester ON ticket (requester_address, created_at);
    CREATE INDEX ticket_rank ON ticket (rank_changes_at) WHERE rank_changes_at IS NOT NULL;

    CREATE TABLE alias (key TEXT PRIMARY KEY NOT NULL, ref TEXT NOT NULL, ticket_key TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX alias_ref ON alias (ref);
    CREATE TABLE tag (ticket_key TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (ticket_key, name)) WITHOUT ROWID;
    CREATE INDEX tag_name ON tag (name);
    CREATE TABLE mention (message_id TEXT PRIMARY KEY NOT NULL, ticket_key TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX mention_ticket ON mention (ticket_key);

    CREATE TABLE message (
        id INTEGER PRIMARY KEY NOT NULL,
        ticket_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        message_id TEXT,
        fingerprint TEXT NOT NULL,
        sender_name TEXT NOT NULL,
        sender_address TEXT NOT NULL,
        people TEXT NOT NULL,
        subject TEXT NOT NULL,
        sent_at INTEGER,
        at INTEGER NOT NULL,
        text TEXT NOT NULL,
        reply_text TEXT,
        lang TEXT,
        intent TEXT NOT NULL,
        attachments TEXT NOT NULL,
        attachment_count INTEGER NOT NULL,
        defects TEXT NOT NULL,
        links TEXT NOT NULL,
        raw TEXT,
        author TEXT,
        joined_by TEXT NOT NULL
    );
    CREATE INDEX message_ticket ON message (ticket_key, at);
    CREATE INDEX message_fingerprint ON message (fingerprint);
    CREATE INDEX message_message_id ON message (message_id) WHERE message_id IS NOT NULL;

    CREATE TABLE raw (sha TEXT PRIMARY KEY NOT NULL, size INTEGER NOT NULL, data BLOB NOT NULL);

    CREATE TABLE folder (
        id INTEGER PRIMARY KEY NOT NULL,
        name TEXT NOT NULL UNIQUE,
        role TEXT NOT NULL,
        uidvalidity INTEGER NOT NULL,
        last_uid INTEGER NOT NULL,
        modseq INTEGER,
        complete INTEGER NOT NULL
    );
    CREATE TABLE location (
        folder_id INTEGER NOT NULL,
        uid INTEGER NOT NULL,
        message INTEGER NOT NULL,
        flags TEXT NOT NULL,
        PRIMARY KEY (folder_id, uid)
    ) WITHOUT ROWID;
    CREATE INDEX location_message ON location (message);

    CREATE TABLE event (
        id TEXT PRIMARY KEY NOT NULL,
        v INTEGER NOT NULL,
        replica TEXT NOT NULL,
        seq INTEGER NOT NULL,
        by TEXT NOT NULL,
        at INTEGER NOT NULL,
        ticket_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        base TEXT,
        payload TEXT NOT NULL,
        undoes TEXT,
        UNIQUE (replica, seq)
    );
    CREATE INDEX event_ticket ON event (ticket_key, seq);
    CREATE INDEX event_undoes ON event (undoes) WHERE undoes IS NOT NULL;

    CREATE TABLE operation (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
        ticket_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        message INTEGER,
        message_id TEXT,
        payload TEXT NOT NULL,
        base_message INTEGER NOT NULL,
        base_at INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        not_before INTEGER NOT NULL,
        next_attempt_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        said TEXT NOT NULL
    );
    CREATE INDEX operation_due ON operation (next_attempt_at) WHERE state IN ('queued', 'sending');
    CREATE INDEX operation_ticket ON operation (ticket_key, id);
    CREATE INDEX operation_message_id ON operation (message_id) WHERE message_id IS NOT NULL;
    CREATE TABLE recipient (
        operation INTEGER NOT NULL,
        address TEXT NOT NULL,
        state TEXT NOT NULL,
        code INTEGER NOT NULL,
        said TEXT NOT NULL,
        PRIMARY KEY (operation, address)
    ) WITHOUT ROWID;

    CREATE VIRTUAL TABLE search USING fts5 (
        subject, body, people, content='', tokenize='unicode61 remove_diacritics 2'
    );

    CREATE TABLE counter (
        status TEXT NOT NULL,
        assignee TEXT NOT NULL,
        tier INTEGER NOT NULL,
        snoozed INTEGER NOT NULL,
        history INTEGER NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (status, assignee, tier, snoozed, history)
    ) WITHOUT ROWID;
    CREATE TRIGGER ticket_counted AFTER INSERT ON ticket BEGIN
        INSERT INTO counter
            VALUES (new.status, ifnull(new.assignee, ''), new.tier, new.snoozed_until IS NOT NULL, new.history, 1)
            ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    CREATE TRIGGER ticket_uncounted AFTER DELETE ON ticket BEGIN
        UPDATE counter SET n = n - 1 WHERE status = old.status AND assignee = ifnull(old.assignee, '')
            AND tier = old.tier AND snoozed = (old.snoozed_until IS NOT NULL) AND history = old.history;
    END;
    CREATE TRIGGER ticket_recounted AFTER UPDATE OF status, assignee, tier, snoozed_until, history ON ticket
    WHEN old.status IS NOT new.status OR old.assignee IS NOT new.assignee OR old.tier IS NOT new.tier
        OR (old.snoozed_until IS NULL) IS NOT (new.snoozed_until IS NULL) OR old.history IS NOT new.history
    BEGIN
        UPDATE counter SET n = n - 1 WHERE status = old.status AND assignee = ifnull(old.assignee, '')
            AND tier = old.tier AND snoozed = (old.snoozed_until IS NOT NULL) AND history = old.history;
        INSERT INTO counter
            VALUES (new.status, ifnull(new.assignee, ''), new.tier, new.snoozed_until IS NOT NULL, new.history, 1)
            ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    """
