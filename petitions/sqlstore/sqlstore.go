// Package sqlstore keeps petitions in SQL. SQLite serves one office; the SQL is the common subset.
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
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"ganwen/petitions"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store implements petitions.Store and petitions.Originals. It is safe for concurrent use, within one process and
// between several.
type Store struct {
	db *sql.DB
	mu sync.Mutex // one writer at a time: SQLite has only one, and waiting here is cheaper than its busy loop
}

var (
	_ petitions.Store     = (*Store)(nil)
	_ petitions.Originals = (*Store)(nil)
)

// Open opens or creates the SQLite file and brings its schema up to date. Close it when done. What a call has kept
// survives the death of the process at any moment; synchronous FULL would be needed for that of the machine.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("sqlstore: %w", err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)"+
		"&_pragma=synchronous(NORMAL)&_pragma=secure_delete(ON)&_pragma=cache_size(-65536)&_pragma=temp_store(MEMORY)")
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

// within runs do in one transaction, alone among this store's writers.
func (s *Store) within(ctx context.Context, what string, do func(*sql.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("sqlstore: %s: %w", what, err)
	}
	if err := do(tx); err != nil {
		return errors.Join(fmt.Errorf("sqlstore: %s: %w", what, err), tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("sqlstore: %s: %w", what, err)
	}
	return nil
}

// Put implements petitions.Store.
func (s *Store) Put(ctx context.Context, list ...*petitions.Petition) ([]bool, error) {
	created := make([]bool, len(list))
	if len(list) == 0 {
		return created, nil
	}
	err := s.within(ctx, "put", func(tx *sql.Tx) error {
		insert, err := tx.PrepareContext(ctx, `INSERT INTO petitions (source, id, at, body, analysis, versions, place, class1, event, review)
			VALUES ($1, $2, $3, $4, '', '', '', '', '', 0) ON CONFLICT (source, id) DO NOTHING`)
		if err != nil {
			return err
		}
		defer insert.Close()
		for i, p := range list {
			body, err := json.Marshal(p)
			if err != nil {
				return err
			}
			done, err := insert.ExecContext(ctx, p.Source, p.ID, milli(p.Time), string(body))
			if err != nil {
				return err
			}
			n, err := done.RowsAffected()
			if err != nil {
				return err
			}
			created[i] = n == 1
		}
		return nil
	})
	return created, err
}

func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Get implements petitions.Store.
func (s *Store) Get(ctx context.Context, source, id string) (*petitions.Record, error) {
	r, _, err := readRecord(s.db.QueryRowContext(ctx, `SELECT at, source, id, body, analysis FROM petitions WHERE source = $1 AND id = $2`, source, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, petitions.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("sqlstore: read %s: %w", id, err)
	}
	return r, nil
}

// cursor is where a run through the records stands.
type cursor struct {
	at         int64
	source, id string
}

func readRecord(row interface{ Scan(...any) error }) (*petitions.Record, cursor, error) {
	var c cursor
	var body, analysis string
	if err := row.Scan(&c.at, &c.source, &c.id, &body, &analysis); err != nil {
		return nil, c, err
	}
	r := &petitions.Record{}
	if err := json.Unmarshal([]byte(body), &r.Petition); err != nil {
		return nil, c, fmt.Errorf("decode petition %s: %w", c.id, err)
	}
	if analysis != "" {
		r.Analysis = &petitions.Analysis{}
		if err := json.Unmarshal([]byte(analysis), r.Analysis); err != nil {
			return nil, c, fmt.Errorf("decode analysis of %s: %w", c.id, err)
		}
	}
	return r, c, nil
}

// Keep implements petitions.Store.
func (s *Store) Keep(ctx context.Context, found ...petitions.Found) error {
	if len(found) == 0 {
		return nil
	}
	return s.within(ctx, "keep analyses", func(tx *sql.Tx) error {
		t := newTally()
		old, err := tx.PrepareContext(ctx, `SELECT at, source, id, body, analysis FROM petitions WHERE source = $1 AND id = $2`)
		if err != nil {
			return err
		}
		defer old.Close()
		update, err := tx.PrepareContext(ctx, `UPDATE petitions SET analysis = $3, versions = $4, place = $5, class1 = $6, event = $7, review = $8
			WHERE source = $1 AND id = $2`)
		if err != nil {
			return err
		}
		defer update.Close()
		for _, f := range found {
			r, _, err := readRecord(old.QueryRowContext(ctx, f.Source, f.ID))
			if errors.Is(err, sql.ErrNoRows) {
				return petitions.ErrNotFound
			}
			if err != nil {
				return err
			}
			t.add(&r.Petition, r.Analysis, -1)
			t.add(&r.Petition, f.Analysis, 1)
			body, err := json.Marshal(f.Analysis)
			if err != nil {
				return err
			}
			a := f.Analysis
			if _, err := update.ExecContext(ctx, f.Source, f.ID, string(body), versionsOf(a.Versions), a.Facts.Place, first(a.Class.Path),
				string(a.Event), btoi(len(a.Review) > 0)); err != nil {
				return err
			}
		}
		return t.save(ctx, tx)
	})
}

// versionsOf writes versions in one way only, so that they can be compared.
func versionsOf(v map[string]int) string {
	var parts []string
	for step, n := range v {
		parts = append(parts, step+"="+strconv.Itoa(n))
	}
	slices.Sort(parts)
	if len(parts) == 0 {
		return "-" // analysed, by no step that counts
	}
	return strings.Join(parts, " ")
}

func first(path []string) string {
	if len(path) == 0 {
		return ""
	}
	return path[0]
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
