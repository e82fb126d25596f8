package petitions

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"ganwen/kg"
	"ganwen/prompts"
)

// ErrFormat is returned for a file that cannot be read as a whole.
var ErrFormat = errors.New("petitions: format not understood")

// Importer takes petitions in from files: strictly, row by row; once, by source and id; redacted, with the original sealed
// apart. An import that was cut off at any moment is done again with the same file: nothing is lost, nothing comes twice.
// Only Store is needed. Its methods must not run at the same time.
type Importer struct {
	Store     Store
	Originals Originals                 // nil = originals are not kept
	Sealer    *Sealer                   // for originals and for digests of persons; nil = neither
	Source    string                    // of rows that do not say; "" = the file's name
	Batch     int                       // rows kept at a time; 0 = 500
	Progress  func(rows int)            // after each batch
	Legacy    func(io.Reader) io.Reader // reads GB18030, for tables saved by old spreadsheets; nil = they are refused
	Now       func() time.Time          // nil = time.Now
}

// ImportReport says what an import did.
type ImportReport struct {
	File      string      `json:"file"`
	Rows      int         `json:"rows"`     // rows with something in them
	Kept      int         `json:"kept"`     // new petitions
	Repeated  int         `json:"repeated"` // were kept before, word for word or by an import that was cut off
	Changed   int         `json:"changed"`  // were kept before with other words, which stay
	Rejects   kg.Rejects  `json:"rejects,omitempty"`
	Columns   []kg.Column `json:"columns"`         // what each column was taken for; "" = left aside
	Nears     []Near      `json:"nears,omitempty"` // the first thousand
	NearCount int         `json:"near_count"`
	Redacted  int         `json:"redacted"` // petitions personal data was taken out of
}

const (
	batchRows = 500
	mostNears = 1000
)

// File imports .jsonl, .json (a list) or .csv, packed or not. The error wraps ErrFormat for what is none of these; rows
// that are refused are in the report.
func (im *Importer) File(ctx context.Context, r io.Reader, name string) (*ImportReport, error) {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	if plain, packed := strings.CutSuffix(base, ".gz"); packed {
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrFormat, base, err)
		}
		defer z.Close()
		base, r = plain, z
	}
	switch path.Ext(base) {
	case ".jsonl", ".json":
		return im.run(ctx, base, func(in *intake) iter.Seq2[*incoming, *kg.Reject] { return in.lines(r) })
	case ".csv":
		rows, err := im.csv(r)
		if err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrFormat, base, err)
		}
		return im.Table(ctx, rows, base)
	}
	return nil, fmt.Errorf("%w: %s: want .jsonl, .json, .csv or .xlsx", ErrFormat, base)
}

// Table imports rows with a heading, which may stand below a title.
func (im *Importer) Table(ctx context.Context, rows iter.Seq2[[]string, error], name string) (*ImportReport, error) {
	return im.run(ctx, name, func(in *intake) iter.Seq2[*incoming, *kg.Reject] { return in.table(rows) })
}

// csv reads a table in UTF-8, or in GB18030 where Legacy can.
func (im *Importer) csv(r io.Reader) (iter.Seq2[[]string, error], error) {
	in := bufio.NewReaderSize(r, 1<<16)
	head, _ := in.Peek(1 << 15)
	for len(head) > 0 && !utf8.Valid(head) && len(head) > 1<<15-utf8.UTFMax {
		head = head[:len(head)-1] // a character cut in two at the end
	}
	var text io.Reader = in
	if !utf8.Valid(head) {
		if im.Legacy == nil {
			return nil, errors.New("not UTF-8")
		}
		text = im.Legacy(in)
	}
	rows := csv.NewReader(text)
	rows.FieldsPerRecord, rows.LazyQuotes = -1, true
	return func(yield func([]string, error) bool) {
		for {
			row, err := rows.Read()
			if err == io.EOF || !yield(row, err) {
				return
			}
		}
	}, nil
}

// intake is one import under way.
type intake struct {
	*Importer
	words   *intakeWords
	report  *ImportReport
	source  string
	now     time.Time
	nears   *nears
	seen    map[Ref]seen // rows of this file
	known   map[string]*intakeField
	failure error // of reading
}

type seen struct {
	row int
	sum [8]byte
}

func (im *Importer) run(ctx context.Context, name string, rows func(*intake) iter.Seq2[*incoming, *kg.Reject]) (*ImportReport, error) {
	words, err := intakeWordsOnce()
	if err != nil {
		return nil, err
	}
	in := &intake{Importer: im, words: words, report: &ImportReport{File: name, Columns: []kg.Column{}}, source: cmp.Or(im.Source, strings.TrimSuffix(name, path.Ext(name))),
		now: time.Now(), nears: newNears(), seen: map[Ref]seen{}, known: map[string]*intakeField{}}
	if im.Now != nil {
		in.now = im.Now()
	}
	var batch []*incoming
	for row, bad := range rows(in) {
		in.report.Rows++
		switch {
		case bad != nil:
			bad.File = name
			in.report.Rejects = append(in.report.Rejects, *bad)
		case in.fresh(row):
			batch = append(batch, row)
		}
		if len(batch) == cmp.Or(im.Batch, batchRows) {
			if err := in.keep(ctx, batch); err != nil {
				return in.report, err
			}
			batch = batch[:0]
		}
	}
	if err := errors.Join(in.failure, ctx.Err()); err != nil {
		return in.report, err
	}
	return in.report, in.keep(ctx, batch)
}

