// Package document reads the text out of files people import: plain text, Markdown, HTML, DOCX, PDF, XLSX and JSON lines.
// The kind is told by content first and by name second. Nothing in a file is ever run, followed or fetched.
package document

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/ledongthuc/pdf"
	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"
	"golang.org/x/text/encoding/simplifiedchinese"

	"ganwen/search/zh"
)

// Errors a caller can act on.
var (
	ErrKind  = errors.New("document: not a kind of file that can be read; want .md .txt .html .docx .pdf .xlsx or .jsonl")
	ErrEmpty = errors.New("document: no text in the file")
	ErrLarge = errors.New("document: the file is too large")
)

// MaxBytes is the most a file may have, packed or unpacked.
const MaxBytes = 50 << 20

// Document is the text of one file, or of one line of a JSON-lines file.
type Document struct {
	ID     string `json:"id,omitempty"` // "" = to be named after the file
	Title  string `json:"title"`
	Text   string `json:"text"`
	Region string `json:"region,omitempty"`
	From   string `json:"effective_from,omitempty"`
	To     string `json:"effective_to,omitempty"`
	URL    string `json:"url,omitempty"`
}

// Read reads one file. name gives the title when the text has none. Errors: ErrKind, ErrEmpty, ErrLarge, or what is
// wrong with the file, with the line where there is one.
func Read(name string, data []byte) ([]Document, error) {
	if len(data) > MaxBytes {
		return nil, ErrLarge
	}
	title := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	text, err := "", error(nil)
	switch kind(name, data) {
	case "pdf":
		text, err = pdfText(data)
	case "docx":
		text, err = docxText(data)
	case "xlsx":
		text, err = xlsxText(data)
	case "html":
		text, err = htmlText(data, &title)
	case "jsonl":
		return lines(data)
	case "text":
		text, err = plainText(data)
		title = heading(text, title)
	default:
		return nil, ErrKind
	}
	if err != nil {
		return nil, err
	}
	if text = zh.Clean(text); strings.TrimSpace(text) == "" {
		return nil, ErrEmpty
	}
	return []Document{{Title: title, Text: text}}, nil
}

// kind tells files apart by their first bytes; text formats by their name.
func kind(name string, data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return "pdf"
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return zipKind(data)
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".html", ".htm":
		return "html"
	case ".jsonl":
		return "jsonl"
	case ".md", ".txt", "":
		return "text"
	}
	return ""
}

func zipKind(data []byte) string {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return ""
	}
	for _, f := range z.File {
		switch f.Name {
		case "word/document.xml":
			return "docx"
		case "xl/workbook.xml":
			return "xlsx"
		}
	}
	return ""
}

// plainText reads UTF-8, or GB 18030 as older systems write it.
func plainText(data []byte) (string, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if utf8.Valid(data) {
		return string(data), nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil {
		return "", fmt.Errorf("document: neither UTF-8 nor GB 18030: %w", err)
	}
	return string(out), nil
}

// heading takes a Markdown title, else keeps the name of the file.
func heading(text, title string) string {
	for _, line := range strings.SplitN(text, "\n", 6) {
		if h, ok := strings.CutPrefix(strings.TrimSpace(line), "# "); ok {
			return strings.TrimSpace(h)
		}
	}
	return title
}

// htmlText takes what is shown: no scripts, styles or hidden parts.
func htmlText(data []byte, title *string) (string, error) {
	src, err := plainText(data)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(src))
	skip, inTitle := 0, false
	for {
		switch z.Next() {
		case html.ErrorToken:
			if errors.Is(z.Err(), io.EOF) {
				return b.String(), nil
			}
			return "", fmt.Errorf("document: HTML: %w", z.Err())
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "script", "style", "noscript", "template":
				skip++
			case "title":
				inTitle = true
			case "p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "table", "section":
				b.WriteByte('\n')
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "script", "style", "noscript", "template":
				skip = max(0, skip-1)
			case "title":
				inTitle = false
			}
		case html.TextToken:
			text := string(z.Text())
			switch {
			case inTitle && strings.TrimSpace(text) != "":
				*title = strings.TrimSpace(html.UnescapeString(text))
			case skip == 0:
				b.WriteString(html.UnescapeString(text))
			}
		}
	}
}

// docxText reads the paragraphs of word/document.xml.
func docxText(data []byte) (string, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", fmt.Errorf("document: DOCX: %w", err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		return "", fmt.Errorf("document: DOCX: %w", err)
	}
	defer f.Close()
	var b strings.Builder
	d := xml.NewDecoder(io.LimitReader(f, MaxBytes))
	inText := false
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return "", fmt.Errorf("document: DOCX: %w", err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "t":
				inText = true
			case "tab", "tc":
				b.WriteByte(' ')
			case "br":
				b.WriteByte('\n')
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t":
				inText = false
			case "p":
				b.WriteByte('\n')
			}
		case xml.CharData:
			if inText {
				b.Write(t)
			}
		}
	}
}

// pdfText reads the text layer. A library that panics on a broken file is held.
func pdfText(data []byte) (text string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("document: PDF is damaged: %v", p)
		}
	}()
	r, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", fmt.Errorf("document: PDF: %w", err)
	}
	var b strings.Builder
	for i := 1; i <= r.NumPage(); i++ {
		p := r.Page(i)
		if p.V.IsNull() {
			continue
		}
		s, err := p.GetPlainText(nil)
		if err != nil {
			return "", fmt.Errorf("document: PDF page %d: %w", i, err)
		}
		b.WriteString(s)
		b.WriteByte('\n')
	}
	return b.String(), nil
}

// xlsxText writes each row as "column：value；…", with the first row as the columns' names.
func xlsxText(data []byte) (string, error) {
	x, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: MaxBytes, UnzipXMLSizeLimit: MaxBytes})
	if err != nil {
		return "", fmt.Errorf("document: XLSX: %w", err)
	}
	defer x.Close()
	var b strings.Builder
	for _, sheet := range x.GetSheetList() {
		rows, err := x.GetRows(sheet)
		if err != nil {
			return "", fmt.Errorf("document: XLSX sheet %s: %w", sheet, err)
		}
		for i, row := range rows {
			if i == 0 {
				continue
			}
			for j, cell := range row {
				if cell == "" {
					continue
				}
				if j < len(rows[0]) {
					b.WriteString(rows[0][j] + "：")
				}
				b.WriteString(cell + "；")
			}
			b.WriteByte('\n')
		}
	}
	return b.String(), nil
}

// lines reads JSON lines of documents.
func lines(data []byte) ([]Document, error) {
	var out []Document
	for i, line := range bytes.Split(data, []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		var d Document
		if err := json.Unmarshal(line, &d); err != nil {
			return out, fmt.Errorf("document: line %d: want a JSON object with title and text: %w", i+1, err)
		}
		if strings.TrimSpace(d.Text) == "" {
			return out, fmt.Errorf("document: line %d: field text is empty", i+1)
		}
		d.Text = zh.Clean(d.Text)
		out = append(out, d)
	}
	if len(out) == 0 {
		return nil, ErrEmpty
	}
	return out, nil
}
