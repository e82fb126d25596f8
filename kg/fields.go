package kg

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed data/fields.csv
var fieldsCSV string

//go:embed data/format.json
var formatText []byte

// words are the small words between values, from data/format.json.
var words = mustJSON[map[string]string](formatText)

// fieldSpec is one field of a matter: its JSON name, what clerks call it, and how a table cell holds it.
type fieldSpec struct {
	name, label, kind string
	also              []string
}

var fieldSpecs = func() []fieldSpec {
	rows, err := readTable(strings.NewReader(fieldsCSV), "name", "label", "kind", "also")
	if err != nil {
		panic("kg: data/fields.csv: " + err.Error())
	}
	var specs []fieldSpec
	for _, r := range rows {
		specs = append(specs, fieldSpec{r[0], r[1], r[2], strings.Fields(r[3])})
	}
	return specs
}()

// FieldNames lists the fields of a matter that Field knows, in the order of a service guide.
func FieldNames() []string {
	names := make([]string, len(fieldSpecs))
	for i, f := range fieldSpecs {
		names[i] = f.name
	}
	return names
}

// FieldLabel is what clerks call a field of a matter: 承诺办结时限 for promised_days. An unknown name is its own label.
func FieldLabel(name string) string {
	for _, f := range fieldSpecs {
		if f.name == name {
			return f.label
		}
	}
	return name
}

// Field gives the text of a field as it is quoted in answers; every fact in an answer is copied from such a text. ok is
// false when the field is empty, that is: not published. Lists are one text, their parts apart by words["list"].
func (m *Matter) Field(name string) (value string, ok bool) {
	switch name {
	case "conditions":
		value = each(m.Conditions, func(c Condition) string { return c.Text })
	case "questions_tree":
		value = each(m.Tree, func(s Situation) string { return s.Ask })
	case "materials":
		value = each(m.Materials, Material.String)
	case "steps":
		value = each(m.Steps, Step.String)
	case "legal_days":
		value = m.LegalDays.String()
	case "promised_days":
		value = m.PromisedDays.String()
	case "visits":
		if m.Visits != nil {
			value = fmt.Sprintf(words["visits"], *m.Visits)
		}
	case "fee":
		value = m.Fee.String()
	case "result":
		value = m.Result.String()
	case "before":
		value = each(m.Before, Link.String)
	case "after":
		value = each(m.After, Link.String)
	case "confusable":
		value = each(m.Confusable, Link.String)
	case "basis":
		value = each(m.Basis, Clause.String)
	case "faq":
		value = each(m.FAQ, func(f FAQ) string { return f.Q + f.A })
	default:
		value = m.plain(name)
	}
	return value, value != ""
}

// plain is the text of a field that is a string or a list of strings.
func (m *Matter) plain(name string) string {
	texts := map[string]string{
		"code": m.Code, "name": m.Name, "catalog_code": m.CatalogCode, "task_code": m.TaskCode, "handle_code": m.HandleCode,
		"local_code": m.LocalCode, "type": m.Type, "department": m.Department, "co_department": m.CoDepartment, "level": m.Level,
		"region": m.Region, "jurisdiction": m.Jurisdiction, "any_region": m.AnyRegion, "summary": m.Summary,
		"online_hint": m.OnlineHint, "online_url": m.OnlineURL, "where": m.Where, "address": m.Address, "hours": m.Hours,
		"phone": m.Phone, "complain_phone": m.ComplainTo, "proxy": m.Proxy, "refused": m.Refused, "source": m.Source,
		"version": m.Version, "effective_from": m.EffectiveFrom, "effective_to": m.EffectiveTo,
	}
	if text, ok := texts[name]; ok {
		return text
	}
	return strings.Join(m.list(name), words["list"])
}

func (m *Matter) list(name string) []string {
	return map[string][]string{"aliases": m.Aliases, "objects": m.Objects, "themes": m.Themes, "how": m.How,
		"not_counted": m.NotCounted, "yields": m.Yields, "keywords": m.Keywords, "unknown": m.Unknown}[name]
}

