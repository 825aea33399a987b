-- Uploads that arrive in several requests (tus). Their bytes lie in the uploads folder; how many have come, the file itself says.
CREATE TABLE uploads (
    id               uuid PRIMARY KEY,
    length_bytes     bigint NOT NULL CHECK (length_bytes > 0),         -- when all is there
    metadata         text NOT NULL,                                    -- the header Upload-Metadata as it came
    created_at       timestamptz NOT NULL DEFAULT now(),
    expires_at       timestamptz NOT NULL,                             -- put off whenever something comes
    transcription_id uuid REFERENCES transcriptions ON DELETE CASCADE  -- what became of it; null while bytes are missing
);
CREATE INDEX uploads_by_expiry ON uploads (expires_at);
CREATE INDEX uploads_by_transcription ON uploads (transcription_id);
