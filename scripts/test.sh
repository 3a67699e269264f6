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
scripts/with-postgres.sh env CGO_ENABLED=1 go test -race -timeout 20m ./...
if [ "${FUZZTIME:-2s}" != 0 ]; then
	step "fuzz targets, ${FUZZTIME:-2s} each"
	scripts/fuzz.sh "${FUZZTIME:-2s}"
fi
step "all is well"
