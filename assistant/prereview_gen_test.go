package assistant

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// world makes complete and valid applications from a matter's rules, and knows how to break one thing in them. What it
// expects follows from how it was broken, not from the engine.
type world struct {
	*rand.Rand
	rules *matterRules
	asOf  time.Time
	me    someone
	other map[string]someone // by row: whose card it is when it is not the applicant's
	memo  map[string]string  // row.field → value
}

type someone struct {
	name, id, sex string
	birth         time.Time
}

// wanted is an issue as the outside client compares it.
type wanted struct {
	Type   string `json:"type"`
	Target string `json:"target"`
}

var (
	surnames = strings.Fields("王 李 张 刘 陈 杨 黄 吴 周 徐 胡 熊 万 涂 邓 罗 谢 欧阳 章 廖")
	givens   = strings.Fields("建国 秀英 志强 丽华 海波 桂香 子轩 雨桐 小兰 国平 春生 玉莲 伟 芳 敏 静 磊 俊杰 婷婷 文斌 晓梅 长根")
)

func newWorld(m *matterRules, seed uint64) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 7)), rules: m, asOf: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), other: map[string]someone{}, memo: map[string]string{}}
	w.me = w.someone(w.myAge(), []string{"男", "女"}[w.IntN(2)])
	return w
}

// myAge is an age at which the applicant is barred from nothing and needs no guardian.
func (w *world) myAge() int {
	low, school := 30, false
	for _, e := range w.rules.Eligibility {
		if e.Card == "" && e.Months == 0 && e.From == 0 {
			low, school = max(low, e.Under+2), school || e.On != ""
		}
	}
	if school {
		return 7
	}
	return low + w.IntN(5)
}

func (w *world) someone(age int, sex string) someone {
	birth := w.asOf.AddDate(-age, -w.IntN(5)-1, -w.IntN(25))
	s := someone{birth: birth, sex: sex}
	for s.name == "" || s.name == w.me.name {
		s.name = surnames[w.IntN(len(surnames))] + givens[w.IntN(len(givens))]
	}
	order := w.IntN(499)*2 + 1
	if sex == "女" {
		order++
	}
	s.id = withCheck(fmt.Sprintf("369999%s%03d", birth.Format("20060102"), order))
	return s
}

// withCheck adds the last character of GB 11643.
func withCheck(id17 string) string {
	sum, weight := 0, []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	for i, w := range weight {
		sum += w * int(id17[i]-'0')
	}
	return id17 + string("10X98765432"[sum%11])
}

func (w *world) luhn() string {
	digits := "6217"
	for range 14 {
		digits += fmt.Sprint(w.IntN(10))
	}
	for d := range 10 {
		if no := digits + fmt.Sprint(d); validCard(no) {
			return no
		}
	}
	panic("no Luhn digit")
}

// value is what a valid paper of a row says in a field.
func (w *world) value(rowName, field string) string {
	key := rowName + "." + field
	if v, ok := w.memo[key]; ok {
		return v
	}
	v := w.fresh(w.row(rowName), field)
	w.memo[key] = v
	return v
}

func (w *world) row(name string) *paperRule {
	i := slices.IndexFunc(w.rules.Papers, func(r paperRule) bool { return r.Name == name })
	return &w.rules.Papers[i]
}

func (w *world) fresh(row *paperRule, field string) string {
	for _, o := range row.Applicant {
		if o.Field == field && (o.Sex == "" || o.Sex == w.me.sex) {
			return w.mine(field)
		}
	}
	for _, a := range row.Agrees {
		switch {
		case len(a.OneOf) > 0 && field == a.Field:
			return w.value(a.OneOf[w.family()].Card, "name")
		case len(a.OneOf) > 0 && field == a.Number:
			return w.value(a.OneOf[w.family()].Card, "id")
		case field == a.Field:
			return w.value(a.Paper, a.Other)
		}
	}
	switch field {
	case "amount":
		return fmt.Sprintf("%d.%02d", w.IntN(90000)+100, w.IntN(100))
	case "no":
		return w.luhn()
	case "id":
		return w.owner(row).id
	case "name":
		return w.owner(row).name
	}
	return w.someone(40, "男").name
}

// family picks the parent the household book belongs to, the same for name and number.
func (w *world) family() int { return len(w.me.name) % 2 }

