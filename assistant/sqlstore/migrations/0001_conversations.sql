-- +goose Up
-- A conversation is one JSON document: it is read and written whole, by id only.
CREATE TABLE sessions (
    id         TEXT PRIMARY KEY,
    updated_at BIGINT NOT NULL, -- Unix milliseconds
    body       TEXT   NOT NULL  -- assistant.Session as JSON, redacted
);
CREATE INDEX sessions_updated ON sessions (updated_at);

CREATE TABLE ratings (
    answer_id  TEXT PRIMARY KEY,
    stars      INTEGER NOT NULL,
    reasons    TEXT    NOT NULL, -- JSON list
    comment    TEXT    NOT NULL, -- redacted
    rated_at   BIGINT  NOT NULL
);

-- Which session an answer belongs to, so that forgetting a session forgets its ratings too.
CREATE TABLE answers (
    id         TEXT PRIMARY KEY,
    session_id TEXT NOT NULL
);
CREATE INDEX answers_session ON answers (session_id);

-- +goose Down
DROP TABLE answers;
DROP TABLE ratings;
DROP TABLE sessions;
