package kg

import (
	_ "embed"
	"encoding/json"
	"strconv"
	"strings"
)

//go:embed data/guangdong.json
var guangdongText []byte

var guangdongWords = mustJSON[struct {
	Source, Version, Window, Online, Courier, Condition string
	NoWindow                                            string `json:"no_window"`
}](guangdongText)

// guangdongRow is one service guide as Guangdong's portal exports it; the spelling is theirs.
type guangdongRow struct {
	TaskCode          string  `json:"TASK_CODE"`
	OrgCode           string  `json:"ORGCODE"`
	TaskTypeText      string  `json:"TASK_TYPE_TEXT"`
	LimitSceneNum     string  `json:"LIMIT_SCENE_NUM"`
	TaskState         *string `json:"TASK_STATE"`
	CatalogName       string  `json:"CATANAME"`
	Department        string  `json:"DEPT_NAME"`
	AreaText          string  `json:"AREA_CODE_TEXT"`
	ParentCatalogID   string  `json:"parentCatalogId"`
	TaskType          string  `json:"TASK_TYPE"`
	TaskName          string  `json:"TASK_NAME"`
	SubTaskName       *string `json:"subTaskName"`
	ParentCatalogName string  `json:"parentCatalogName"`
	CatalogID         string  `json:"CATAID"`
	URL               string  `json:"URL"`
	TaskTag           *string `json:"TASK_TAG"`
	AreaCode          string  `json:"AREACODE"`
	SubCatalogName    string  `json:"subCatalogName"`
	OnlineCheck       string  `json:"ONLINECHECK"`
	MatterName        string  `json:"matter_name"`
	MatterShort       string  `json:"matter_short"`
	MatterDaily       string  `json:"matter_daily"`
	MatterCode        string  `json:"matter_code"`
	MatterLevel       string  `json:"matter_level"`
	VisitNumber       string  `json:"visit_number"`
	CoDepartment      string  `json:"co_department"`
	Location          string  `json:"handle_location"`
	LegalDays         string  `json:"handle_time"`
	PromisedDays      string  `json:"handle_time_limit"`
	MatterType        string  `json:"matter_type"`
	AcceptStandard    string  `json:"accept_standard"`
	ConsultPhone      string  `json:"consult_phone"`
	Courier           string  `json:"courier_service"`
	Platform          string  `json:"bear_paltform"`
	ComplainPhone     string  `json:"complain_phone"`
	OnlineBook        string  `json:"online_book"`
	OnlineBookAddress string  `json:"online_book_addr"`
	District          string  `json:"district"`
	Themes            texts   `json:"theme_category"`
	Objects           texts   `json:"service_object_name"`
	Materials         texts   `json:"material_intro"`
}

// texts is a list of texts that the export writes as one text when there is only one.
type texts []string

// UnmarshalJSON takes a list, a text or null.
func (t *texts) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		var one string
		if err := json.Unmarshal(raw, &one); err != nil {
			return err
		}
		*t = texts{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(t))
}

// guangdong takes one line over.
func (in *intake) guangdong(row int, line []byte) {
	g, bad := decodeStrict[guangdongRow](line)
	if bad != nil {
		in.reject(row, "", bad)
		return
	}
	if g.TaskCode == "" && g.TaskName == "" {
		in.reject(row, "", refuse("other_format", "TASK_CODE", "", "TASK_CODE, TASK_NAME"))
		return
	}
	m := g.matter()
	in.guangdongNames(m, g)
	in.guangdongLimits(m, g, row)
	in.guangdongContact(m, g, row)
	in.guangdongPapers(m, g)
	m.Unknown = unpublished(m)
	put(in, row, m, func(m *Matter) { in.cat.Matters = append(in.cat.Matters, m) })
}

// matter takes what needs no more than tidying.
func (g *guangdongRow) matter() *Matter {
	m := &Matter{
		Code: strings.TrimSpace(g.TaskCode), CatalogCode: tidy(g.CatalogID), LocalCode: tidy(g.MatterCode), Type: tidy(g.TaskTypeText),
		Department: tidyName(g.Department), CoDepartment: tidy(g.CoDepartment), Level: tidy(g.MatterLevel), Region: RegionCode(g.AreaCode),
		OnlineHint: tidy(g.Platform), Objects: tidyAll(g.Objects), Themes: tidyAll(g.Themes),
		Provenance: Provenance{Source: guangdongWords.Source, Version: guangdongWords.Version},
	}
	if m.Type == "" {
		m.Type = tidy(g.MatterType)
	}
	if len(m.Code) == 33 {
		m.HandleCode, m.TaskCode = m.Code, m.Code[:31]
	} else {
		m.TaskCode = m.Code
	}
	return m
}

