-- All that Earshot stores: recordings, their transcriptions with segments and revisions, the jobs that make them, uploads, events, workers.
-- Times in a recording are whole milliseconds. docs/glossary.md explains the words, docs/architecture.md the order of the locks.

DO $$
BEGIN
    IF current_setting('server_version_num')::integer < 140000 THEN
        RAISE EXCEPTION 'Earshot needs PostgreSQL 14 or newer; this server is version %.', current_setting('server_version');
    END IF;
    IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        RAISE EXCEPTION 'Search needs the extension pg_trgm, which this PostgreSQL server lacks. It comes with the package postgresql-contrib.';
    END IF;
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'Search needs the extension pg_trgm, which this user may not create. Let the database''s owner run: CREATE EXTENSION pg_trgm;';
END
$$;

-- Recordings -----------------------------------------------------------------------------------------------------------------------------

-- An uploaded file, stored once for each content.
CREATE TABLE audio_files (
    id                uuid PRIMARY KEY,
    original_filename text NOT NULL CHECK (char_length(original_filename) BETWEEN 1 AND 255),
    stored_filename   text NOT NULL UNIQUE,                          -- inside the folder of recordings
    size_bytes        bigint NOT NULL CHECK (size_bytes > 0),
    sha256            text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    media_type        text NOT NULL,
    duration_ms       bigint CHECK (duration_ms >= 0),               -- as the container states it; unknown for some streams
    uploaded_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audio_files_by_content ON audio_files (sha256, size_bytes);

-- One run of one model over one recording.
CREATE TABLE transcriptions (
    id                   uuid PRIMARY KEY,
    audio_file_id        uuid NOT NULL REFERENCES audio_files ON DELETE CASCADE,
    state                text NOT NULL DEFAULT 'pending'
                         CHECK (state IN ('pending', 'processing', 'paused', 'completed', 'failed', 'cancelled')),

    -- The request.
    model                text NOT NULL,
    options              jsonb NOT NULL DEFAULT '{}',                -- an option that is missing has its default
    channels             bigint NOT NULL DEFAULT 1 CHECK (channels BETWEEN 1 AND 64), -- transcribed separately; 1: a mix of all
    range_of             uuid REFERENCES transcriptions ON DELETE SET NULL, -- in whose text this one replaces a range when it is complete
    is_provisional       boolean NOT NULL DEFAULT false,             -- belongs to a client that still waits for its answer

    -- What users call it, and the text that they see.
    name                 text CHECK (char_length(name) BETWEEN 1 AND 255), -- null: the name of the recording's file
    tags                 text[] NOT NULL DEFAULT '{}',
    revision             bigint NOT NULL DEFAULT 0 CHECK (revision >= 0), -- the current text

    -- The result and the progress.
    language             text,                                       -- the spoken language, once known
    language_probability double precision CHECK (language_probability BETWEEN 0 AND 1),
    prepared_until_ms    bigint NOT NULL DEFAULT 0,                  -- every block that starts before this is known
    is_prepared          boolean NOT NULL DEFAULT false,             -- every block is known
    stored_until_ms      bigint NOT NULL DEFAULT 0,                  -- no segment can come before this any more
    processed_ms         bigint NOT NULL DEFAULT 0,                  -- how much of the recording is done, whatever the order of the blocks
    duration_ms          bigint,                                     -- as decoded, once all of it was decoded
    processing_ms        bigint NOT NULL DEFAULT 0,                  -- the time that recognition took
    error_code           text,
    error_message        text,

    created_at           timestamptz NOT NULL DEFAULT now(),
    queued_at            timestamptz NOT NULL DEFAULT now(),         -- the turns of its jobs start here
    started_at           timestamptz,
    completed_at         timestamptz,
    CHECK ((state = 'failed') = (error_code IS NOT NULL)),
    CHECK ((state = 'completed') = (completed_at IS NOT NULL))
);
CREATE INDEX transcriptions_by_audio_file ON transcriptions (audio_file_id);
CREATE INDEX transcriptions_by_age ON transcriptions (created_at DESC, id DESC);
CREATE INDEX transcriptions_by_original ON transcriptions (range_of) WHERE range_of IS NOT NULL;
CREATE INDEX transcriptions_provisional ON transcriptions (created_at) WHERE is_provisional;

-- Work -----------------------------------------------------------------------------------------------------------------------------------

-- A stretch of one channel, 24 to 28 s long, that is recognized by itself.
CREATE TABLE blocks (
    transcription_id uuid NOT NULL REFERENCES transcriptions ON DELETE CASCADE,
    ordinal          bigint NOT NULL CHECK (ordinal >= 0),           -- in the order in which the blocks were cut
    channel          bigint NOT NULL DEFAULT 0 CHECK (channel >= 0),
    start_ms         bigint NOT NULL CHECK (start_ms >= 0),
    end_ms           bigint NOT NULL,
    speech_ms        bigint,                                         -- how much of it is speech; null without voice activity detection
    language         text,                                           -- as recognized
    processing_ms    bigint,                                         -- the time that recognition took, without waiting
    done_at          timestamptz,                                    -- when its segments were stored
    PRIMARY KEY (transcription_id, ordinal),
    CHECK (end_ms > start_ms)
);
CREATE INDEX blocks_still_open ON blocks (transcription_id, start_ms) WHERE done_at IS NULL;
CREATE INDEX blocks_lately_done ON blocks (done_at DESC) WHERE done_at IS NOT NULL;

-- The queue. A row exists as long as there is something left to do. The worker that holds the lease does it; after the lease has expired
-- any worker may take it. `attempt` grows with every lease, so that the results of a late worker are refused.
CREATE TABLE jobs (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind             text NOT NULL CHECK (kind IN ('prepare', 'block', 'finish')),
    transcription_id uuid NOT NULL REFERENCES transcriptions ON DELETE CASCADE,
    block            bigint,                                         -- the block's ordinal
    turn             timestamptz NOT NULL DEFAULT now(),             -- the order of the queue: arrival plus ten times the place in the recording
    run_at           timestamptz NOT NULL DEFAULT now(),             -- not before this, after a failure
    attempt          bigint NOT NULL DEFAULT 0,
    failures         bigint NOT NULL DEFAULT 0,                      -- since the last progress
    worker           text,
    taken_at         timestamptz,
    lease_until      timestamptz,
    CHECK ((kind = 'block') = (block IS NOT NULL))
);
CREATE UNIQUE INDEX jobs_once ON jobs (transcription_id, kind, coalesce(block, -1));
CREATE INDEX jobs_by_turn ON jobs (turn, id);

-- The workers that run at the moment.
CREATE TABLE workers (
    name               text PRIMARY KEY,
    lanes              bigint NOT NULL CHECK (lanes > 0),            -- how many blocks it recognizes at the same time
    models             jsonb NOT NULL DEFAULT '[]',                  -- a list of {"name", "state", "memory_bytes", "message"}
    device             text,                                         -- as the engine names it: "CPU", "CUDA0"
    device_description text,                                         -- as the device names itself
    seen_at            timestamptz NOT NULL DEFAULT now()
);

-- Texts ----------------------------------------------------------------------------------------------------------------------------------

-- The languages that PostgreSQL can stem, and '' for all others.
CREATE FUNCTION search_dialects() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{"",ar,ca,da,de,el,en,es,eu,fi,fr,hi,hu,hy,id,it,lt,ne,nl,nn,no,pt,ro,ru,sr,sv,ta,tr,yi}'::text[];

CREATE FUNCTION search_dialect(language text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN language = ANY (search_dialects()) THEN language ELSE '' END;

CREATE FUNCTION search_configuration(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE language
    WHEN 'ar' THEN 'arabic'::regconfig WHEN 'ca' THEN 'catalan'::regconfig WHEN 'da' THEN 'danish'::regconfig
    WHEN 'de' THEN 'german'::regconfig WHEN 'el' THEN 'greek'::regconfig WHEN 'en' THEN 'english'::regconfig
    WHEN 'es' THEN 'spanish'::regconfig WHEN 'eu' THEN 'basque'::regconfig WHEN 'fi' THEN 'finnish'::regconfig
    WHEN 'fr' THEN 'french'::regconfig WHEN 'hi' THEN 'hindi'::regconfig WHEN 'hu' THEN 'hungarian'::regconfig
    WHEN 'hy' THEN 'armenian'::regconfig WHEN 'id' THEN 'indonesian'::regconfig WHEN 'it' THEN 'italian'::regconfig
    WHEN 'lt' THEN 'lithuanian'::regconfig WHEN 'ne' THEN 'nepali'::regconfig WHEN 'nl' THEN 'dutch'::regconfig
    WHEN 'nn' THEN 'norwegian'::regconfig WHEN 'no' THEN 'norwegian'::regconfig WHEN 'pt' THEN 'portuguese'::regconfig
    WHEN 'ro' THEN 'romanian'::regconfig WHEN 'ru' THEN 'russian'::regconfig WHEN 'sr' THEN 'serbian'::regconfig
    WHEN 'sv' THEN 'swedish'::regconfig WHEN 'ta' THEN 'tamil'::regconfig WHEN 'tr' THEN 'turkish'::regconfig
    WHEN 'yi' THEN 'yiddish'::regconfig ELSE 'simple'::regconfig
END;

-- Thai, Lao, Tibetan, Burmese, Khmer, Japanese, Chinese and Korean set no spaces between words, or join words with others: there each
-- character becomes a word of its own, so that a phrase of characters finds any part of a text (Archive/Search/SearchTerm.swift).
CREATE FUNCTION search_words(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(written,
    '([\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff])', ' \1 ', 'g');

-- The segments of all revisions. Those of the model, revision 0, are stored with their block, and get their ordinal, their place in the
-- transcript, when all before them are known. Those of an edit are in block 0.
CREATE TABLE segments (
    transcription_id        uuid NOT NULL REFERENCES transcriptions ON DELETE CASCADE,
    revision                bigint NOT NULL DEFAULT 0 CHECK (revision >= 0),
    block                   bigint NOT NULL DEFAULT 0,
    place                   bigint NOT NULL DEFAULT 0,               -- within the block
    ordinal                 bigint CHECK (ordinal >= 0),             -- within the text; null: not shown yet, or removed
    removal                 text,                                    -- why it is not part of the text; null: it is
    start_ms                bigint NOT NULL CHECK (start_ms >= 0),
    end_ms                  bigint NOT NULL,
    text                    text NOT NULL,
    speaker                 text,
    language                text,                                    -- where it may change within the recording
    average_log_probability double precision,
    no_speech_probability   double precision,
    compression_ratio       double precision,
    temperature             double precision,
    words                   jsonb,                                   -- a list of [start, end, text, probability]
    word_timing             text CHECK (word_timing IN ('attention', 'tokens')),
    text_language           text,                                    -- of the text; a block's may differ from its recording's
    sequence                bigint GENERATED ALWAYS AS IDENTITY UNIQUE, -- the later a segment was stored, the higher
    dialect                 text NOT NULL GENERATED ALWAYS AS (search_dialect(text_language)) STORED,
    -- Only the beginning of a text longer than any sentence is searched: PostgreSQL's limit is a megabyte of words.
    search                  tsvector NOT NULL
                            GENERATED ALWAYS AS (to_tsvector(search_configuration(text_language), search_words(left(text, 20000)))) STORED,
    PRIMARY KEY (transcription_id, revision, block, place),
    UNIQUE (transcription_id, revision, ordinal),
    CHECK (end_ms >= start_ms)
);
-- Without a list of pending entries, which every search would have to read to its end.
CREATE INDEX segments_by_words ON segments USING gin (search) WITH (fastupdate = off) WHERE ordinal IS NOT NULL;
CREATE INDEX segments_by_likeness ON segments USING gin (text gin_trgm_ops) WITH (fastupdate = off) WHERE ordinal IS NOT NULL;
CREATE INDEX segments_by_dialect ON segments (dialect) WHERE ordinal IS NOT NULL;

-- The edits of a text. Revision 0, the model's, has no row; each edit is a whole list of segments under the next number.
CREATE TABLE revisions (
    transcription_id uuid NOT NULL REFERENCES transcriptions ON DELETE CASCADE,
    number           bigint NOT NULL CHECK (number > 0),
    made_from        bigint NOT NULL CHECK (made_from >= 0),         -- the revision that was edited
    made_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (transcription_id, number)
);

-- Uploads and events ---------------------------------------------------------------------------------------------------------------------

-- Resumable uploads (tus). Their bytes are a file in the folder of recordings, whose length is how many have arrived.
CREATE TABLE uploads (
    id               uuid PRIMARY KEY,
    length_bytes     bigint NOT NULL CHECK (length_bytes > 0),       -- of the complete file
    metadata         text NOT NULL,                                  -- the header Upload-Metadata, unchanged
    created_at       timestamptz NOT NULL DEFAULT now(),
    expires_at       timestamptz NOT NULL,                           -- postponed whenever bytes arrive
    transcription_id uuid REFERENCES transcriptions ON DELETE CASCADE -- the outcome; null while bytes are missing
);
CREATE INDEX uploads_by_expiry ON uploads (expires_at);
CREATE INDEX uploads_by_transcription ON uploads (transcription_id);

-- The log of events, their ids in the order of the commits.
CREATE TABLE events (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind    text NOT NULL,
    subject text NOT NULL,                                           -- a transcription's id or a model's name
    data    jsonb NOT NULL                                           -- as clients see it
);
-- Of events about progress only the latest of each subject is kept, under a new id.
CREATE UNIQUE INDEX events_in_progress ON events (kind, subject) WHERE kind IN ('status', 'model');

-- The newest event that was removed because of its age. The oldest that is kept does not show that: progress leaves gaps in the ids.
CREATE TABLE trimmed_events (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    newest_gone bigint NOT NULL
);
INSERT INTO trimmed_events (newest_gone) VALUES (0);
