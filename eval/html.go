package eval

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
)

//go:embed report.html
var page string

var pageTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"names":  Names,
	"number": number,
	"lower":  LowerIsBetter,
	"pretty": func(v any) string {
		data, err := json.MarshalIndent(v, "", " ")
		if err != nil {
			return fmt.Sprint(v)
		}
		return string(data)
	},
	"under": func(r *Report, name string) bool {
		floor, ok := r.Floors[name]
		v := r.Metrics[name].Value
		return ok && (LowerIsBetter(name) && v > floor || !LowerIsBetter(name) && v < floor)
	},
	"right": func(r *Report) int {
		n := 0
		for _, c := range r.Detail {
			if c.OK {
				n++
			}
		}
		return n
	},
}).Parse(page))

// WriteHTML writes one page that needs nothing else: no script, style or font from elsewhere. Cases can be searched and
// narrowed to the wrong ones, to a suite and to a kind.
func WriteHTML(w io.Writer, reports ...*Report) error {
	if err := pageTemplate.Execute(w, reports); err != nil {
		return fmt.Errorf("eval: write html: %w", err)
	}
	return nil
}
