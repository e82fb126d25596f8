// Package bleve keeps passages on disk, in process.
//
//	index, err := bleve.Open(filepath.Join(data, "index"), search.Config{Synonyms: synonyms})
//	defer index.Close()
//	if mark, err := index.Fingerprint(); mark != wanted { … index.Index(ctx, passages) … index.SetFingerprint(wanted) }
//
// bleve keeps the postings, the stored passages and the filters; the terms, the reading of a question and the score
// are those of package search, so that both backends answer alike. bleve's own scoring is not used: its tf-idf has no use
// for the weights of a question's words, and its bm25 is faulty (the average length is that of distinct terms).
//
// What the segmenter was taught (zh.AddWords) changes the terms. It belongs into the fingerprint of whoever builds the index.
//
// # Measured
//
// 100,000 passages (40.9 MB: CMRC, DRCD, articles of law, policy documents, messages, service guides), the development
// questions of CMRC and DRCD, 2 cores shared with other work, the first ten hits; ours with highlights
// and reasons, which the plain ones do not make (the last row in two runs):
//
//	                       CMRC nDCG@10  DRCD nDCG@10  p50      p99      two askers  on disk
//	search.Memory          .976          .969          0.26 ms  0.7 ms   3,595/s     132 MB of heap
//	this package           .976          .969          0.72 ms  5.1 ms   1,029/s     110 MB
//	bleve, cjk, defaults   .951          .961          0.49 ms  4.2 ms   1,195/s     361 MB
//	bleve, words ∪ bigrams .963          .963          10–11 ms 33–69 ms 76–123/s   –
//
// Repeat it, in some six minutes, with
//
//	go test ./search/bleve -run TestMeasure -measure -v -timeout 30m
package bleve
