package demo

import (
	"embed"
	"io/fs"
)

//go:embed petitions/*.jsonl
var petitionFiles embed.FS

// Petitions returns the labelled petitions the classifiers learn from: one JSON object a line, composed for this project,
// events kept whole. The tree is read-only and safe for concurrent use.
func Petitions() fs.FS {
	sub, err := fs.Sub(petitionFiles, "petitions")
	if err != nil { // only an invalid path can fail, and this one is fixed above
		panic(err)
	}
	return sub
}
