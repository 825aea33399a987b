-- Faults of a machine that keep jobs waiting, and files that could only be read in part.

ALTER TABLE workers
    ADD COLUMN holds jsonb NOT NULL DEFAULT '[]';                    -- a list of {"code", "message", "since", "kinds", "model"}

ALTER TABLE jobs
    ADD COLUMN hold     jsonb,                                       -- why this job alone waits; null: it does not, or did once
    ADD COLUMN after_ms bigint;                                      -- a preparation far ahead waits until the text is stored up to here

ALTER TABLE transcriptions
    ADD COLUMN damage_message text,                                  -- why the file could only be read in part; null: it was read to its end
    ADD COLUMN damage_read_ms bigint CHECK (damage_read_ms >= 0),    -- how far it was read
    ADD CHECK ((damage_message IS NULL) = (damage_read_ms IS NULL));