// guangdongNames takes the name, and as other names what the export calls short, daily and catalogue names.
func (in *intake) guangdongNames(m *Matter, g *guangdongRow) {
	m.Name = in.mended("name", g.TaskName, tidyName(g.TaskName))
	for _, also := range append([]string{g.MatterName, g.CatalogName}, splitList(g.MatterShort, true)...) {
		if also = tidyName(also); also != "" && also != m.Name {
			m.Aliases = appendNew(m.Aliases, also)
		}
	}
	for _, k := range splitList(strings.ReplaceAll(g.MatterDaily, " ", ";"), true) {
		m.Keywords = appendNew(m.Keywords, k)
	}
}

// guangdongLimits takes the limits and the number of visits.
func (in *intake) guangdongLimits(m *Matter, g *guangdongRow, row int) {
	m.LegalDays = in.days(row, m.Code, "legal_days", g.LegalDays)
	m.PromisedDays = in.days(row, m.Code, "promised_days", g.PromisedDays)
	visits := tidy(g.LimitSceneNum)
	if visits == "" {
		visits = tidy(g.VisitNumber)
	}
	if n, err := strconv.Atoi(visits); err == nil && n >= 0 {
		m.Visits = &n
	} else if visits != "" {
		in.drop(row, m.Code, refuse("bad_number", "visits", visits, ""))
	}
}

func (in *intake) days(row int, key, field, text string) Days {
	d, ok := parseDays(text)
	if !ok {
		in.drop(row, key, refuse("bad_days", field, text, ""))
	}
	return d
}

// guangdongContact takes address, phones, hours, link and the ways to apply.
func (in *intake) guangdongContact(m *Matter, g *guangdongRow, row int) {
	address := tidyAddress(g.Location)
	if address == guangdongWords.NoWindow {
		m.Where = address
	} else if address != "" {
		m.Address = in.mended("address", g.Location, address)
		m.How = append(m.How, guangdongWords.Window)
	}
	if g.OnlineCheck == "1" {
		m.How = append(m.How, guangdongWords.Online)
	}
	if g.Courier == dirt.Yes[0] {
		m.How = append(m.How, guangdongWords.Courier)
	}
	var hours string
	m.Phone, hours = in.phone(row, m.Code, "phone", g.ConsultPhone)
	m.Hours = hours
	m.ComplainTo, _ = in.phone(row, m.Code, "complain_phone", g.ComplainPhone)
	link, ok := tidyURL(g.URL)
	if !ok {
		in.drop(row, m.Code, refuse("bad_url", "online_url", g.URL, ""))
	}
	m.OnlineURL = in.mended("online_url", g.URL, link)
}

func (in *intake) phone(row int, key, field, text string) (phone, hours string) {
	phone, hours, ok := tidyPhone(text)
	if !ok {
		in.drop(row, key, refuse("bad_phone", field, text, ""))
	}
	return in.mended(field, text, phone), hours
}

// guangdongPapers takes the condition and the papers; the export does not say which papers only some people need.
func (in *intake) guangdongPapers(m *Matter, g *guangdongRow) {
	if text := in.mended("conditions", g.AcceptStandard, tidy(g.AcceptStandard)); text != "" {
		m.Conditions = []Condition{{ID: guangdongWords.Condition, Text: text}}
	}
	for _, name := range g.Materials {
		if name = tidyName(strings.TrimRight(strings.TrimSpace(name), "；;。")); name != "" && !hasMaterial(m, name) {
			m.Materials = append(m.Materials, Material{ID: "m" + strconv.Itoa(len(m.Materials)+1), Name: name, Required: "always"})
		}
	}
}

func hasMaterial(m *Matter, name string) bool {
	for _, have := range m.Materials {
		if have.Name == name {
			return true
		}
	}
	return false
}

func tidyAll(list []string) []string {
	var out []string
	for _, s := range list {
		if s = tidy(s); s != "" {
			out = appendNew(out, s)
		}
	}
	return out
}

// guideFields are what a citizen asks of a guide: when they are empty, the record says that they are not published.
var guideFields = []string{"conditions", "materials", "phone", "complain_phone", "legal_days", "promised_days", "fee", "hours", "result"}

// unpublished names, in Chinese, the fields a guide should have and does not.
func unpublished(m *Matter) []string {
	var missing []string
	for _, name := range guideFields {
		if _, ok := m.Field(name); !ok {
			missing = append(missing, FieldLabel(name))
		}
	}
	if m.Address == "" && m.Where == "" {
		missing = append(missing, FieldLabel("address"))
	}
	return missing
}
