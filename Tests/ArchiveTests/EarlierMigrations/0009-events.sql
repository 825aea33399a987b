-- What happened, for those who follow: a row for each event, its id in the order of the commits.
CREATE TABLE events (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind    text NOT NULL,
    subject text NOT NULL,     -- a transcription's id or a model's name
    data    jsonb NOT NULL     -- as clients see it
);
-- Of what gets on step by step only the latest step is kept, under a new id.
CREATE UNIQUE INDEX events_in_progress ON events (kind, subject) WHERE kind IN ('status', 'model');
