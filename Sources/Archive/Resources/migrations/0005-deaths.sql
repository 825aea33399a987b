-- A job that ran when its worker died is a suspect: it may be the cause, so it runs alone in its worker until it has succeeded.
ALTER TABLE jobs
    ADD COLUMN is_suspect boolean NOT NULL DEFAULT false,
    ADD COLUMN deaths     bigint NOT NULL DEFAULT 0,  -- of workers that ran nothing else, since the last progress
    ADD COLUMN expiries   bigint NOT NULL DEFAULT 0;  -- of leases of a suspect, since the last progress: nothing saw the worker's end
