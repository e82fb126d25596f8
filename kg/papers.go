package kg

import (
	_ "embed"
	"strings"
)

//go:embed data/paper-names.csv
var paperNamesCSV string

// paperNames maps what a paper is also called to the one name its node has.
var paperNames = func() map[string]string {
	rows, err := readTable(strings.NewReader(paperNamesCSV), "name", "also")
	if err != nil {
		panic("kg: data/paper-names.csv: " + err.Error())
	}
	names := map[string]string{}
	for _, row := range rows {
		for _, also := range strings.Fields(row[1]) {
			names[tidyPaper(also)] = row[0]
		}
	}
	return names
}()

// PaperName is the one name for a paper, whatever it is called: width, title marks and spaces do not count, and
// data/paper-names.csv joins names of the same thing (居民身份证 is 身份证).
func PaperName(name string) string {
	name = tidyPaper(name)
	if one, ok := paperNames[name]; ok {
		return one
	}
	return name
}

var paperMarks = strings.NewReplacer("《", "", "》", "", "“", "", "”", "", " ", "", "\u3000", "", "(", "（", ")", "）")

func tidyPaper(name string) string { return paperMarks.Replace(strings.TrimSpace(name)) }

// PaperID is the node of a paper.
func PaperID(name string) ID { return ID("paper:" + PaperName(name)) }

// MatterID is the node of a matter.
func MatterID(code string) ID { return ID("matter:" + code) }

// EventID is the node of a life event.
func EventID(code string) ID { return ID("event:" + code) }

// PolicyID is the node of a policy.
func PolicyID(code string) ID { return ID("policy:" + code) }

// RegionID is the node of a division.
func RegionID(code string) ID { return ID("region:" + RegionCode(code)) }

// Key is the part of an id after its kind.
func (id ID) Key() string {
	_, key, _ := strings.Cut(string(id), ":")
	return key
}

// Kind is the part of an id before its key.
func (id ID) Kind() Kind {
	kind, _, _ := strings.Cut(string(id), ":")
	return Kind(kind)
}
