// Package bleve keeps passages on disk, in process.
//
//	index, err := bleve.Open(filepath.Join(data, "index"), search.Config{Synonyms: synonyms})
//	defer index.Close()
//
// bleve keeps the postings, the stored passages and the filters; the terms, the reading of a question and the score
// are those of package search, so that both backends answer alike.
package bleve
