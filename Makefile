# Cadastro. "make" alone lists what there is.

.DEFAULT_GOAL := help
MESSY := examples/clientes-baguncado.csv

.PHONY: help
help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

.PHONY: run
run: ## build and serve at http://localhost:8080, with the data in ./cadastro-data (ARGS=...)
	go build -o bin/cadastro ./cmd/cadastro
	bin/cadastro serve $(ARGS)

.PHONY: example
example: ## import the messy example by command line into ./cadastro-data
	go build -o bin/cadastro ./cmd/cadastro
	bin/cadastro import $(MESSY) --yes || [ $$? = 8 ] # 8: done, and some rows are errors

.PHONY: test
test: ## everything that must hold: lint, race detector, both engines, fuzz; installs what is missing
	scripts/test.sh

.PHONY: quick
quick: ## the tests on SQLite alone, without the race detector
	go test ./...

.PHONY: lint
lint: ## gofmt, go vet, staticcheck
	scripts/lint.sh

.PHONY: fuzz
fuzz: ## every fuzz target, a minute each (FUZZTIME=10m)
	scripts/fuzz.sh $(or $(FUZZTIME),1m)

.PHONY: bench
bench: ## time a whole import against the databases' own loaders (ROWS=1000000)
	CADASTRO_PG_FSYNC=on scripts/with-postgres.sh scripts/bench.sh

.PHONY: chaos
chaos: ## kill an import again and again on both engines, compare what is left (ARGS=...)
	CADASTRO_PG_FSYNC=on scripts/with-postgres.sh go run ./bench/chaos $(ARGS)

.PHONY: build
build: ## the static binary, bin/cadastro
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/cadastro ./cmd/cadastro

.PHONY: cross
cross: ## static binaries for every platform, in dist/
	scripts/cross.sh

.PHONY: clean
clean: ## remove what was built and measured, not the data
	rm -rf bin dist .bench
