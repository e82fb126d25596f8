package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"ganwen/kg"
	"ganwen/kg/excelize"
)

type catalogueCmd struct {
	Import catalogueImportCmd `cmd:"" help:"Import matters: .jsonl .json .csv .xlsx, also gzipped."`
	Export catalogueExportCmd `cmd:"" help:"Write the catalogue as JSON lines or CSV."`
	Audit  catalogueAuditCmd  `cmd:"" help:"List what is missing, wrong or out of date."`
}

type catalogueImportCmd struct {
	Files  []string `arg:"" help:"Files." type:"existingfile"`
	Format string   `help:"ganwen, or guangdong for the open data of that province." default:"ganwen" enum:"ganwen,guangdong"`
	JSON   bool     `name:"json" help:"Print the reports as JSON lines."`
}

// Run imports each file as a source of its own. Importing it again replaces it. Refused rows go to a file beside the
// catalogue; good rows are kept; the exit code is then 3.
func (c *catalogueImportCmd) Run(_ context.Context, o *Options) error {
	var refused []string
	for _, file := range c.Files {
		report, err := c.one(o, file)
		if err != nil {
			return &exitError{3, err}
		}
		if c.JSON {
			if err := printJSON(report); err != nil {
				return err
			}
		} else {
			printReport(report)
		}
		if len(report.Rejects) > 0 {
			name, err := keepRejects(o, file, report.Rejects)
			if err != nil {
				return err
			}
			refused = append(refused, fmt.Sprintf("%d rows of %s refused, listed in %s", len(report.Rejects), filepath.Base(file), name))
		}
	}
	if len(refused) > 0 {
		return &exitError{3, errors.New(strings.Join(refused, "\n"))}
	}
	return nil
}

func (c *catalogueImportCmd) one(o *Options, file string) (*kg.Report, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var cat *kg.Catalogue
	var report *kg.Report
	if strings.HasSuffix(file, ".xlsx") {
		cat, report, err = excelize.Import(f, filepath.Base(file))
	} else {
		cat, report, err = kg.Import(f, filepath.Base(file), c.Format)
	}
	if err != nil {
		return nil, fmt.Errorf("import %s: %w", filepath.Base(file), err)
	}
	rejects, err := kg.Dir(filepath.Join(o.Data, "catalogue")).Put(kg.SourceName(file), cat)
	if err != nil {
		return nil, err
	}
	report.Kept -= len(rejects)
	report.Rejects = append(report.Rejects, rejects...)
	return report, nil
}

func printReport(r *kg.Report) {
	fmt.Printf("%s: %d rows, %d kept, %d merged, %d refused, %d values refused\n", r.File, r.Rows, r.Kept, r.Merged, len(r.Rejects), len(r.Dropped))
	for _, col := range r.Columns {
		field := col.Field
		if field == "" {
			field = "(left aside)"
		}
		fmt.Printf("  column %s → %s\n", col.Heading, field)
	}
	for _, part := range []struct {
		title  string
		counts map[string]int
	}{{"filled", r.Filled}, {"tidied", r.Mended}} {
		var list []string
		for k, n := range part.counts {
			list = append(list, fmt.Sprintf("%s %d", k, n))
		}
		sort.Strings(list)
		if len(list) > 0 {
			fmt.Printf("  %s: %s\n", part.title, strings.Join(list, ", "))
		}
	}
}

// keepRejects writes refused rows where the operator finds them.
func keepRejects(o *Options, file string, rejects kg.Rejects) (string, error) {
	dir := filepath.Join(o.Data, "rejects")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	name := filepath.Join(dir, kg.SourceName(file)+".jsonl")
	var b strings.Builder
	for _, r := range rejects {
		line, err := encodeJSON(r)
		if err != nil {
			return "", err
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	return name, os.WriteFile(name, []byte(b.String()), 0o600)
}

type catalogueExportCmd struct {
	Format string `help:"jsonl or csv." default:"jsonl" enum:"jsonl,csv"`
	Out    string `help:"File; - = standard output." default:"-"`
}

// Run writes the catalogue.
func (c *catalogueExportCmd) Run(_ context.Context, o *Options) error {
	cat, _, err := graphParts(o)
	if err != nil {
		return err
	}
	var w io.Writer = os.Stdout
	if c.Out != "-" {
		f, err := os.Create(c.Out)
		if err != nil {
			return err
		}
		defer f.Close()
		w = f
	}
	if c.Format == "csv" {
		return kg.ExportCSV(w, cat)
	}
	return kg.ExportJSONL(w, cat)
}

type catalogueAuditCmd struct {
	JSON bool `name:"json" help:"Findings as JSON lines."`
	Rows int  `help:"Rows shown for each rule." default:"3"`
}

// Run audits the catalogue as of today; errors among the findings give exit code 1.
func (c *catalogueAuditCmd) Run(_ context.Context, o *Options) error {
	cat, _, err := graphParts(o)
	if err != nil {
		return err
	}
	findings := kg.Audit(cat, time.Now())
	bad := 0
	byRule := map[string][]kg.Finding{}
	for _, f := range findings {
		byRule[f.Rule] = append(byRule[f.Rule], f)
		if f.Level == "error" {
			bad++
		}
		if c.JSON {
			if err := printJSON(f); err != nil {
				return err
			}
		}
	}
	if !c.JSON {
		c.print(byRule)
	}
	if bad > 0 {
		return &exitError{1, fmt.Errorf("%d errors in the catalogue", bad)}
	}
	return nil
}

func (c *catalogueAuditCmd) print(byRule map[string][]kg.Finding) {
	rules := make([]string, 0, len(byRule))
	for r := range byRule {
		rules = append(rules, r)
	}
	sort.Slice(rules, func(i, j int) bool { return len(byRule[rules[i]]) > len(byRule[rules[j]]) })
	for _, r := range rules {
		list := byRule[r]
		fmt.Printf("%-8s %5d  %s（%s）\n", list[0].Level, len(list), list[0].Title, r)
		for i, f := range list {
			if i == c.Rows {
				break
			}
			fmt.Printf("           %s %s %s %s\n", f.At, f.Code, f.Field, clipLine(f.Detail, 60))
		}
	}
}
