#!/usr/bin/env bash
# Runs every fuzz target of the module for a short time: scripts/fuzz.sh [TIME] [PACKAGE PATTERN ...]
#
# TIME is that of one target (3s, 10000x). The targets are found in the source, so none is forgotten. Each package
# is built once for all of its targets. A crash leaves its input in the package's testdata/fuzz, to be committed.
set -euo pipefail
cd "$(dirname "$0")/.."

time=${1:-3s}
shift || true
[ $# -gt 0 ] || set -- ./...
work=$(mktemp -d "${TMPDIR:-/tmp}/cadastro-fuzz.XXXXXX")
trap 'rm -rf "$work"' EXIT
cache=$(go env GOCACHE)/fuzz

run() { # package directory, import path, target
	(cd "$1" && "$work/test" -test.run='^$' -test.fuzz="^$3\$" -test.fuzztime="$time" -test.fuzzcachedir="$cache/$2") >"$work/log" 2>&1
}

targets=0
failed=()
while IFS='|' read -r dir package; do
	names=$(grep -hoE '^func Fuzz[A-Za-z0-9_]*' "$dir"/*_test.go 2>/dev/null | sed 's/^func //' || true)
	if [ -z "$names" ]; then
		continue
	fi
	if ! go test -c -fuzz=Fuzz -o "$work/test" "$package"; then
		failed+=("$package (does not build)")
		continue
	fi
	for name in $names; do
		targets=$((targets + 1))
		# At the end of its time a loaded machine may report the time's end as a failure (golang.org/issue/48157): once more then.
		if run "$dir" "$package" "$name" ||
			{ grep -q 'context deadline exceeded' "$work/log" && ! grep -q 'Failing input' "$work/log" && run "$dir" "$package" "$name"; }; then
			continue
		fi
		cat "$work/log"
		failed+=("$package $name")
	done
done < <(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.Dir}}|{{.ImportPath}}{{end}}' "$@")

if [ ${#failed[@]} -gt 0 ]; then
	printf 'fuzz: failed: %s\n' "${failed[@]}" >&2
	exit 1
fi
echo "fuzz: $targets targets, $time each, nothing found"
