"""What the store keeps of triage besides the tickets: rejected lines, and how often a signal was found and rejected."""

REJECTED = """
    ALTER TABLE ticket ADD COLUMN rejected TEXT NOT NULL DEFAULT '[]';
    CREATE INDEX ticket_rejected ON ticket (updated_at) WHERE rejected != '[]';
    CREATE INDEX event_override ON event (at) WHERE kind = 'changed' AND payload LIKE '%"override"%';
    CREATE TABLE fired (
        signal TEXT NOT NULL,
        ticket_key TEXT NOT NULL,
        rejected INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (signal, ticket_key)
    );
    CREATE INDEX fired_ticket ON fired (ticket_key);
    CREATE INDEX fired_rejected ON fired (signal) WHERE rejected = 1;
    CREATE TRIGGER fired_insert AFTER INSERT ON ticket WHEN new.reasons != '[]' BEGIN
        INSERT INTO fired (signal, ticket_key)
            SELECT json_extract(value, '$[0]'), new.key FROM json_each(new.reasons)
            WHERE json_extract(value, '$[6]') = 'text' ON CONFLICT DO NOTHING;
    END;
    CREATE TRIGGER fired_update AFTER UPDATE OF reasons ON ticket
        WHEN new.reasons != '[]' AND new.reasons != old.reasons BEGIN
        INSERT INTO fired (signal, ticket_key)
            SELECT json_extract(value, '$[0]'), new.key FROM json_each(new.reasons)
            WHERE json_extract(value, '$[6]') = 'text' ON CONFLICT DO NOTHING;
    END;
    CREATE TRIGGER fired_rejected_update AFTER UPDATE OF rejected ON ticket WHEN new.rejected != old.rejected BEGIN
        UPDATE fired SET rejected = EXISTS (
            SELECT 1 FROM json_each(new.rejected) r WHERE r.value = signal OR r.value LIKE signal || ' %'
        ) WHERE ticket_key = new.key;
    END;
    CREATE TRIGGER fired_delete AFTER DELETE ON ticket BEGIN
        DELETE FROM fired WHERE ticket_key = old.key;
    END;
    """
"""A step of the migrations."""
