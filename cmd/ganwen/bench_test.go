package main

import (
	"context"
	"testing"

	"ganwen/assistant"
)

// BenchmarkTurn is one whole turn without vectors: emergency check, redaction, ranking, checklist, sentences, store.
func BenchmarkTurn(b *testing.B) {
	s := theWorld(b)
	bank := s.catalogue.Bank
	i := 0
	for b.Loop() {
		if _, err := s.assistant.Answer(context.Background(), assistant.Request{Message: bank[i%len(bank)].Query}, nil); err != nil {
			b.Fatal(err)
		}
		i += 101
	}
}
