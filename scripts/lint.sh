#!/usr/bin/env bash
# Looks at the source without running it: gofmt, go vet, staticcheck (its checks stand in staticcheck.conf).
set -euo pipefail
cd "$(dirname "$0")/.."

unformatted=$(find . -name '*.go' -not -path '*/testdata/*' -not -path './.*' -exec gofmt -l {} +)
if [ -n "$unformatted" ]; then
	echo "lint: not formatted, run gofmt -w on:" $unformatted >&2
	exit 1
fi
go vet ./...
go tool -modfile=scripts/tools/go.mod staticcheck ./...
