-- The identity that this database shares with its folder of recordings, which has it in a marker file. Where the two differ nothing starts:
-- with another database every file would look like one that nobody knows.
CREATE TABLE archive_identity (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id        uuid NOT NULL DEFAULT gen_random_uuid(),
    is_shared boolean NOT NULL DEFAULT false                         -- a folder of recordings has been given it
);
INSERT INTO archive_identity DEFAULT VALUES;

-- Files whose deletion was promised; each is removed from here when it is gone from the disk.
CREATE TABLE doomed_files (
    path      text PRIMARY KEY,                                      -- inside the folder of recordings
    doomed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    problem   text                                                   -- why it is still there; null: not tried yet
);
