// Package demo holds the sample catalogue (示例数据) that ganwen serves until an office imports its own: 128 matters, 26
// life events, 21 policies, departments' duties, a lexicon and a bank of questions. All of it was composed for this
// project and is not official; catalogue.json says so, and every record carries it as its source.
package demo

import (
	"embed"
	"io/fs"
)

//go:embed catalogue
var files embed.FS

// Files returns the catalogue in the layout that kg.Load reads: catalogue.json, matters/*.jsonl, events.jsonl,
// policies.jsonl, duties.jsonl, lexicon.jsonl, bank/*.jsonl and others.jsonl. The tree is read-only and safe for
// concurrent use.
func Files() fs.FS {
	sub, err := fs.Sub(files, "catalogue")
	if err != nil { // only an invalid path can fail, and this one is fixed above
		panic(err)
	}
	return sub
}
