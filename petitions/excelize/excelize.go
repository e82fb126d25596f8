// Package excelize reads petitions out of XLSX workbooks.
package excelize

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/xuri/excelize/v2"

	"ganwen/petitions"
)

// limits keep a hostile workbook from filling the memory: a zip of a few kilobytes can unpack to gigabytes. Cells are read
// raw, so that a date is a number and not what some format makes of it.
var limits = excelize.Options{UnzipSizeLimit: 1 << 30, UnzipXMLSizeLimit: 64 << 20, RawCellValue: true}

// Import reads the first sheet that has rows. The error wraps petitions.ErrFormat for what is no workbook.
func Import(ctx context.Context, im *petitions.Importer, r io.Reader, name string) (*petitions.ImportReport, error) {
	f, err := excelize.OpenReader(r, limits)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", petitions.ErrFormat, name, err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		if first, err := f.Rows(sheet); err == nil && first.Next() {
			return im.Table(ctx, rows(f, sheet), name)
		}
	}
	return nil, fmt.Errorf("%w: %s: no sheet with rows", petitions.ErrFormat, name)
}

// rows reads a sheet one row at a time.
func rows(f *excelize.File, sheet string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		list, err := f.Rows(sheet)
		if err != nil {
			yield(nil, err)
			return
		}
		for list.Next() {
			row, err := list.Columns()
			if !yield(row, err) || err != nil {
				break
			}
		}
		if err := errors.Join(list.Error(), list.Close()); err != nil {
			yield(nil, err)
		}
	}
}
