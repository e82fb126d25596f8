package bleve_test

import (
	"context"
	"flag"
	"io/fs"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	blevesearch "github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/registry"
	"github.com/stretchr/testify/require"

	"ganwen/search"
	"ganwen/search/searchtest"
	"ganwen/search/zh"
)

var measure = flag.Bool("measure", false, "compare backends on 100,000 passages (minutes)")

// engine is a way to index and find the corpus.
type engine struct {
	name  string
	index func(t *testing.T, passages []search.Passage) searchtest.Find
}

// TestMeasure compares our two backends with bleve as it comes and with bleve on words and bigrams.
func TestMeasure(t *testing.T) {
	if !*measure {
		t.Skip("takes minutes: run with -measure")
	}
	require.NoError(t, zh.Open())
	passages := searchtest.Corpus(t, 100_000)
	bytes := 0
	for _, p := range passages {
		bytes += len(p.Title) + len(p.Text)
	}
	t.Logf("%d passages, %.1f MB, GOMAXPROCS %d", len(passages), float64(bytes)/1e6, runtime.GOMAXPROCS(0))
	sets := map[string][]searchtest.Question{}
	for _, name := range []string{"cmrc2018", "drcd", "statutes"} {
		sets[name] = searchtest.Questions(t, name)
	}
	timed := append(append([]searchtest.Question(nil), sets["cmrc2018"]...), sets["drcd"][:1000]...)
	for _, e := range []engine{{"memory", inMemory}, {"bleve, ours", onDisk}, {"bleve cjk", plainCJK}, {"bleve words ∪ bigrams", plainUnion}} {
		t.Run(e.name, func(t *testing.T) {
			start := time.Now()
			find := e.index(t, passages)
			t.Logf("%-22s indexed at %.0f passages/s", e.name, float64(len(passages))/time.Since(start).Seconds())
			for _, name := range []string{"cmrc2018", "drcd", "statutes"} {
				q := searchtest.Evaluate(t, sets[name], find)
				t.Logf("%-22s %-9s nDCG@10 %.3f recall@10 %.3f", e.name, name, q.NDCG10, q.Recall10)
			}
			s := searchtest.Time(t, timed, find)
			t.Logf("%-22s p50 %.2f ms, p99 %.2f ms, %.0f/s with two askers", e.name, ms(s.P50), ms(s.P99), s.PerSec)
		})
	}
}

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }

func inMemory(t *testing.T, passages []search.Passage) searchtest.Find {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m := search.NewMemory(search.Config{})
	require.NoError(t, m.Index(t.Context(), passages))
	runtime.GC()
	runtime.ReadMemStats(&after)
	t.Logf("heap of the index %d MB", (after.HeapAlloc-before.HeapAlloc)>>20)
	return searchtest.Finder(m)
}

func onDisk(t *testing.T, passages []search.Passage) searchtest.Find {
	path := filepath.Join(t.TempDir(), "index")
	x := open(t, path, nil)
	require.NoError(t, x.Index(t.Context(), passages))
	time.Sleep(atRest)
	t.Logf("%d MB on disk", size(t, path)>>20)
	return searchtest.Finder(x)
}

// atRest is what bleve gets to merge segments in the background before it is timed.
const atRest = 5 * time.Second

func size(t *testing.T, path string) int64 {
	total := int64(0)
	require.NoError(t, filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	}))
	return total
}

// plainCJK is bleve with its default mapping and its analyzer for Chinese.
func plainCJK(t *testing.T, passages []search.Passage) searchtest.Find {
	m := blevesearch.NewIndexMapping()
	m.DefaultAnalyzer = cjk.AnalyzerName
	path := filepath.Join(t.TempDir(), "cjk")
	x, err := blevesearch.New(path, m)
	require.NoError(t, err)
	find := plain(t, x, passages)
	t.Logf("%d MB on disk", size(t, path)>>20)
	return find
}

const unionName = "words-and-bigrams"

func init() {
	err := registry.RegisterTokenizer(unionName, func(map[string]any, *registry.Cache) (analysis.Tokenizer, error) {
		return union{}, nil
	})
	if err != nil {
		panic(err)
	}
}

// union is what one does first: all words of the segmenter and all bigrams in one field.
type union struct{}

func (union) Tokenize(input []byte) analysis.TokenStream {
	var out analysis.TokenStream
	for _, w := range zh.Words(string(input)) {
		out = append(out, &analysis.Token{Term: []byte(zh.Fold(w.Text)), Position: len(out) + 1})
	}
	for _, b := range zh.Bigrams(string(input)) {
		out = append(out, &analysis.Token{Term: []byte(b), Position: len(out) + 1})
	}
	return out
}

// plainUnion is bleve's scoring of that field, in a mapping without term vectors and doc values.
func plainUnion(t *testing.T, passages []search.Passage) searchtest.Find {
	m := blevesearch.NewIndexMapping()
	require.NoError(t, m.AddCustomAnalyzer(unionName, map[string]any{"type": custom.Name, "tokenizer": unionName}))
	text := blevesearch.NewTextFieldMapping()
	text.Analyzer, text.Store, text.IncludeTermVectors, text.DocValues, text.IncludeInAll = unionName, false, false, false, false
	doc := blevesearch.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt("title", text)
	doc.AddFieldMappingsAt("text", text)
	m.DefaultMapping = doc
	m.DefaultField = "text"
	x, err := blevesearch.New(filepath.Join(t.TempDir(), "union"), m)
	require.NoError(t, err)
	return plain(t, x, passages)
}

// plain indexes title and text together and asks with a match query, as bleve's documentation does.
func plain(t *testing.T, x blevesearch.Index, passages []search.Passage) searchtest.Find {
	t.Cleanup(func() { require.NoError(t, x.Close()) })
	for at := 0; at < len(passages); at += 1000 {
		b := x.NewBatch()
		for _, p := range passages[at:min(at+1000, len(passages))] {
			require.NoError(t, b.Index(p.ID, map[string]string{"text": p.Title + "\n" + p.Text}))
		}
		require.NoError(t, x.Batch(b))
	}
	time.Sleep(atRest)
	return func(ctx context.Context, question string) ([]string, error) {
		q := blevesearch.NewMatchQuery(question)
		q.SetField("text")
		r, err := x.SearchInContext(ctx, blevesearch.NewSearchRequestOptions(q, 10, 0, false))
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(r.Hits))
		for i, h := range r.Hits {
			ids[i] = h.ID
		}
		return ids, nil
	}
}