func (w *world) mine(field string) string {
	switch field {
	case "id":
		return w.me.id
	case "birth":
		return w.me.birth.Format("2006-01-02")
	}
	return w.me.name
}

// owner is the holder of a card that is not the applicant's: of the other sex where the rules tell.
func (w *world) owner(row *paperRule) someone {
	if s, ok := w.other[row.Name]; ok {
		return s
	}
	sex := "男"
	if len(row.Applicant) > 0 && row.Applicant[0].Sex != "" {
		sex = row.Applicant[0].Sex
	}
	w.other[row.Name] = w.someone(35, sex)
	return w.other[row.Name]
}

// request is a complete valid application.
func (w *world) request() PrereviewRequest {
	req := PrereviewRequest{AsOf: "2026-11-23", Applicant: PrereviewApplicant{Name: w.me.name, IDNumber: w.me.id, Sex: w.me.sex, Birth: w.me.birth.Format("2006-01-02")}}
	for i := range w.rules.Papers {
		row := &w.rules.Papers[i]
		if len(row.Parts) == 0 {
			req.Materials = append(req.Materials, w.paper(row, w.pick(row.Name, row.Also)))
			continue
		}
		for _, p := range row.Parts {
			req.Materials = append(req.Materials, w.paper(row, w.pick(p.Name, p.Also)))
		}
	}
	return req
}

// pick chooses a name that leads to this row and not to an earlier one.
func (w *world) pick(name string, also []string) string {
	names := append([]string{name}, also...)
	at, _ := w.rules.find(name)
	for {
		n := names[w.IntN(len(names))]
		if to, ok := w.rules.find(n); ok && to == at {
			return n
		}
	}
}

func (w *world) paper(row *paperRule, name string) PrereviewPaper {
	yes := true
	p := PrereviewPaper{Name: name, Pages: 1, Readable: &yes, Fields: map[string]any{}}
	for _, o := range row.Applicant {
		if named(name, row.NotOwn) {
			break
		}
		p.Fields[o.Field] = w.value(row.Name, o.Field)
	}
	for _, a := range row.Agrees {
		if a.applies(name) {
			p.Fields[a.Field] = w.value(row.Name, a.Field)
			if a.Number != "" {
				p.Fields[a.Number] = w.value(row.Name, a.Number)
			}
		}
	}
	for _, r := range w.rules.Papers { // and what others are compared with
		for _, a := range r.Agrees {
			if a.Paper == row.Name {
				p.Fields[a.Other] = w.value(row.Name, a.Other)
			}
		}
	}
	if strings.HasSuffix(name, "身份证") && row.Name != "居住证" {
		p.Fields["name"], p.Fields["id"] = w.value(row.Name, "name"), w.value(row.Name, "id")
		p.Expires = "2031-05-01"
	}
	if row.Bank || name == "银行卡" {
		p.Fields["no"] = w.value(row.Name, "no")
	}
	for _, e := range w.rules.Eligibility {
		switch {
		case e.From > 0 && e.Paper == row.Name:
			p.Fields[e.Field] = w.asOf.AddDate(-e.From, 0, 1).Format("2006-01-02")
		case e.Months > 0 && e.Before != nil && e.Before.Paper == row.Name:
			p.Fields[e.Field] = addMonths(w.asOf.AddDate(0, 0, -20), -e.Months+1).Format("2006-01-02")
		}
	}
	p.Fields["signed"] = true
	p.Issued = w.asOf.AddDate(0, 0, -10-w.IntN(60)).Format("2006-01-02")
	if row.Months > 0 {
		p.Issued = addMonths(w.asOf, -row.Months).AddDate(0, 0, w.IntN(30)).Format("2006-01-02")
	}
	return p
}

// breakage is one thing gone wrong, and what must be found.
type breakage struct {
	name    string
	req     PrereviewRequest
	verdict string
	want    []wanted
}

// breakages lists every way this application can be broken in one place.
func (w *world) breakages(valid PrereviewRequest) []breakage {
	var out []breakage
	add := func(name string, verdict string, want wanted, change func(*PrereviewRequest)) {
		req := copyRequest(valid)
		change(&req)
		out = append(out, breakage{name, req, verdict, []wanted{want}})
	}
	add("own number", VerdictFix, wanted{IssueInvalidFormat, "applicant.id_number"}, func(r *PrereviewRequest) { r.Applicant.IDNumber = spoil(r.Applicant.IDNumber) })
	for i := range valid.Materials {
		w.breakPaper(i, valid, add)
	}
	return out
}

