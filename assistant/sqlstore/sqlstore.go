// Package sqlstore keeps conversations and ratings in SQL. SQLite serves one machine; the SQL is the common subset.
package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"ganwen/assistant"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store implements assistant.Store. It is safe for concurrent use.
type Store struct{ db *sql.DB }

var _ assistant.Store = (*Store)(nil)

// Open opens or creates the SQLite file and brings its schema up to date. Close it when done.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("sqlstore: %w", err)
	}
	// WAL lets readers go on while a turn is written; secure_delete overwrites what was forgotten.
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)&_pragma=synchronous(NORMAL)&_pragma=secure_delete(ON)")
	if err != nil {
		return nil, fmt.Errorf("sqlstore: open: %w", err)
	}
	if err := migrate(ctx, db); err != nil {
		return nil, errors.Join(fmt.Errorf("sqlstore: migrate: %w", err), db.Close())
	}
	return &Store{db: db}, nil
}

func migrate(ctx context.Context, db *sql.DB) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// Close gives the database back.
func (s *Store) Close() error { return s.db.Close() }

// Session implements assistant.Store.
func (s *Store) Session(ctx context.Context, id string) (*assistant.Session, error) {
	var body string
	err := s.db.QueryRowContext(ctx, `SELECT body FROM sessions WHERE id = $1`, id).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, assistant.ErrNoSession
	}
	if err != nil {
		return nil, fmt.Errorf("sqlstore: read session: %w", err)
	}
	var out assistant.Session
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		return nil, fmt.Errorf("sqlstore: decode session %s: %w", id, err)
	}
	return &out, nil
}

// SaveSession implements assistant.Store.
func (s *Store) SaveSession(ctx context.Context, sess *assistant.Session) error {
	body, err := json.Marshal(sess)
	if err != nil {
		return fmt.Errorf("sqlstore: encode session: %w", err)
	}
	return s.within(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO sessions (id, updated_at, body) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at, body = excluded.body`, sess.ID, sess.Updated.UnixMilli(), string(body)); err != nil {
			return err
		}
		if n := len(sess.Turns); n > 0 {
			_, err := tx.ExecContext(ctx, `INSERT INTO answers (id, session_id) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`, sess.Turns[n-1].AnswerID, sess.ID)
			return err
		}
		return nil
	})
}

func (s *Store) within(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("sqlstore: begin: %w", err)
	}
	if err := do(tx); err != nil {
		return errors.Join(fmt.Errorf("sqlstore: %w", err), tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("sqlstore: commit: %w", err)
	}
	return nil
}

// Forget implements assistant.Store.
func (s *Store) Forget(ctx context.Context, id string) error {
	return s.within(ctx, func(tx *sql.Tx) error { return forget(ctx, tx, id) })
}

func forget(ctx context.Context, tx *sql.Tx, id string) error {
	for _, q := range []string{
		`DELETE FROM ratings WHERE answer_id IN (SELECT id FROM answers WHERE session_id = $1)`,
		`DELETE FROM answers WHERE session_id = $1`,
		`DELETE FROM sessions WHERE id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}

// Rate implements assistant.Store.
func (s *Store) Rate(ctx context.Context, r assistant.Rating) error {
	reasons, err := json.Marshal(r.Reasons)
	if err != nil {
		return fmt.Errorf("sqlstore: encode reasons: %w", err)
	}
	if _, err := s.db.ExecContext(ctx, `INSERT INTO ratings (answer_id, stars, reasons, comment, rated_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (answer_id) DO UPDATE SET stars = excluded.stars, reasons = excluded.reasons, comment = excluded.comment, rated_at = excluded.rated_at`,
		r.AnswerID, r.Stars, string(reasons), r.Comment, r.At.UnixMilli()); err != nil {
		return fmt.Errorf("sqlstore: rate: %w", err)
	}
	return nil
}

// Expire implements assistant.Store.
func (s *Store) Expire(ctx context.Context, before time.Time) (int, error) {
	var ids []string
	rows, err := s.db.QueryContext(ctx, `SELECT id FROM sessions WHERE updated_at < $1`, before.UnixMilli())
	if err != nil {
		return 0, fmt.Errorf("sqlstore: expire: %w", err)
	}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return 0, errors.Join(fmt.Errorf("sqlstore: expire: %w", err), rows.Close())
		}
		ids = append(ids, id)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return 0, fmt.Errorf("sqlstore: expire: %w", err)
	}
	return len(ids), s.within(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			if err := forget(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}
