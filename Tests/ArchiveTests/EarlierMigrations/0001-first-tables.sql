-- What is kept: audio files, their transcriptions with segments, and the jobs that make them.

CREATE TABLE audio_files (
    id                uuid PRIMARY KEY,
    original_filename text NOT NULL CHECK (char_length(original_filename) BETWEEN 1 AND 255),
    stored_filename   text NOT NULL UNIQUE,          -- inside the uploads folder
    size_bytes        bigint NOT NULL CHECK (size_bytes > 0),
    sha256            text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    media_type        text NOT NULL,
    duration_ms       bigint CHECK (duration_ms >= 0), -- as the container states it; unknown for some streams
    uploaded_at       timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE transcriptions (
    id                 uuid PRIMARY KEY,
    audio_file_id      uuid NOT NULL REFERENCES audio_files ON DELETE CASCADE,
    state              text NOT NULL DEFAULT 'pending'
                       CHECK (state IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    model              text NOT NULL,
    task               text NOT NULL CHECK (task IN ('transcribe', 'translate')),
    requested_language text,                          -- null: detect
    prompt             text,
    language           text,                          -- what was spoken, once known
    stored_until_ms    bigint NOT NULL DEFAULT 0,     -- segments up to here are committed; work resumes here
    heard_until_ms     bigint NOT NULL DEFAULT 0,     -- how far the engine is, for the progress bar
    duration_ms        bigint,                        -- as decoded, once finished
    processing_ms      bigint NOT NULL DEFAULT 0,
    error_code         text,
    error_message      text,
    created_at         timestamptz NOT NULL DEFAULT now(),
    completed_at       timestamptz,
    CHECK ((state = 'failed') = (error_code IS NOT NULL)),
    CHECK ((state = 'completed') = (completed_at IS NOT NULL))
);
CREATE INDEX transcriptions_by_audio_file ON transcriptions (audio_file_id);
CREATE INDEX transcriptions_by_age ON transcriptions (created_at DESC, id DESC);

CREATE TABLE segments (
    transcription_id        uuid NOT NULL REFERENCES transcriptions ON DELETE CASCADE,
    ordinal                 bigint NOT NULL CHECK (ordinal >= 0),
    start_ms                bigint NOT NULL CHECK (start_ms >= 0),
    end_ms                  bigint NOT NULL,
    text                    text NOT NULL,
    average_log_probability double precision,
    no_speech_probability   double precision,
    PRIMARY KEY (transcription_id, ordinal),
    CHECK (end_ms >= start_ms)
);

-- A row lives as long as there is something left to do. Whoever holds the lease works on it; a lease that ran out may be
-- taken by anyone. `attempt` grows with every lease, so a late worker can tell that the job is no longer its own.
CREATE TABLE jobs (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind             text NOT NULL CHECK (kind IN ('transcribe')),
    transcription_id uuid NOT NULL REFERENCES transcriptions ON DELETE CASCADE,
    run_at           timestamptz NOT NULL DEFAULT now(),
    attempt          bigint NOT NULL DEFAULT 0,
    failures         bigint NOT NULL DEFAULT 0,       -- since the last progress
    worker           text,
    lease_until      timestamptz,
    UNIQUE (kind, transcription_id)
);
CREATE INDEX jobs_by_turn ON jobs (run_at, id);
