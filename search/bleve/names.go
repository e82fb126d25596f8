package bleve

import (
	"encoding/json"
	"fmt"
	"sync"

	"ganwen/search"
)

// names are what the index knows by name.
type names struct {
	vocabulary *search.Names
	completer  *search.Completer
}

// lazyNames reads them from the index when first asked after a change.
type lazyNames struct{ get func() (*names, error) }

func (x *Index) changed() {
	x.names.Store(&lazyNames{sync.OnceValues(x.readNames)})
}

func (x *Index) known() (*names, error) { return x.names.Load().get() }

// readNames reads the dictionary of names: each is there once, however many passages share it.
func (x *Index) readNames() (*names, error) {
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
	var c search.Collector
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
	return &names{c.Names(x.synonyms), c.Completer()}, nil
}

// Suggest completes titles, other names and common questions of the passages; nothing when they cannot be read.
func (x *Index) Suggest(typed string, n int) []search.Suggestion {
	known, err := x.known()
	if err != nil {
		return nil
	}
	return known.completer.Suggest(typed, n)
}
