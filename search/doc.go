// Package search finds the passages and matters that bear on a question: indexing, fusion, filters, and scores that
// can be evaluated. Its in-memory index is the working default; subpackages keep the same passages elsewhere.
//
//	index := search.NewMemory(search.Config{Synonyms: search.NewSynonyms(entries)})
//	err := index.Index(ctx, search.Split(document))
//	results, err := index.Search(ctx, search.Query{Text: "身份证丢了怎么办", Region: "360102", On: "2026-11-24"})
//
// A passage is indexed under the bigrams of its folded text and under its words (Terms); a question is read into the
// same terms with weights (Reader): question and function words are not looked for, bigrams across two words count less than
// words, synonyms, homophones, pinyin and misspellings are looked for beside what was typed, never instead. Each hit
// says where it matched and why.
//
// Backends share Terms, Reader, Explainer, Query.Keeps and Collector, so that one question means the same on each;
// searchtest holds them to it.
package search
