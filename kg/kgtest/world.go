// Package kgtest holds a small world and the contract that every kg.Graph must keep.
package kgtest

import (
	"strings"

	"ganwen/kg"
)

// World is a catalogue of four matters, an event, a policy and a duty. A household registration needs a birth
// certificate and an identity card; the card needs the household book; insurance needs the receipt of the registration.
func World() *kg.Catalogue {
	return &kg.Catalogue{
		Name: "小世界",
		Matters: []*kg.Matter{
			{Code: "BC", Name: "出生医学证明", Department: "卫健委", Themes: []string{"生育收养"}, Yields: []string{"出生医学证明"}, Region: "360000"},
			{Code: "HU", Name: "出生登记", Department: "公安局", Themes: []string{"户籍办理"}, Yields: []string{"户口簿"}, Region: "3601",
				Materials: []kg.Material{
					{ID: "m1", Name: "《出生医学证明》", Required: "always", FromMatter: "BC", HowToGet: "找医院"},
					{ID: "m2", Name: "监护人身份证", Required: "always", FromMatter: "ID"},
					{ID: "m3", Name: "结婚证", Required: "situation"},
				},
				Tree: []kg.Situation{
					{ID: "q1", Ask: "有出生证吗？", Options: []kg.Option{
						{ID: "a", Text: "有", Next: "q2"},
						{ID: "b", Text: "丢了", Refer: "BC"},
						{ID: "c", Text: "收养的", Waives: []string{"m1"}, Next: "q2"}}},
					{ID: "q2", Ask: "领证了吗？", Fact: "married", Options: []kg.Option{
						{ID: "a", Text: "领了", Needs: []string{"m3"}},
						{ID: "b", Text: "没领", Note: "也能办"}}},
				},
				Before: []kg.Link{{Code: "BC", Why: "先有证明"}},
				After:  []kg.Link{{Code: "IN", Why: "再参保"}, {Code: "GONE", Why: "没有这件"}},
				Basis:  []kg.Clause{{Law: "户口登记条例", Article: "第七条", Quote: "一个月以内"}}},
			{Code: "ID", Name: "身份证申领", Department: "公安局", Themes: []string{"证件办理"}, Yields: []string{"身份证", "居民身份证"},
				Materials:  []kg.Material{{ID: "m1", Name: "居民户口簿", Required: "always"}},
				Confusable: []kg.Link{{Code: "HU", How: "户口不是身份证"}}},
			{Code: "IN", Name: "居民参保", Department: "医保局", Themes: []string{"社会保障"},
				Materials: []kg.Material{
					{ID: "m1", Name: "身份证明", AcceptedNames: []string{"居民身份证", "护照"}, Required: "always"},
					{ID: "m2", Name: "落户凭条", FromMatter: "HU", Required: "always"}}},
		},
		Events: []*kg.LifeEvent{{Code: "E1", Name: "新生儿出生", Lead: "卫健委", Members: []kg.Member{
			{Code: "BC"}, {Code: "HU", After: []string{"BC"}}, {Code: "IN", After: []string{"HU"}, Optional: true}}}},
		Policies: []*kg.Policy{{Code: "P1", Name: "育儿补贴", Department: "卫健委", Related: []string{"HU"}}},
		Duties:   []*kg.Duty{{ID: "D1", Body: "公安局", Duty: "办理户口登记", Matters: []string{"HU"}, Basis: []kg.Clause{{Law: "户口登记条例", Article: "第三条", Quote: "由公安机关主管"}}}},
	}
}

// Regions is a province, two cities and a county.
func Regions() *kg.Regions {
	r, err := kg.LoadRegions(strings.NewReader("code,name,level,parent\n36,江西省,province,\n3601,南昌市,city,36\n3607,赣州市,city,36\n360121,南昌县,county,3601\n"))
	if err != nil { // the table above is fixed
		panic(err)
	}
	return r
}
