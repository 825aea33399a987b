-- A client that waits for a transcription in the same request has not had its answer yet: until then nobody else may build on it.
ALTER TABLE transcriptions ADD COLUMN is_provisional boolean NOT NULL DEFAULT false;
CREATE INDEX transcriptions_provisional ON transcriptions (created_at) WHERE is_provisional;
