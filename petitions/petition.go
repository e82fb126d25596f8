package petitions

import (
	"encoding/json"
	"log/slog"
	"time"
	"unicode/utf8"
)

// Petition is one appeal as it came in (信访件). Title and Text are in the petitioner's own words.
type Petition struct {
	ID      string    `json:"id,omitempty"`      // of the source system; empty only for a text nobody stores
	Source  string    `json:"source,omitempty"`  // the system or office it came from; ID is unique within it
	Title   string    `json:"title"`             // 标题
	Text    string    `json:"text"`              // 概况 and 诉求
	Channel string    `json:"channel,omitempty"` // 信访形式: 信 访 电 网 件 12345, as the source writes it
	Time    time.Time `json:"time,omitzero"`     // 信访日期; relative dates in the text are counted from here
	Place   string    `json:"place,omitempty"`   // 问题属地 in words; as coarse as a county, and the text may say better
	People  int       `json:"people,omitempty"`  // 人数: who signed or came; 0 = not said

	Involved    int      `json:"involved,omitempty"`    // 涉及人数; 0 = not said
	Person      string   `json:"person,omitempty"`      // a keyed digest of the petitioner, so that the same person is known without a name
	Anonymous   bool     `json:"anonymous,omitempty"`   // 匿名标志
	Secret      bool     `json:"secret,omitempty"`      // 是否保密: never shown to the body complained of
	Repeat      bool     `json:"repeat,omitempty"`      // 重件, by the source's own register
	Office      string   `json:"office,omitempty"`      // 登记机构
	InCourt     bool     `json:"in_court,omitempty"`    // 法院已受理
	Reviewed    bool     `json:"reviewed,omitempty"`    // 有复查复核意见书
	Attachments []string `json:"attachments,omitempty"` // names of the papers that came with it
}

// Whole is what is read of a petition: its title and its text, a sentence each.
func (p *Petition) Whole() string {
	if p.Title == "" {
		return p.Text
	}
	return p.Title + "。" + p.Text
}

// LogValue implements slog.LogValuer: a log never holds what a citizen wrote.
func (p *Petition) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", p.ID), slog.String("source", p.Source),
		slog.String("channel", p.Channel), slog.Int("runes", utf8.RuneCountInString(p.Text)))
}

// The purposes (信访目的), each with the article of the Regulation that says what follows.
const (
	Advice   = "建议意见" // Article 29
	Report   = "检举控告" // Article 30
	Appeal   = "申诉求决" // Article 31
	Question = "咨询"   // only wants to know
)

// The routes of an appeal, Article 31 (一) to (六).
const (
	RouteCourt          = "诉讼"
	RouteArbitration    = "仲裁"
	RouteParty          = "党员申诉"
	RouteAdministrative = "行政程序"
	RouteDuty           = "履职"
	RoutePetition       = "信访处理"
)

// How soon someone must act.
const (
	Emergency = "emergency" // now: someone is being hurt, or hours may kill
	Urgent    = "urgent"
	Normal    = "normal"
)

// The signals a text may carry.
const (
	SelfHarm     = "self_harm"
	Violence     = "violence"
	Gathering    = "gathering"
	IllegalAct   = "illegal_act"
	SkipLevel    = "skip_level"
	Repeat       = "repeat"
	Media        = "media"
	PublicSafety = "public_safety"
	Minor        = "minor"
	WageArrears  = "wage_arrears"
	FoodSafety   = "food_safety"
)

// Optional is a text that JSON writes as null when there is none.
type Optional string

// MarshalJSON implements json.Marshaler.
func (o Optional) MarshalJSON() ([]byte, error) {
	if o == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(o))
}

// Label is what a petition is, as a person or a classifier says. Domain, Path2 and Path3 are the three levels of the
// class list. Route is empty for all but an Appeal. Event is empty for a petition that stands alone.
type Label struct {
	Domain  string   `json:"domain"`
	Path2   string   `json:"path2,omitempty"`
	Path3   string   `json:"path3,omitempty"`
	Purpose string   `json:"purpose,omitempty"`
	Route   Optional `json:"route"`
	Urgency string   `json:"urgency,omitempty"`
	Signals []string `json:"signals"`
	Event   Optional `json:"event,omitempty"`
}

// Example is a petition with its label: a row to train on. Weight 0 means 1.
type Example struct {
	Petition
	Label  Label   `json:"label"`
	Weight float64 `json:"weight,omitempty"`
}
