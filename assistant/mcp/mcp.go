// Package mcp offers the guide to other assistants over the Model Context Protocol: finding matters, reading a record, a
// checklist for a situation, and the order of a life event. Every tool answers with fields of the catalogue only.
package mcp

import (
	"context"
	"fmt"
	"net/http"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"ganwen/assistant"
	"ganwen/kg"
)

// Tools are what the protocol gives access to.
type Tools struct {
	Assistant *assistant.Assistant
	Catalogue *kg.Catalogue
	Reader    assistant.Reader
	Version   string
}

// Handler serves the protocol over HTTP.
func (t *Tools) Handler() http.Handler {
	s := sdk.NewServer(&sdk.Implementation{Name: "ganwen", Title: "赣问", Version: t.Version}, nil)
	sdk.AddTool(s, &sdk.Tool{Name: "search_matters", Description: "Find government service matters (政务服务事项) for a need in everyday words."}, t.search)
	sdk.AddTool(s, &sdk.Tool{Name: "get_matter", Description: "Read the record of a matter by its code."}, t.matter)
	sdk.AddTool(s, &sdk.Tool{Name: "checklist", Description: "Papers for a matter in a situation; answers maps question ids to option ids."}, t.checklist)
	sdk.AddTool(s, &sdk.Tool{Name: "plan_event", Description: "The matters of a life event (一件事) in order; answers maps question ids to option ids."}, t.plan)
	return sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return s }, &sdk.StreamableHTTPOptions{Stateless: true, JSONResponse: true})
}

type searchIn struct {
	Query string `json:"query" jsonschema:"the need, in everyday words"`
}

type searchOut struct {
	Matters []assistant.Candidate `json:"matters"`
	Events  []assistant.Candidate `json:"events"`
}

func (t *Tools) search(ctx context.Context, _ *sdk.CallToolRequest, in searchIn) (*sdk.CallToolResult, searchOut, error) {
	r := t.Reader.Read(ctx, in.Query)
	out := searchOut{Matters: []assistant.Candidate{}, Events: []assistant.Candidate{}}
	for _, c := range r.Matters[:min(5, len(r.Matters))] {
		if m := t.Catalogue.Matter(c.Code); m != nil {
			out.Matters = append(out.Matters, assistant.Candidate{Code: c.Code, Name: m.Name, Score: c.Score, Why: m.Summary})
		}
	}
	for _, c := range r.Events[:min(2, len(r.Events))] {
		if e := t.Catalogue.Event(c.Code); e != nil {
			out.Events = append(out.Events, assistant.Candidate{Code: c.Code, Name: e.Name, Score: c.Score, Why: e.Summary})
		}
	}
	return nil, out, nil
}

type codeIn struct {
	Code    string            `json:"code" jsonschema:"code of the record, e.g. JX-S006 or JX-E01"`
	Answers map[string]string `json:"answers,omitempty" jsonschema:"question id to option id"`
}

func (t *Tools) matter(_ context.Context, _ *sdk.CallToolRequest, in codeIn) (*sdk.CallToolResult, map[string]any, error) {
	m := t.Catalogue.Matter(in.Code)
	if m == nil {
		return nil, nil, fmt.Errorf("no matter %q", in.Code)
	}
	fields := map[string]any{}
	for _, name := range kg.FieldNames() {
		if v, ok := m.Field(name); ok {
			fields[name] = v
		}
	}
	return nil, fields, nil
}

func (t *Tools) checklist(_ context.Context, _ *sdk.CallToolRequest, in codeIn) (*sdk.CallToolResult, *assistant.ChecklistAnswer, error) {
	m := t.Catalogue.Matter(in.Code)
	if m == nil {
		return nil, nil, fmt.Errorf("no matter %q", in.Code)
	}
	return nil, t.Assistant.ChecklistFor(m, in.Answers, nil), nil
}

func (t *Tools) plan(_ context.Context, _ *sdk.CallToolRequest, in codeIn) (*sdk.CallToolResult, *kg.EventPlan, error) {
	e := t.Catalogue.Event(in.Code)
	if e == nil {
		return nil, nil, fmt.Errorf("no life event %q", in.Code)
	}
	return nil, kg.Plan(e, in.Answers), nil
}
