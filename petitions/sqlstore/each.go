package sqlstore

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"ganwen/petitions"
)

// page is how many records are read at a time: no transaction is open while the caller looks at one.
const page = 500

// Each implements petitions.Store.
func (s *Store) Each(ctx context.Context, f petitions.Filter) iter.Seq2[*petitions.Record, error] {
	return func(yield func(*petitions.Record, error) bool) {
		after := cursor{at: -1 << 62}
		for given := 0; ; {
			records, last, err := s.page(ctx, f, after)
			if err != nil {
				yield(nil, fmt.Errorf("sqlstore: list: %w", err))
				return
			}
			for _, r := range records {
				if !f.Picks(r) { // what the columns cannot tell: deeper classes, versions
					continue
				}
				if given++; !yield(r, nil) || given == f.Limit {
					return
				}
			}
			if after = last; len(records) < page {
				return
			}
		}
	}
}

func (s *Store) page(ctx context.Context, f petitions.Filter, after cursor) (records []*petitions.Record, last cursor, err error) {
	where, args := conditions(f)
	args = append(args, after.at, after.source, after.id, page)
	n := len(args)
	where = append(where, fmt.Sprintf("(at, source, id) > ($%d, $%d, $%d)", n-3, n-2, n-1))
	rows, err := s.db.QueryContext(ctx, fmt.Sprintf(`SELECT at, source, id, body, analysis FROM petitions WHERE %s ORDER BY at, source, id LIMIT $%d`,
		strings.Join(where, " AND "), n), args...)
	if err != nil {
		return nil, last, err
	}
	defer rows.Close()
	for rows.Next() {
		r, c, err := readRecord(rows)
		if err != nil {
			return nil, last, err
		}
		records, last = append(records, r), c
	}
	return records, last, rows.Err()
}

// conditions are what the columns can tell of a filter. They let through all it picks, and little else.
func conditions(f petitions.Filter) (where []string, args []any) {
	add := func(condition string, arg any) {
		args = append(args, arg)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	if !f.From.IsZero() {
		add("at >= $%d", f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		add("at < $%d", f.To.UnixMilli())
	}
	if f.Region != "" {
		add("place >= $%d", f.Region)
		add("place < $%d", f.Region+":") // the character after 9: all codes that begin with it
	}
	if len(f.Class) > 0 {
		add("class1 = $%d", f.Class[0])
	}
	if f.Event != "" {
		add("event = $%d", f.Event)
		where = append(where, "event <> ''") // so that the partial index serves
	}
	if f.Review {
		where = append(where, "review = 1")
	}
	if len(f.Stale) > 0 {
		add("versions <> $%d", versionsOf(f.Stale))
	}
	return where, args
}
