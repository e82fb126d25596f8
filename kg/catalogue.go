package kg

import "sync/atomic"

// Catalogue is everything one office publishes: what it offers, how matters combine into life events, which policies
// it grants, who has which duty, and the words people use. It is plain data: loading checks it, the graph indexes it.
type Catalogue struct {
	Name     string // shown with answers, e.g. "江西省政务服务示例目录"
	Sample   bool   // composed sample data (示例数据): labelled so wherever shown
	Matters  []*Matter
	Events   []*LifeEvent
	Policies []*Policy
	Duties   []*Duty
	Lexicon  []Term
	Bank     []Question // the query bank (问法库): what people say, and the matter they mean
	Others   []Utterance

	index atomic.Pointer[index] // by code, see lookup.go
}

// Provenance says where a record comes from and when it is in force. Dates are ISO days; empty = open.
type Provenance struct {
	Source        string `json:"source,omitempty"`
	Version       string `json:"version,omitempty"`
	EffectiveFrom string `json:"effective_from,omitempty"`
	EffectiveTo   string `json:"effective_to,omitempty"`
	At            string `json:"-"` // "file:row" the record was read from
}

// InForce reports whether the record is valid on an ISO day.
func (p Provenance) InForce(day string) bool {
	return (p.EffectiveFrom == "" || p.EffectiveFrom <= day) && (p.EffectiveTo == "" || day <= p.EffectiveTo)
}

// Matter is a government service matter (政务服务事项 / 业务办理项): the smallest thing a person can apply for.
// A field nobody verified is empty; answers then say that it is not published.
type Matter struct {
	Code        string   `json:"code"` // stable key within a catalogue
	Name        string   `json:"name"`
	Aliases     []string `json:"aliases,omitempty"`
	CatalogCode string   `json:"catalog_code,omitempty"` // 基本编码, 12
	TaskCode    string   `json:"task_code,omitempty"`    // 实施编码, 31
	HandleCode  string   `json:"handle_code,omitempty"`  // 业务办理项编码, 33
	LocalCode   string   `json:"local_code,omitempty"`   // 地方编码

	Type         string   `json:"type"`    // 行政许可 · 行政确认 · 行政给付 …
	Objects      []string `json:"objects"` // 服务对象
	Themes       []string `json:"themes"`  // 主题分类
	Department   string   `json:"department"`
	CoDepartment string   `json:"co_department,omitempty"` // 联办机构
	Level        string   `json:"level"`                   // 行使层级
	Region       string   `json:"region,omitempty"`        // division code the record is valid in; "" = whole catalogue
	Jurisdiction string   `json:"jurisdiction,omitempty"`
	AnyRegion    string   `json:"any_region,omitempty"` // 通办范围
	Summary      string   `json:"summary"`

	Conditions []Condition `json:"conditions,omitempty"`
	Tree       []Situation `json:"questions_tree,omitempty"`
	Materials  []Material  `json:"materials,omitempty"`

	How          []string `json:"how,omitempty"` // 办理形式
	OnlineHint   string   `json:"online_hint,omitempty"`
	OnlineURL    string   `json:"online_url,omitempty"`
	Where        string   `json:"where,omitempty"`
	Address      string   `json:"address,omitempty"`
	Hours        string   `json:"hours,omitempty"`
	Phone        string   `json:"phone,omitempty"`
	ComplainTo   string   `json:"complain_phone,omitempty"`
	Steps        []Step   `json:"steps,omitempty"`
	LegalDays    Days     `json:"legal_days"`    // 法定办结时限
	PromisedDays Days     `json:"promised_days"` // 承诺办结时限
	NotCounted   []string `json:"not_counted,omitempty"`
	Visits       *int     `json:"visits,omitempty"` // 到办事现场次数; nil = unknown
	Proxy        string   `json:"proxy,omitempty"`
	Fee          Fee      `json:"fee"`
	Result       Result   `json:"result"`
	Yields       []string `json:"yields,omitempty"` // papers it produces, named as other matters ask for them
	Before       []Link   `json:"before,omitempty"` // what comes first
	After        []Link   `json:"after,omitempty"`  // what often comes next
	Confusable   []Link   `json:"confusable,omitempty"`
	Refused      string   `json:"refused,omitempty"`
	Basis        []Clause `json:"basis,omitempty"` // 设定和实施依据
	FAQ          []FAQ    `json:"faq,omitempty"`
	Keywords     []string `json:"keywords,omitempty"`
	Unknown      []string `json:"unknown,omitempty"` // left open on purpose

	Provenance
}

