#!/usr/bin/env bash
# Looks at the source without running it: gofmt, go vet, staticcheck (its checks stand in staticcheck.conf).
set -euo pipefail
cd "$(dirname "$0")/.."

unformatted=$(git ls-files -co --exclude-standard '*.go' | grep -v '/testdata/' | xargs -r gofmt -l)
if [ -n "$unformatted" ]; then
	printf 'lint: not formatted, run gofmt -w on: %s\n' "$unformatted" >&2
	exit 1
fi
go vet ./...
go tool -modfile=scripts/tools/go.mod staticcheck ./...
