-- What each worker says of the models it has loaded or tried to: a list of {"name", "state", "memory_bytes", "message"}.
ALTER TABLE workers ADD COLUMN models jsonb NOT NULL DEFAULT '[]';
