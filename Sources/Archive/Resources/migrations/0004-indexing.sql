-- To add a text to the indexes of words and likeness takes far longer than to store it. So an edited text is stored first, and its segments
-- are added to the indexes afterwards, in the background (Archive/Search/SearchIndexing.swift). Texts that are not current are never added.
ALTER TABLE segments ADD COLUMN is_indexed boolean NOT NULL DEFAULT true;
ALTER TABLE segments ALTER COLUMN is_indexed SET DEFAULT false;
UPDATE segments SET is_indexed = false WHERE ordinal IS NULL;

-- What a text is searched for. Only the beginning of a text longer than any sentence is searched: PostgreSQL's limit is a megabyte of words.
CREATE FUNCTION search_vector(language text, written text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector(search_configuration(language), search_words(left(written, 20000)));

DROP INDEX segments_by_words;
DROP INDEX segments_by_likeness;
-- Null until the segment is in the indexes.
ALTER TABLE segments DROP COLUMN search;
ALTER TABLE segments ADD COLUMN search tsvector
    GENERATED ALWAYS AS (CASE WHEN is_indexed THEN search_vector(text_language, text) END) STORED;
CREATE INDEX segments_by_words ON segments USING gin (search) WITH (fastupdate = off) WHERE is_indexed;
CREATE INDEX segments_by_likeness ON segments USING gin (text gin_trgm_ops) WITH (fastupdate = off) WHERE is_indexed;

-- Whether the current text has segments that are not in the indexes yet.
ALTER TABLE transcriptions ADD COLUMN has_unindexed boolean NOT NULL DEFAULT false;
CREATE INDEX transcriptions_unindexed ON transcriptions (id) WHERE has_unindexed;

-- Since when the oldest lane of the worker has not progressed; null: no lane works.
ALTER TABLE workers ADD COLUMN silent_since timestamptz;
