package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"ganwen/petitions"
)

// Log implements petitions.Store.
func (s *Store) Log(ctx context.Context, notes ...petitions.Note) error {
	return s.within(ctx, "log", func(tx *sql.Tx) error {
		for _, n := range notes {
			if _, err := tx.ExecContext(ctx, `INSERT INTO notes (subject, kind, actor, at, reason, data) VALUES ($1, $2, $3, $4, $5, $6)`,
				n.Subject, n.Kind, n.By, milli(n.At), n.Reason, string(n.Data)); err != nil {
				return err
			}
		}
		return nil
	})
}

// History implements petitions.Store.
func (s *Store) History(ctx context.Context, subject string) ([]petitions.Note, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT seq, kind, actor, at, reason, data FROM notes WHERE subject = $1 ORDER BY seq`, subject)
	if err != nil {
		return nil, fmt.Errorf("sqlstore: history: %w", err)
	}
	defer rows.Close()
	var out []petitions.Note
	for rows.Next() {
		n := petitions.Note{Subject: subject}
		var at int64
		var data string
		if err := rows.Scan(&n.Seq, &n.Kind, &n.By, &at, &n.Reason, &data); err != nil {
			return nil, fmt.Errorf("sqlstore: history: %w", err)
		}
		if n.At = time.UnixMilli(at); at == 0 {
			n.At = time.Time{}
		}
		if data != "" {
			n.Data = json.RawMessage(data)
		}
		out = append(out, n)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlstore: history: %w", err)
	}
	return out, nil
}

// SaveEvent implements petitions.Store.
func (s *Store) SaveEvent(ctx context.Context, e *petitions.Event) error {
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("sqlstore: encode event %s: %w", e.ID, err)
	}
	return s.within(ctx, "save event", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO events (id, last, place, status, size, body) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (id) DO UPDATE SET last = excluded.last, place = excluded.place, status = excluded.status, size = excluded.size, body = excluded.body`,
			e.ID, milli(e.Last), e.Place, e.Status, len(e.Members), string(body))
		return err
	})
}

// Event implements petitions.Store.
func (s *Store) Event(ctx context.Context, id string) (*petitions.Event, error) {
	e := &petitions.Event{}
	var body string
	err := s.db.QueryRowContext(ctx, `SELECT body FROM events WHERE id = $1`, id).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, petitions.ErrNotFound
	}
	if err == nil {
		err = json.Unmarshal([]byte(body), e)
	}
	if err != nil {
		return nil, fmt.Errorf("sqlstore: read event %s: %w", id, err)
	}
	return e, nil
}

// Events implements petitions.Store.
func (s *Store) Events(ctx context.Context, f petitions.EventFilter) iter.Seq2[*petitions.Event, error] {
	return func(yield func(*petitions.Event, error) bool) {
		last, id := int64(1)<<62, ""
		for given := 0; ; {
			bodies, err := s.eventPage(ctx, f, &last, &id)
			if err != nil {
				yield(nil, fmt.Errorf("sqlstore: events: %w", err))
				return
			}
			for _, body := range bodies {
				e := &petitions.Event{}
				if err := json.Unmarshal([]byte(body), e); err != nil {
					yield(nil, fmt.Errorf("sqlstore: decode event: %w", err))
					return
				}
				if !f.Picks(e) {
					continue
				}
				if given++; !yield(e, nil) || given == f.Limit {
					return
				}
			}
			if len(bodies) < page {
				return
			}
		}
	}
}

// eventPage reads the next events before last and, among those as late, after id; and moves both on.
func (s *Store) eventPage(ctx context.Context, f petitions.EventFilter, last *int64, id *string) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT last, id, body FROM events WHERE (last < $1 OR last = $1 AND id > $2)
		AND last >= $3 AND place >= $4 AND place < $5 AND size >= $6 AND ($7 = '' OR status = $7) ORDER BY last DESC, id LIMIT $8`,
		*last, *id, milli(f.Since), f.Region, cmp.Or(f.Region, "9")+":", f.Least, f.Status, page)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var body string
		if err := rows.Scan(last, id, &body); err != nil {
			return nil, err
		}
		out = append(out, body)
	}
	return out, rows.Err()
}

// PutOriginal implements petitions.Originals.
func (s *Store) PutOriginal(ctx context.Context, list ...petitions.Original) error {
	return s.within(ctx, "put originals", func(tx *sql.Tx) error {
		insert, err := tx.PrepareContext(ctx, `INSERT INTO originals (source, id, sealed, key) VALUES ($1, $2, $3, $4) ON CONFLICT (source, id) DO NOTHING`)
		if err != nil {
			return err
		}
		defer insert.Close()
		for _, o := range list {
			if _, err := insert.ExecContext(ctx, o.Source, o.ID, encode(o.Sealed), encode(o.Key)); err != nil {
				return err
			}
		}
		return nil
	})
}

var encode = base64.StdEncoding.EncodeToString

// Original implements petitions.Originals.
func (s *Store) Original(ctx context.Context, source, id string) (petitions.Original, error) {
	o := petitions.Original{Source: source, ID: id}
	var sealed, key string
	err := s.db.QueryRowContext(ctx, `SELECT sealed, key FROM originals WHERE source = $1 AND id = $2`, source, id).Scan(&sealed, &key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return petitions.Original{}, petitions.ErrNotFound
	case err == nil && key == "":
		return petitions.Original{}, petitions.ErrErased
	}
	if err == nil {
		o.Sealed, err = base64.StdEncoding.DecodeString(sealed)
	}
	if err == nil {
		o.Key, err = base64.StdEncoding.DecodeString(key)
	}
	if err != nil {
		return petitions.Original{}, fmt.Errorf("sqlstore: read original %s: %w", id, err)
	}
	return o, nil
}

// Erase implements petitions.Originals. The row stays, empty, so that an import run again does not bring it back.
func (s *Store) Erase(ctx context.Context, source, id string) error {
	return s.within(ctx, "erase", func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE originals SET sealed = '', key = '' WHERE source = $1 AND id = $2`, source, id)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(petitions.ErrNotFound, err)
		}
		return nil
	})
}
