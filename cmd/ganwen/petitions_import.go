package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"ganwen/petitions"
	"ganwen/petitions/excelize"
	"ganwen/petitions/sqlstore"
)

type petitionsImportCmd struct {
	File   string `arg:"" help:"CSV, XLSX or JSON lines; columns are known by their names." type:"existingfile"`
	Source string `help:"Source of rows that do not say; the file's name otherwise."`
	JSON   bool   `name:"json" help:"The report as one JSON value."`
}

// Run takes petitions in: once by source and id, redacted, the originals sealed apart under DATA/petitions. Importing a file
// again adds nothing; refused rows go to a file and the exit code is 3.
func (c *petitionsImportCmd) Run(ctx context.Context, o *Options) error {
	dir := filepath.Join(o.Data, "petitions")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	store, err := sqlstore.Open(ctx, filepath.Join(dir, "petitions.db"))
	if err != nil {
		return fmt.Errorf("petitions: %w", err)
	}
	defer store.Close()
	key, err := petitions.KeyFile(filepath.Join(dir, "petitions.key"))
	if err != nil {
		return fmt.Errorf("petitions: key: %w", err)
	}
	sealer, err := petitions.NewSealer(key)
	if err != nil {
		return fmt.Errorf("petitions: key: %w", err)
	}
	im := &petitions.Importer{Store: store, Originals: store, Sealer: sealer, Source: c.Source,
		Legacy:   func(r io.Reader) io.Reader { return simplifiedchinese.GB18030.NewDecoder().Reader(r) },
		Progress: func(rows int) { fmt.Fprintf(os.Stderr, "\r%d\x1b[K", rows) }}
	report, err := c.read(ctx, im)
	fmt.Fprint(os.Stderr, "\r\x1b[K")
	if err != nil {
		return &exitError{3, err}
	}
	if c.JSON {
		if err := printJSON(report); err != nil {
			return err
		}
	} else {
		fmt.Printf("%s: %d rows, %d kept, %d repeated, %d changed, %d near duplicates, %d refused\n", report.File, report.Rows, report.Kept,
			report.Repeated, report.Changed, report.NearCount, len(report.Rejects))
	}
	if len(report.Rejects) > 0 {
		name, err := keepRejects(o, c.File, report.Rejects)
		if err != nil {
			return err
		}
		return &exitError{3, errors.New("refused rows are listed in " + name)}
	}
	return nil
}

func (c *petitionsImportCmd) read(ctx context.Context, im *petitions.Importer) (*petitions.ImportReport, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	name := filepath.Base(c.File)
	if strings.HasSuffix(strings.ToLower(name), ".xlsx") {
		return excelize.Import(ctx, im, f, name)
	}
	return im.File(ctx, f, name)
}