func (w *world) breakPaper(i int, valid PrereviewRequest, add func(string, string, wanted, func(*PrereviewRequest))) {
	p := valid.Materials[i]
	at, _ := w.rules.find(p.Name)
	row := &w.rules.Papers[at.row]
	if len(row.Parts) == 0 && !row.Needed.Never && (row.Needed.If == nil || row.Needed.If.Unless != nil) {
		add("gone "+p.Name, VerdictFix, wanted{IssueMissing, row.Name}, func(r *PrereviewRequest) { r.Materials = slices.Delete(r.Materials, i, i+1) })
	}
	no := false
	add("blurred "+p.Name, VerdictFix, wanted{IssueIllegible, p.Name}, func(r *PrereviewRequest) { r.Materials[i].Readable = &no })
	add("unsigned "+p.Name, VerdictFix, wanted{IssueUnsigned, p.Name}, func(r *PrereviewRequest) { r.Materials[i].Fields["signed"] = false })
	add("future "+p.Name, VerdictFix, wanted{IssueInvalidFormat, p.Name + ".issued"}, func(r *PrereviewRequest) { r.Materials[i].Issued = "2026-11-24" })
	if !row.AnyExpiry {
		add("expired "+p.Name, VerdictFix, wanted{IssueExpired, p.Name}, func(r *PrereviewRequest) { r.Materials[i].Expires = "2026-11-22" })
	}
	if row.Months > 0 {
		add("aged "+p.Name, VerdictFix, wanted{IssueExpired, p.Name}, func(r *PrereviewRequest) {
			r.Materials[i].Issued = addMonths(w.asOf, -row.Months).AddDate(0, 0, -1).Format("2006-01-02")
		})
	}
	if id, ok := p.Fields["id"].(string); ok {
		add("number of "+p.Name, VerdictFix, wanted{IssueInvalidFormat, p.Name + ".id"}, func(r *PrereviewRequest) { r.Materials[i].Fields["id"] = spoil(id) })
	}
	if no, ok := p.Fields["no"].(string); ok {
		add("account of "+p.Name, VerdictFix, wanted{IssueInvalidFormat, p.Name + ".no"}, func(r *PrereviewRequest) { r.Materials[i].Fields["no"] = spoil(no) })
	}
	for _, o := range row.Applicant {
		if (o.Sex == "" || o.Sex == w.me.sex) && !named(p.Name, row.NotOwn) {
			verdict := VerdictFix
			if o.Manual {
				verdict = VerdictManual
			}
			add("another's "+o.Field+" on "+p.Name, verdict, wanted{IssueMismatch, p.Name + "." + o.Field}, func(r *PrereviewRequest) { r.Materials[i].Fields[o.Field] = w.wrong(o.Field) })
		}
	}
	for _, a := range row.Agrees {
		if a.applies(p.Name) && p.Fields[a.Field] != nil {
			add(a.Field+" departs on "+p.Name, VerdictFix, wanted{IssueMismatch, p.Name + "." + a.Field}, func(r *PrereviewRequest) { r.Materials[i].Fields[a.Field] = w.wrong(a.Field) })
		}
	}
}

// wrong is a well-formed value that belongs to nobody here.
func (w *world) wrong(field string) string {
	switch field {
	case "id":
		return withCheck("36999919550505" + fmt.Sprintf("%03d", w.IntN(1000)))
	case "birth":
		return "1955-05-05"
	case "amount":
		return "7.77"
	}
	return "诸葛" + givens[w.IntN(len(givens))]
}

// spoil changes the last character, so that the check fails.
func spoil(number string) string {
	last := number[len(number)-1]
	if last == '1' {
		return number[:len(number)-1] + "2"
	}
	return number[:len(number)-1] + "1"
}

func copyRequest(r PrereviewRequest) PrereviewRequest {
	data, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	var out PrereviewRequest
	if err := json.Unmarshal(data, &out); err != nil {
		panic(err)
	}
	return out
}
