-- Recordings become blocks that any worker can recognise, in any order; what is asked for becomes one column of options.

-- Whatever was half done is done again: there are no blocks yet to go on with.
DELETE FROM segments s USING transcriptions t WHERE t.id = s.transcription_id AND t.state IN ('pending', 'processing', 'failed', 'cancelled');
DELETE FROM jobs;

ALTER TABLE transcriptions
    ADD COLUMN options         jsonb NOT NULL DEFAULT '{}',      -- what is not there has its default
    ADD COLUMN channels        bigint NOT NULL DEFAULT 1 CHECK (channels BETWEEN 1 AND 64), -- transcribed one by one
    ADD COLUMN queued_at       timestamptz NOT NULL DEFAULT now(), -- from when on its turn counts
    ADD COLUMN started_at      timestamptz,
    ADD COLUMN prepared_until_ms bigint NOT NULL DEFAULT 0,      -- every block that begins before this is known
    ADD COLUMN is_prepared     boolean NOT NULL DEFAULT false,   -- every block is known
    ADD COLUMN language_probability double precision CHECK (language_probability BETWEEN 0 AND 1);

UPDATE transcriptions SET
    options = jsonb_strip_nulls(jsonb_build_object(
        'language', requested_language, 'prompt', prompt, 'translate', CASE WHEN task = 'translate' THEN true END)),
    queued_at = created_at,
    is_prepared = (state = 'completed'),
    stored_until_ms = CASE WHEN state = 'completed' THEN stored_until_ms ELSE 0 END,
    heard_until_ms = CASE WHEN state = 'completed' THEN heard_until_ms ELSE 0 END;

ALTER TABLE transcriptions
    DROP COLUMN task,
    DROP COLUMN requested_language,
    DROP COLUMN prompt,
    DROP CONSTRAINT transcriptions_state_check,
    ADD CHECK (state IN ('pending', 'processing', 'paused', 'completed', 'failed', 'cancelled'));
ALTER TABLE transcriptions RENAME COLUMN heard_until_ms TO heard_ms; -- how much of the recording is dealt with, block order aside

-- A stretch of speech, some 20 seconds long, that is recognised by itself.
CREATE TABLE blocks (
    transcription_id uuid NOT NULL REFERENCES transcriptions ON DELETE CASCADE,
    ordinal          bigint NOT NULL CHECK (ordinal >= 0),       -- in the order in which they were cut
    channel          bigint NOT NULL DEFAULT 0 CHECK (channel >= 0),
    start_ms         bigint NOT NULL CHECK (start_ms >= 0),
    end_ms           bigint NOT NULL,
    speech_ms        bigint,                                     -- how much of it is speech; unknown without voice activity
    language         text,                                       -- as recognised
    processing_ms    bigint,                                     -- what recognition took, waiting aside
    done_at          timestamptz,                                -- when its segments were stored
    PRIMARY KEY (transcription_id, ordinal),
    CHECK (end_ms > start_ms)
);
CREATE INDEX blocks_still_open ON blocks (transcription_id, start_ms) WHERE done_at IS NULL;
CREATE INDEX blocks_lately_done ON blocks (done_at DESC) WHERE done_at IS NOT NULL;

-- Segments are stored with their block, and get their ordinal, their place in the transcript, when all before them are there.
ALTER TABLE segments
    ADD COLUMN block             bigint NOT NULL DEFAULT 0,
    ADD COLUMN place             bigint NOT NULL DEFAULT 0,      -- within the block
    ADD COLUMN speaker           text,
    ADD COLUMN language          text,
    ADD COLUMN compression_ratio double precision,
    ADD COLUMN temperature       double precision,
    ADD COLUMN words             jsonb,
    ADD COLUMN word_timing       text CHECK (word_timing IN ('attention', 'tokens')),
    ADD COLUMN removal           text;                           -- why it is not part of the transcript; null: it is
UPDATE segments SET place = ordinal;
ALTER TABLE segments
    DROP CONSTRAINT segments_pkey,
    ALTER COLUMN ordinal DROP NOT NULL,
    ADD PRIMARY KEY (transcription_id, block, place),
    ADD UNIQUE (transcription_id, ordinal);

-- `turn` says who comes first. A block's turn is later the further into its recording it lies, so a short clip overtakes a long file.
ALTER TABLE jobs
    DROP CONSTRAINT jobs_kind_check,
    DROP CONSTRAINT jobs_kind_transcription_id_key,
    ADD CHECK (kind IN ('prepare', 'block', 'finish')),
    ADD COLUMN block    bigint,
    ADD COLUMN turn     timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN taken_at timestamptz,
    ADD CHECK ((kind = 'block') = (block IS NOT NULL));
CREATE UNIQUE INDEX jobs_once ON jobs (transcription_id, kind, coalesce(block, -1));
DROP INDEX jobs_by_turn;
CREATE INDEX jobs_by_turn ON jobs (turn, id);
INSERT INTO jobs (kind, transcription_id, turn)
    SELECT 'prepare', id, queued_at FROM transcriptions WHERE state IN ('pending', 'processing');

-- Who works at the moment; for estimates of the time left.
CREATE TABLE workers (
    name    text PRIMARY KEY,
    lanes   bigint NOT NULL CHECK (lanes > 0),                   -- blocks that it recognises at the same time
    seen_at timestamptz NOT NULL DEFAULT now()
);
