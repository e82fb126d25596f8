// Package zh reads Chinese as people in Jiangxi write it to their government: folding, simplification, cleaning of
// imported pages, sentences, numbers, dates, words, pinyin.
//
// Offsets are runes into the text as given. Fold keeps the number of runes, so an offset found in the folded text is
// good in the original, and highlights need no second search:
//
//	folded := zh.Fold(text)
//	for _, w := range zh.Words(text) { // cut on the folded text, Text taken from the original
//		key := zh.Fold(w.Text)
//	}
//
// Everything is a pure function, safe for concurrent use, except that AddWords changes the process-wide segmenter. The
// segmenter is opened on first use (about half a second, 110 MB); a server calls Open at start to learn of a missing
// dictionary there and then.
//
// The word lists are data beside the code: t2s.txt (traditional characters), numbers.txt, dates.txt, words.txt (added
// to the segmenter's dictionary), polyphones.txt (readings in context). A clerk can edit them; tests check their form.
package zh