// Condition is one requirement (受理条件). When Fact, Op and Value are set a machine can decide it.
type Condition struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Fact  string `json:"fact,omitempty"`
	Op    string `json:"op,omitempty"` // == >= <= < > in
	Value any    `json:"value,omitempty"`
	Basis *int   `json:"basis,omitempty"` // index into Matter.Basis
}

// Situation is one question of a matter's situation tree (情形引导). The first of Matter.Tree is the root.
type Situation struct {
	ID      string   `json:"id"`
	Ask     string   `json:"ask"`
	Why     string   `json:"why,omitempty"`
	Fact    string   `json:"fact,omitempty"`
	Options []Option `json:"options"`
}

// Option is one answer to a Situation and what follows from it.
type Option struct {
	ID         string   `json:"id"`
	Text       string   `json:"text"`
	Needs      []string `json:"needs,omitempty"`  // material ids it adds
	Waives     []string `json:"waives,omitempty"` // material ids it removes
	Refer      string   `json:"refer,omitempty"`  // another matter's code that is meant or comes first
	Ineligible string   `json:"ineligible,omitempty"`
	Note       string   `json:"note,omitempty"`
	Next       string   `json:"next,omitempty"`
}

// Material is one paper asked for (申请材料).
type Material struct {
	ID            string   `json:"id"`
	Name          string   `json:"name"`
	AcceptedNames []string `json:"accepted_names,omitempty"`
	Required      string   `json:"required"`       // always · situation
	Form          string   `json:"form,omitempty"` // 原件 · 复印件 · 原件和复印件 · 电子证照 · 表单
	Original      int      `json:"original,omitempty"`
	Copies        int      `json:"copies,omitempty"`
	Kind          string   `json:"kind,omitempty"`
	Source        string   `json:"source,omitempty"`
	FromMatter    string   `json:"from_matter,omitempty"` // code of the matter that yields it
	Waiver        string   `json:"waiver,omitempty"`      // 电子证照免交 · 数据共享免交 · 容缺后补 · 告知承诺
	HowToGet      string   `json:"how_to_get,omitempty"`
	Checks        []string `json:"checks,omitempty"`
	Note          string   `json:"note,omitempty"`
}

// Step is one step from applying to the result (办理流程).
type Step struct {
	Name string `json:"name"`
	Text string `json:"text"`
	Who  string `json:"who,omitempty"`
}

// Days is a time limit (办结时限). Value nil = not published; Unit 工作日 · 自然日 · 即办 · 年度 · 依公告.
type Days struct {
	Value *int   `json:"value"`
	Unit  string `json:"unit,omitempty"`
	Text  string `json:"text,omitempty"`
	Basis *int   `json:"basis,omitempty"`
}

// Fee is what it costs (收费). Charged nil = not published.
type Fee struct {
	Charged *bool  `json:"charged"`
	Text    string `json:"text,omitempty"`
	Basis   *int   `json:"basis,omitempty"`
}

// Result is what the applicant gets (审批结果).
type Result struct {
	Name     string `json:"name,omitempty"`
	Kind     string `json:"kind,omitempty"`
	Validity string `json:"validity,omitempty"`
}

// Link points to another matter, saying why (before, after) or how they differ (confusable).
type Link struct {
	Code string `json:"code"`
	Why  string `json:"why,omitempty"`
	How  string `json:"how,omitempty"`
}

// Clause quotes one article of law, word for word.
type Clause struct {
	Law     string `json:"law"`
	Article string `json:"article"`
	Quote   string `json:"quote"`
}

// FAQ is a common question, answered from the record's own fields, which Fields names.
type FAQ struct {
	Q      string   `json:"q"`
	A      string   `json:"a"`
	Fields []string `json:"fields,omitempty"`
}

// LifeEvent is a bundle of matters done together (一件事一次办), in order of dependency.
type LifeEvent struct {
	Code      string          `json:"code"`
	Name      string          `json:"name"`
	Aliases   []string        `json:"aliases,omitempty"`
	Stage     string          `json:"stage,omitempty"`
	Lead      string          `json:"lead,omitempty"`
	Summary   string          `json:"summary"`
	Members   []Member        `json:"members"`
	Shared    []SharedPaper   `json:"shared_materials,omitempty"`
	Questions []EventQuestion `json:"questions,omitempty"`
	OneForm   []FormField     `json:"one_form,omitempty"`
	Notes     string          `json:"notes,omitempty"`
	FAQ       []FAQ           `json:"faq,omitempty"`
	Keywords  []string        `json:"keywords,omitempty"`
	Provenance
}

