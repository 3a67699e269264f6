#!/usr/bin/env bash
# Everything that must hold before a change goes in: lint, a static build, all tests with the race detector on both engines,
# a short run of every fuzz target. FUZZTIME sets the time of one target, 0 leaves them out.
set -euo pipefail
cd "$(dirname "$0")/.."

began=$SECONDS
step() { printf '%4ds  %s\n' "$((SECONDS - began))" "$1"; }

step "what the tests need"
scripts/test-deps.sh
step "gofmt, go vet, staticcheck"
scripts/lint.sh
step "build without cgo"
CGO_ENABLED=0 go build ./...
step "tests on SQLite and PostgreSQL, with the race detector"
# The pages are tried in a browser, which takes the time: without the detector here, since every handler is called under it by the
# tests of access. "go test -race ./..." takes them in.
scripts/with-postgres.sh env CGO_ENABLED=1 go test -race -timeout 20m $(go list ./... | grep -v /internal/web/)
step "the pages, in a browser"
scripts/with-postgres.sh go test -timeout 20m ./internal/web/...
if [ "${FUZZTIME:-1s}" != 0 ]; then
	step "fuzz targets, ${FUZZTIME:-1s} each"
	scripts/fuzz.sh "${FUZZTIME:-1s}"
fi
step "all is well"
