package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"ganwen/petitions"
)

// The dimensions petitions are counted by.
var Dimensions = []string{"total", "class", "urgency", "purpose", "route", "risk", "channel"}

// Count is how many analysed petitions of a day have a value.
type Count struct {
	Day   time.Time // its midnight
	Value string
	N     int
}

// Tally counts analysed petitions by day and by one of Dimensions, in a division that is a city or a county, or
// everywhere; from and to are days, half open. It reads sums that Keep has kept up, not the petitions: a million are as
// quick as a thousand.
func (s *Store) Tally(ctx context.Context, dim, region string, from, to time.Time) ([]Count, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT day, value, n FROM tallies WHERE dim = $1 AND region = $2 AND day >= $3 AND day < $4 AND n > 0 ORDER BY day, value`,
		dim, region, dayOf(from), dayOf(to))
	if err != nil {
		return nil, fmt.Errorf("sqlstore: tally: %w", err)
	}
	defer rows.Close()
	var out []Count
	for rows.Next() {
		var c Count
		var d int
		if err := rows.Scan(&d, &c.Value, &c.N); err != nil {
			return nil, fmt.Errorf("sqlstore: tally: %w", err)
		}
		c.Day = time.Unix(int64(d)*86400, 0).In(zone).Add(-8 * time.Hour)
		out = append(out, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlstore: tally: %w", err)
	}
	return out, nil
}

var zone = time.FixedZone("CST", 8*60*60)

func dayOf(t time.Time) int {
	_, offset := t.In(zone).Zone()
	return int((t.Unix() + int64(offset)) / 86400)
}

type cell struct {
	dim, region, value string
	day                int
}

// tally gathers the changes of one transaction.
type tally map[cell]int

func newTally() tally { return tally{} }

// add counts an analysis in, or an earlier one out.
func (t tally) add(p *petitions.Petition, a *petitions.Analysis, by int) {
	if a == nil || p.Time.IsZero() {
		return
	}
	regions := []string{""}
	for _, n := range []int{4, 6} {
		if len(a.Facts.Place) >= n {
			regions = append(regions, a.Facts.Place[:n])
		}
	}
	values := map[string]string{"total": "", "class": first(a.Class.Path), "urgency": a.Urgency, "purpose": a.Purpose.Value,
		"route": string(a.Route.Value), "risk": a.Risk.Level, "channel": p.Channel}
	for dim, value := range values {
		for _, region := range regions {
			t[cell{dim, region, value, dayOf(p.Time)}] += by
		}
	}
}

func (t tally) save(ctx context.Context, tx *sql.Tx) error {
	upsert, err := tx.PrepareContext(ctx, `INSERT INTO tallies (dim, region, day, value, n) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (dim, region, day, value) DO UPDATE SET n = tallies.n + excluded.n`)
	if err != nil {
		return err
	}
	defer upsert.Close()
	for c, n := range t {
		if n == 0 {
			continue
		}
		if _, err := upsert.ExecContext(ctx, c.dim, c.region, c.day, c.value, n); err != nil {
			return err
		}
	}
	return nil
}
