-- Search inside transcripts: by words as their language inflects them, by characters where words are not set apart, and by likeness.

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

-- The languages that PostgreSQL knows how to stem, and '' for all others.
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

-- The language that a segment's text is in; a block's may differ from its recording's.
ALTER TABLE segments
    ADD COLUMN text_language text,
    ADD COLUMN sequence bigint GENERATED ALWAYS AS IDENTITY UNIQUE; -- the later a segment was stored, the higher
UPDATE segments s SET text_language = CASE
    WHEN (t.options->>'translate')::boolean THEN 'en'
    ELSE coalesce(s.language, (SELECT b.language FROM blocks b WHERE b.transcription_id = s.transcription_id AND b.ordinal = s.block), t.language)
END
FROM transcriptions t WHERE t.id = s.transcription_id;

-- A text beyond any that is spoken in one breath is searched by its beginning: PostgreSQL's limit is a megabyte of words.
ALTER TABLE segments
    ADD COLUMN dialect text NOT NULL GENERATED ALWAYS AS (search_dialect(text_language)) STORED,
    ADD COLUMN search tsvector NOT NULL
        GENERATED ALWAYS AS (to_tsvector(search_configuration(text_language), search_words(left(text, 20000)))) STORED;

-- Without a list of pending entries, which every search would have to read to its end.
CREATE INDEX segments_by_words ON segments USING gin (search) WITH (fastupdate = off) WHERE ordinal IS NOT NULL;
CREATE INDEX segments_by_likeness ON segments USING gin (text gin_trgm_ops) WITH (fastupdate = off) WHERE ordinal IS NOT NULL;
CREATE INDEX segments_by_dialect ON segments (dialect) WHERE ordinal IS NOT NULL;
