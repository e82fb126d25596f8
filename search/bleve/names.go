package bleve

import (
	"encoding/json"
	"fmt"
	"sync"

	"ganwen/search"
)

// lazyNames reads what the index knows by name when first asked after a change.
type lazyNames struct {
	vocabulary func() (*search.Names, error)
	completer  func() (*search.Completer, error)
}

func (x *Index) changed() {
	x.names.Store(&lazyNames{
		sync.OnceValues(func() (*search.Names, error) {
			c, err := x.collect()
			if err != nil {
				return nil, err
			}
			return c.Names(x.synonyms), nil
		}),
		sync.OnceValues(func() (*search.Completer, error) {
			c, err := x.collect()
			if err != nil {
				return nil, err
			}
			return c.Completer(), nil
		}),
	})
}

// collect reads the dictionary of names: each is there once, however many passages share it.
func (x *Index) collect() (*search.Collector, error) {
	r, err := x.low.Reader()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	dict, err := r.FieldDict(fieldName)
	if err != nil {
		return nil, err
	}
	defer dict.Close()
	c := new(search.Collector)
	for {
		e, err := dict.Next()
		if err != nil {
			return nil, err
		}
		if e == nil {
			break
		}
		var s search.Suggestion
		if err := json.Unmarshal([]byte(e.Term), &s); err != nil {
			return nil, fmt.Errorf("bleve: name %q: %w", e.Term, err)
		}
		c.AddSuggestion(s)
	}
	return c, nil
}

// Suggest completes titles, other names and common questions of the passages; nothing when they cannot be read.
func (x *Index) Suggest(typed string, n int) []search.Suggestion {
	c, err := x.names.Load().completer()
	if err != nil {
		return nil
	}
	return c.Suggest(typed, n)
}
