# Two commands: `make run` serves 赣问 on :8080 with the sample data; `make test` runs every test that needs no service.

VERSION := $(shell git describe --always --dirty 2>/dev/null || echo dev)
DICT     = $(shell go list -m -f '{{.Dir}}' github.com/yanyiwu/gojieba)/deps/cppjieba/dict
WEB      = cmd/ganwen/web
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.1

.PHONY: run build test models web dict lint eval test-browser bench clean

run: models build
	bin/ganwen serve

# One file with the pages, the segmenter's dictionaries and the sample data inside.
build: dict web
	go build -trimpath -ldflags "-X main.version=$(VERSION)" -o bin/ganwen ./cmd/ganwen

# The segmenter's dictionaries come with its module; they are embedded, not kept here.
dict: search/zh/dict/jieba.dict.utf8

search/zh/dict/jieba.dict.utf8:
	go mod download
	install -m 644 $(DICT)/jieba.dict.utf8 $(DICT)/hmm_model.utf8 search/zh/dict/

# The pages. Without npm the server still serves a plain page that works without JavaScript.
web: $(WEB)/dist/index.html

$(WEB)/dist/index.html: $(shell find $(WEB)/src $(WEB)/public -type f 2>/dev/null) $(wildcard $(WEB)/*.html $(WEB)/*.ts $(WEB)/package*.json)
	@if command -v npm >/dev/null; then cd $(WEB) && npm ci --no-audit --no-fund && npm run build; \
	else echo "npm is missing: the pages are left out, the plain page is served"; fi

# The embedding model and its runtime; says so in a line when they cannot be had, and all works without.
models:
	sh .ci/models

test: dict
	go vet ./...
	go test ./...

lint:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...

# Every shipped suite, with floors: exit 1 under one.
eval: build
	bin/ganwen eval run all

test-browser: build
	cd $(WEB) && npm run e2e

bench:
	go test -run '^$$' -bench . -benchtime 1s ./...

clean:
	rm -rf bin $(WEB)/dist $(WEB)/node_modules search/zh/dict/*.utf8
