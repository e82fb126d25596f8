package prompts

import (
	"cmp"
	"slices"
)

// Types of personal data, as suites and reports name them.
const (
	Name           = "name"
	IDCard         = "id_card"
	Phone          = "phone"
	Landline       = "landline"
	BankCard       = "bank_card"
	Plate          = "plate"
	USCC           = "uscc"
	Passport       = "passport"
	Permit         = "permit" // travel permits of Hong Kong, Macao and Taiwan; permanent residence
	Email          = "email"
	WeChat         = "wechat"
	QQ             = "qq"
	UtilityAccount = "utility_account"
	BirthCert      = "birth_cert"
	Deed           = "deed"
	Licence        = "licence"
	Address        = "address"
)

// SpanFound is one piece of personal data: text[Start:End] == Text, offsets in bytes.
type SpanFound struct {
	Type, Text string
	Start, End int
}

// Find gives the personal data of a text, in order, without overlaps. Safe for concurrent use.
func Find(text string) []SpanFound {
	t := read(text)
	spans := findNumbers(t)
	spans = append(spans, findPlates(t)...)
	spans = append(spans, findEmails(t)...)
	spans = append(spans, findDocuments(t)...)
	spans = settle(t, spans)
	spans = append(spans, findAddresses(t)...)
	spans = settle(t, spans)
	spans = append(spans, findNames(t, len(spans) > 0)...)
	spans = settle(t, spans)
	found := make([]SpanFound, 0, len(spans))
	for _, s := range spans {
		start, end := t.raw[s.start], t.raw[s.end]
		found = append(found, SpanFound{Type: s.kind, Text: text[start:end], Start: start, End: end})
	}
	return found
}

// span is a find in rune offsets; rank decides between overlapping ones, lower first.
type span struct {
	kind       string
	start, end int
	rank       int
}

// settle keeps of overlapping spans the best ranked, then the longest, and marks their runes as taken.
func settle(t *text, spans []span) []span {
	slices.SortStableFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.end-b.start, a.end-a.start), cmp.Compare(a.start, b.start))
	})
	clear(t.taken)
	kept := spans[:0]
	for _, s := range spans {
		if s.start >= s.end || slices.Contains(t.taken[s.start:s.end], true) {
			continue
		}
		for i := s.start; i < s.end; i++ {
			t.taken[i] = true
		}
		kept = append(kept, s)
	}
	slices.SortFunc(kept, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	return kept
}

// disjoint orders spans and drops those that overlap an earlier one.
func disjoint(spans []SpanFound) []SpanFound {
	slices.SortStableFunc(spans, func(a, b SpanFound) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	kept, end := spans[:0], 0
	for _, s := range spans {
		if s.Start >= end {
			kept, end = append(kept, s), s.End
		}
	}
	return kept
}
