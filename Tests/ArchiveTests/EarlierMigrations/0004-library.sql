-- What people do with transcripts: name them, tag them, edit them, have a stretch of them transcribed again.

CREATE INDEX audio_files_by_content ON audio_files (sha256, size_bytes);

ALTER TABLE transcriptions
    ADD COLUMN name     text CHECK (char_length(name) BETWEEN 1 AND 255), -- null: what the recording's file is called
    ADD COLUMN tags     text[] NOT NULL DEFAULT '{}',
    ADD COLUMN revision bigint NOT NULL DEFAULT 0 CHECK (revision >= 0),  -- the text that counts
    ADD COLUMN range_of uuid REFERENCES transcriptions ON DELETE SET NULL; -- whose stretch this one replaces when it is done
CREATE INDEX transcriptions_by_original ON transcriptions (range_of) WHERE range_of IS NOT NULL;

-- Revision 0 is what the machine heard; each edit is a whole list of segments under the next number.
ALTER TABLE segments
    ADD COLUMN revision bigint NOT NULL DEFAULT 0 CHECK (revision >= 0),
    DROP CONSTRAINT segments_pkey,
    DROP CONSTRAINT segments_transcription_id_ordinal_key,
    ADD PRIMARY KEY (transcription_id, revision, block, place),
    ADD UNIQUE (transcription_id, revision, ordinal);

CREATE TABLE revisions (
    transcription_id uuid NOT NULL REFERENCES transcriptions ON DELETE CASCADE,
    number           bigint NOT NULL CHECK (number > 0),
    made_from        bigint NOT NULL CHECK (made_from >= 0),
    made_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (transcription_id, number)
);

-- The device that a worker calculates on, as the engine names it ("CPU", "CUDA0") and as it names itself.
ALTER TABLE workers
    ADD COLUMN device             text,
    ADD COLUMN device_description text;