// Field gives the text of a policy's field as it is quoted; see Matter.Field.
func (p *Policy) Field(name string) (value string, ok bool) {
	switch name {
	case "conditions":
		value = each(p.Conditions, func(c Condition) string { return c.Text })
	case "steps":
		value = each(p.Steps, Step.String)
	case "materials":
		value = strings.Join(p.Materials, words["list"])
	default:
		value = map[string]string{"code": p.Code, "name": p.Name, "category": p.Category, "department": p.Department,
			"delivery": p.Delivery, "audience": p.Audience, "summary": p.Summary, "benefit": p.Benefit,
			"valid_from": p.ValidFrom, "valid_to": p.ValidTo, "unknown": strings.Join(p.Unknown, words["list"])}[name]
	}
	return value, value != ""
}

// Field gives the text of a life event's field as it is quoted; see Matter.Field.
func (e *LifeEvent) Field(name string) (value string, ok bool) {
	switch name {
	case "members":
		value = each(e.Members, func(m Member) string { return m.Code + words["pair"] + m.Why })
	case "shared_materials":
		value = each(e.Shared, func(s SharedPaper) string { return s.Name })
	case "one_form":
		value = each(e.OneForm, func(f FormField) string { return f.Label })
	default:
		value = map[string]string{"code": e.Code, "name": e.Name, "stage": e.Stage, "lead": e.Lead, "summary": e.Summary,
			"notes": e.Notes}[name]
	}
	return value, value != ""
}

// String is the paper with form, copies, waiver and advice: 结婚证（原件1份，数据共享免交，按情形需要）.
func (m Material) String() string {
	var parts []string
	if m.Original > 0 {
		parts = append(parts, fmt.Sprintf(words["original"], m.Original))
	}
	if m.Copies > 0 {
		parts = append(parts, fmt.Sprintf(words["copies"], m.Copies))
	}
	if len(parts) == 0 && m.Form != "" {
		parts = append(parts, m.Form)
	}
	if m.Waiver != "" {
		parts = append(parts, m.Waiver)
	}
	if m.Required == "situation" {
		parts = append(parts, words["situation"])
	}
	return m.Name + inBrackets(parts...)
}

// String is the step with who does it.
func (s Step) String() string {
	text := strings.TrimSuffix(s.Text, words["sentence"])
	if s.Name != "" && text != "" {
		text = words["pair"] + text
	}
	return s.Name + text + inBrackets(s.Who)
}

// String is the limit in words: 20个工作日（受理后20个工作日内）; "" when nothing is published.
func (d Days) String() string {
	switch {
	case d.Value != nil:
		return fmt.Sprintf(words["days"], *d.Value, d.Unit) + inBrackets(d.Text)
	case d.Unit == words["instant"]:
		return d.Unit + inBrackets(d.Text)
	}
	return d.Text
}

// String is the fee in words; "" when nothing is published.
func (f Fee) String() string {
	switch {
	case f.Charged == nil:
		return f.Text
	case *f.Charged:
		return words["charged"] + inBrackets(f.Text)
	}
	return words["free"] + inBrackets(f.Text)
}

// String is the result with its validity.
func (r Result) String() string {
	if r.Validity == "" {
		return r.Name
	}
	return r.Name + inBrackets(fmt.Sprintf(words["validity"], words["pair"]+r.Validity))
}

// String is the code and the sentence that goes with it.
func (l Link) String() string {
	if why := l.Why + l.How; why != "" {
		return l.Code + words["pair"] + why
	}
	return l.Code
}

// String is law, article and quote.
func (c Clause) String() string {
	if c.Quote == "" {
		return c.Law + c.Article
	}
	return c.Law + c.Article + words["pair"] + c.Quote
}

func each[T any](list []T, text func(T) string) string {
	parts := make([]string, 0, len(list))
	for _, x := range list {
		if s := text(x); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, words["list"])
}

func inBrackets(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	if len(parts) == 0 {
		return ""
	}
	return words["open"] + strings.Join(parts, words["comma"]) + words["close"]
}
