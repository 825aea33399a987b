-- Up to which event some were thrown away. The oldest that is kept does not tell that: what gets on step by step leaves gaps in the ids.
CREATE TABLE trimmed_events (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    newest_gone bigint NOT NULL
);
INSERT INTO trimmed_events (newest_gone) SELECT coalesce(min(id) - 1, 0) FROM events;