// fresh takes a row in, unless the file has had it: the same again is counted, other words under the same number refused.
func (in *intake) fresh(row *incoming) bool {
	p := &row.petition
	p.Source = cmp.Or(p.Source, in.source)
	sum := sha256.Sum256([]byte(p.Title + "\x00" + p.Text))
	mark := seen{row: row.row, sum: [8]byte(sum[:8])}
	before, again := in.seen[Ref{p.Source, p.ID}]
	switch {
	case !again:
		in.seen[Ref{p.Source, p.ID}] = mark
	case before.sum == mark.sum:
		in.report.Repeated++
	default:
		bad := in.words.refuse("conflict", "id", p.ID, fmt.Sprint(before.row))
		bad.File, bad.Row, bad.Key = in.report.File, row.row, p.ID
		in.report.Rejects = append(in.report.Rejects, *bad)
	}
	return !again
}

// ready is a row that can be kept.
type ready struct {
	petition  Petition
	original  *Original
	signature *[bands * perBand]uint32
	redacted  bool
	err       error
}

// keep stores a batch: originals first, so that there is no moment at which a petition is kept and its original lost.
func (in *intake) keep(ctx context.Context, batch []*incoming) error {
	if len(batch) == 0 {
		return nil
	}
	list := in.prepare(batch)
	var originals []Original
	rows := make([]*Petition, len(list))
	for i := range list {
		if list[i].err != nil {
			return list[i].err
		}
		rows[i] = &list[i].petition
		if list[i].original != nil {
			originals = append(originals, *list[i].original)
		}
	}
	if len(originals) > 0 {
		if err := in.Originals.PutOriginal(ctx, originals...); err != nil {
			return fmt.Errorf("petitions: import row %d: %w", batch[0].row, err)
		}
	}
	created, err := in.Store.Put(ctx, rows...)
	if err != nil {
		return fmt.Errorf("petitions: import row %d: %w", batch[0].row, err)
	}
	for i := range list {
		if err := in.count(ctx, batch[i].row, &list[i], created[i]); err != nil {
			return err
		}
	}
	if in.Progress != nil {
		in.Progress(in.report.Rows)
	}
	return nil
}

// prepare redacts and seals a batch on all processors.
func (in *intake) prepare(batch []*incoming) []ready {
	out := make([]ready, len(batch))
	next := make(chan int, len(batch))
	for i := range batch {
		next <- i
	}
	close(next)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				out[i] = in.one(batch[i])
			}
		})
	}
	wg.Wait()
	return out
}

func (in *intake) one(row *incoming) (out ready) {
	p := row.petition
	out.signature = in.nears.signature(p.Title + p.Text)
	if in.Sealer != nil {
		p.Person = in.Sealer.Person(personOf(row.personal, p.Place))
		if in.Originals != nil {
			sealed, err := in.Sealer.Seal(p.Source, p.ID, row.raw)
			if err != nil {
				out.err = fmt.Errorf("petitions: import row %d: %w", row.row, err)
				return out
			}
			out.original = &sealed
		}
	}
	out.petition, out.redacted = redactPetition(p)
	return out
}

// personOf is what a petitioner is known by: the number of a paper, else a telephone, else a name in a place.
func personOf(personal map[string]string, place string) string {
	switch {
	case personal["id_number"] != "":
		return "id " + strings.ToUpper(personal["id_number"])
	case personal["phone"] != "":
		return "phone " + strings.NewReplacer(" ", "", "-", "", "+86", "").Replace(personal["phone"])
	case personal["person"] != "":
		return "name " + personal["person"] + " " + place
	}
	return ""
}

// redactPetition takes personal data out of all that is written, with the same placeholders throughout.
func redactPetition(p Petition) (Petition, bool) {
	var vault prompts.Vault
	before := p.Title + p.Text + p.Place + strings.Join(p.Attachments, "")
	for _, s := range []*string{&p.Title, &p.Text, &p.Place} {
		*s = vault.Redact(*s).String()
	}
	p.Attachments = slices.Clone(p.Attachments)
	for i := range p.Attachments {
		p.Attachments[i] = vault.Redact(p.Attachments[i]).String()
	}
	return p, before != p.Title+p.Text+p.Place+strings.Join(p.Attachments, "")
}

// count enters one kept row in the report, and a near-duplicate in the history of the new petition.
func (in *intake) count(ctx context.Context, row int, r *ready, created bool) error {
	p := &r.petition
	of, likeness, near := in.nears.see(SubjectOf(p.Source, p.ID), r.signature)
	if near {
		if in.report.NearCount++; len(in.report.Nears) < mostNears {
			in.report.Nears = append(in.report.Nears, Near{Row: row, ID: p.ID, Of: of, Likeness: likeness})
		}
	}
	if r.redacted {
		in.report.Redacted++
	}
	if created {
		in.report.Kept++
		return nil
	}
	kept, err := in.Store.Get(ctx, p.Source, p.ID)
	if err != nil {
		return fmt.Errorf("petitions: import row %d: %w", row, err)
	}
	if kept.Petition.Title == p.Title && kept.Petition.Text == p.Text {
		in.report.Repeated++
	} else {
		in.report.Changed++
	}
	return nil
}
