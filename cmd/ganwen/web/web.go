// Package web holds the pages: the built browser code of the Vite project beside this file, and the pages that the
// server renders itself for browsers without JavaScript. It compiles and serves something useful when nothing was built.
package web

import (
	"embed"
	"html/template"
	"io/fs"
	"strings"
)

// dist holds only a placeholder until `npm run build` fills dist/app.
//
//go:embed all:dist
var dist embed.FS

// plain holds the pages for a binary without a build, and what both kinds of page share.
//
//go:embed static public
var plain embed.FS

// Files returns the tree to serve at "/": index.html for the citizen's page, graph.html for the explorer, assets/ with
// hashed names. Without a build it holds a plain search form that works without JavaScript.
func Files() fs.FS {
	if Built() {
		return must(fs.Sub(dist, "dist/app"))
	}
	return either{must(fs.Sub(plain, "static")), must(fs.Sub(plain, "public"))}
}

// Built reports whether the browser code was built before this binary was.
func Built() bool {
	_, err := fs.Stat(dist, "dist/app/index.html")
	return err == nil
}

// Policy is the Content-Security-Policy that every page works under.
const Policy = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// CacheControl returns the header value for a file of Files: hashed assets never change under their name, pages do.
func CacheControl(name string) string {
	if strings.HasPrefix(strings.TrimPrefix(name, "/"), "assets/") {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

// either opens a name in the first tree that has it.
type either [2]fs.FS

// Open implements fs.FS.
func (e either) Open(name string) (fs.File, error) {
	if f, err := e[0].Open(name); err == nil {
		return f, nil
	}
	return e[1].Open(name)
}

// must unwraps an error that embedding rules out: the directories above exist in every build.
func must(f fs.FS, err error) fs.FS {
	if err != nil {
		panic(err)
	}
	return f
}

//go:embed templates
var templates embed.FS

// results is the page of RenderResults; its text is a template so that a clerk can edit it.
var results = template.Must(template.ParseFS(templates, "templates/results.html"))