// Member is one matter of a life event; After lists the members that must be done before it.
type Member struct {
	Code     string   `json:"code"`
	Optional bool     `json:"optional"`
	After    []string `json:"after,omitempty"`
	When     string   `json:"when,omitempty"`
	Why      string   `json:"why,omitempty"`
}

// SharedPaper is handed in once for several members.
type SharedPaper struct {
	Name    string   `json:"name"`
	Members []string `json:"members"`
}

// EventQuestion decides which members apply.
type EventQuestion struct {
	Ask     string        `json:"ask"`
	Options []EventOption `json:"options"`
}

// EventOption includes or excludes members.
type EventOption struct {
	Text    string   `json:"text"`
	Include []string `json:"include,omitempty"`
	Exclude []string `json:"exclude,omitempty"`
}

// FormField is one field of the event's single form (一表申请).
type FormField struct {
	Field string   `json:"field"`
	Label string   `json:"label"`
	From  []string `json:"from,omitempty"`
}

// Policy is a benefit an enterprise or a person may be entitled to (惠企惠民政策).
type Policy struct {
	Code       string      `json:"code"`
	Name       string      `json:"name"`
	Aliases    []string    `json:"aliases,omitempty"`
	Category   string      `json:"category,omitempty"`
	Department string      `json:"department"`
	Delivery   string      `json:"delivery,omitempty"` // 免申即享 · 即申即享 · …
	Audience   string      `json:"audience,omitempty"`
	Summary    string      `json:"summary"`
	Conditions []Condition `json:"conditions,omitempty"`
	Benefit    string      `json:"benefit,omitempty"`
	Materials  []string    `json:"materials,omitempty"`
	Steps      []Step      `json:"steps,omitempty"`
	ValidFrom  string      `json:"valid_from,omitempty"`
	ValidTo    string      `json:"valid_to,omitempty"`
	Related    []string    `json:"related_matters,omitempty"`
	FAQ        []FAQ       `json:"faq,omitempty"`
	Keywords   []string    `json:"keywords,omitempty"`
	Unknown    []string    `json:"unknown,omitempty"`
	Provenance
}

// Duty is one line of a department's register of duties (权责清单), used for dispatch.
type Duty struct {
	ID       string   `json:"id"`
	Body     string   `json:"body"`
	Aliases  []string `json:"body_aliases,omitempty"`
	Unit     string   `json:"unit,omitempty"`
	Levels   []string `json:"levels,omitempty"`
	Duty     string   `json:"duty"`
	Scope    string   `json:"scope,omitempty"`
	Not      string   `json:"not,omitempty"`
	Keywords []string `json:"keywords,omitempty"`
	Classes  []string `json:"classes,omitempty"`
	Assist   []string `json:"assist,omitempty"`
	Basis    []Clause `json:"basis,omitempty"`
	Matters  []string `json:"matters,omitempty"`
}

// Term is a word citizens use and what it means. An Ambiguous term is never replaced blindly.
type Term struct {
	Term      string   `json:"term"`
	Kind      string   `json:"kind"` // dialect colloquial abbrev typo synonym region crisis not_crisis refuse
	Means     []string `json:"means,omitempty"`
	Note      string   `json:"note,omitempty"`
	Ambiguous bool     `json:"ambiguous,omitempty"`
}

// Question is one line of the query bank: an utterance and the matter it asks for.
type Question struct {
	Query string `json:"query"`
	Code  string `json:"code"`
	Style string `json:"style,omitempty"` // voice, style or writer
}

// Utterance is a line of the other kinds: life events, ambiguous needs, out of scope, emergencies, small talk …
type Utterance struct {
	Query    string          `json:"query,omitempty"`
	Turns    []string        `json:"turns,omitempty"`
	Kind     string          `json:"kind"`
	Expect   []string        `json:"expect,omitempty"`
	Style    string          `json:"style,omitempty"`
	Ask      string          `json:"ask,omitempty"`
	Options  []UtteranceSide `json:"options,omitempty"`
	IfAsked  string          `json:"if_asked,omitempty"`
	Final    string          `json:"final,omitempty"`
	Named    bool            `json:"named,omitempty"`
	Near     []string        `json:"near,omitempty"`
	Note     string          `json:"note,omitempty"`
	Topic    string          `json:"topic,omitempty"`
	DirectOK string          `json:"direct_ok,omitempty"`
}

// UtteranceSide is one way an ambiguous utterance may be meant.
type UtteranceSide struct {
	Text string `json:"text"`
	Code string `json:"code"`
}
