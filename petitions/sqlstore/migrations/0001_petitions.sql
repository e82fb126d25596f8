-- +goose Up
-- A petition and its analysis are JSON documents; the columns beside them are what is asked for. Times are Unix
-- milliseconds, 0 where there is none. Common subset of SQLite and PostgreSQL.
CREATE TABLE petitions (
    source   TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    at       BIGINT  NOT NULL,
    body     TEXT    NOT NULL, -- petitions.Petition, redacted
    analysis TEXT    NOT NULL, -- petitions.Analysis; '' until there is one
    versions TEXT    NOT NULL, -- of the steps, in a fixed order; '' until there is an analysis
    place    TEXT    NOT NULL, -- code of a division
    class1   TEXT    NOT NULL,
    event    TEXT    NOT NULL,
    review   INTEGER NOT NULL, -- 1 = waits for a person's word
    PRIMARY KEY (source, id)
);
CREATE INDEX petitions_at ON petitions (at, source, id);
CREATE INDEX petitions_event ON petitions (event, at) WHERE event <> '';
CREATE INDEX petitions_review ON petitions (at) WHERE review = 1;
CREATE INDEX petitions_versions ON petitions (versions, at);

-- How many analysed petitions a day, by one dimension, in a division and in all it lies in. Derived: see Tally.
CREATE TABLE tallies (
    dim    TEXT    NOT NULL, -- total class urgency purpose route risk channel
    region TEXT    NOT NULL, -- '' = everywhere, a city, a county
    day    INTEGER NOT NULL, -- since 1970-01-01, at +08:00
    value  TEXT    NOT NULL,
    n      BIGINT  NOT NULL,
    PRIMARY KEY (dim, region, day, value)
);

CREATE TABLE notes (
    seq     INTEGER PRIMARY KEY, -- rowid
    subject TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    actor   TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    reason  TEXT   NOT NULL,
    data    TEXT   NOT NULL
);
CREATE INDEX notes_subject ON notes (subject, seq);

CREATE TABLE events (
    id     TEXT    PRIMARY KEY,
    last   BIGINT  NOT NULL,
    place  TEXT    NOT NULL,
    status TEXT    NOT NULL,
    size   INTEGER NOT NULL,
    body   TEXT    NOT NULL -- petitions.Event
);
CREATE INDEX events_last ON events (last, id);

-- Petitions as they came in, each sealed with a key of its own that is itself sealed. Without the key they are noise.
CREATE TABLE originals (
    source TEXT NOT NULL,
    id     TEXT NOT NULL,
    sealed TEXT NOT NULL, -- base64
    key    TEXT NOT NULL, -- base64; '' = erased
    PRIMARY KEY (source, id)
);

-- +goose Down
DROP TABLE originals;
DROP TABLE events;
DROP TABLE notes;
DROP TABLE tallies;
DROP TABLE petitions;
