// Package excelize imports and exports catalogues as XLSX workbooks.
package excelize

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"ganwen/kg"
)

// limits keep a hostile workbook from filling the memory: a zip of a few kilobytes can unpack to gigabytes.
var limits = excelize.Options{UnzipSizeLimit: 512 << 20, UnzipXMLSizeLimit: 64 << 20}

// Import reads the matters of a workbook's first sheet that has rows; the heading and the cells are those of
// kg.ImportTable. The error wraps kg.ErrFormat for what is no workbook or has no heading.
func Import(r io.Reader, file string) (*kg.Catalogue, *kg.Report, error) {
	f, err := excelize.OpenReader(r, limits)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %s: %w", kg.ErrFormat, file, err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			return nil, nil, fmt.Errorf("kg: import %s, sheet %s: %w", file, sheet, err)
		}
		if len(rows) > 0 {
			return kg.ImportTable(rows, file)
		}
	}
	return nil, nil, fmt.Errorf("%w: %s: no sheet with rows", kg.ErrFormat, file)
}

// Export writes the matters as a workbook of one sheet, heading first, that Import reads back without loss.
func Export(w io.Writer, c *kg.Catalogue) error {
	rows, err := kg.Table(c)
	if err != nil {
		return err
	}
	f := excelize.NewFile()
	defer f.Close()
	sheet := f.GetSheetName(0)
	stream, err := f.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("kg: export workbook: %w", err)
	}
	for i, row := range rows {
		cells := make([]any, len(row))
		for k, cell := range row {
			if len([]rune(cell)) > excelize.TotalCellChars {
				return fmt.Errorf("kg: export workbook: row %d, %s: %d characters, a cell holds %d", i+1, rows[0][k], len([]rune(cell)), excelize.TotalCellChars)
			}
			cells[k] = cell
		}
		if err := stream.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			return fmt.Errorf("kg: export workbook: %w", err)
		}
	}
	if err := stream.Flush(); err != nil {
		return fmt.Errorf("kg: export workbook: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("kg: export workbook: %w", err)
	}
	return nil
}
