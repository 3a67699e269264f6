#!/usr/bin/env bash
# Times whole imports of a made-up file and compares them with the databases' own loaders, which check nothing.
#
#   ROWS=200000   rows of the file
#   RUNS=5        runs of each case; the median counts
#   CADASTRO=...  binary to measure, built from the source where it is empty
#
# Every run of a round follows the others of that round directly, so a slow spell of the machine hits all: read the ratios.
set -euo pipefail
cd "$(dirname "$0")/.."

rows=${ROWS:-200000}
runs=${RUNS:-5}
dir=.bench
mkdir -p "$dir"
scripts/test-deps.sh
if [ -z "${CADASTRO:-}" ]; then
	CGO_ENABLED=0 go build -o "$dir/cadastro" ./cmd/cadastro
	CADASTRO=$dir/cadastro
fi
go build -o "$dir/gen" ./bench/gen
"$dir/gen" -rows "$rows" -dup 0.03 -bad 0.02 -o "$dir/first.csv"
"$dir/gen" -rows "$rows" -dup 0.03 -bad 0.02 -update 0.5 -o "$dir/changed.csv"
columns='Nome TEXT, Telefone TEXT, "E-mail" TEXT, Empresa TEXT, CPF TEXT, "Data de nascimento" TEXT, Cidade TEXT, Tags TEXT, Plano TEXT, Origem TEXT, Pontos TEXT'
declare -A taken

# timed runs a command and adds its seconds to the case's list.
timed() { # case, command...
	local case=$1 began
	shift
	began=$(date +%s%N)
	if ! "$@" >"$dir/log" 2>&1; then
		cat "$dir/log" >&2
		echo "bench: $case failed: $*" >&2
		exit 1
	fi
	taken[$case]+="$((($(date +%s%N) - began) / 1000000)) "
}

median() { tr ' ' '\n' <<<"$1" | grep . | sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : int((v[NR / 2] + v[NR / 2 + 1]) / 2) }'; }

sqlite_floor() {
	rm -f "$dir"/floor.db*
	sqlite3 "$dir/floor.db" "PRAGMA journal_mode=WAL; CREATE TABLE c ($columns); CREATE INDEX p ON c (Telefone); CREATE INDEX e ON c (\"E-mail\");" \
		".import --csv --skip 1 $dir/first.csv c"
}

postgres_floor() {
	psql -X -q "$CADASTRO_TEST_POSTGRES" -v ON_ERROR_STOP=1 -c "DROP TABLE IF EXISTS c; CREATE TABLE c ($columns); CREATE INDEX ON c (Telefone); CREATE INDEX ON c (\"E-mail\")" \
		-c "\\copy c FROM '$dir/first.csv' CSV HEADER"
}

# import brings a file in; code 8 says that some of its rows are errors, as they are meant to be.
import() { "$CADASTRO" import "$1" --yes --data "$2" --database "${3:-}" || [ $? = 8 ]; }

for _ in $(seq "$runs"); do
	rm -rf "$dir/data"
	timed "sqlite3 .import, 2 indexes" sqlite_floor
	timed "SQLite: first import" import "$dir/first.csv" "$dir/data"
	timed "SQLite: the same file again" import "$dir/first.csv" "$dir/data"
	timed "SQLite: half of the people changed" import "$dir/changed.csv" "$dir/data"
done
floor=$(median "${taken["sqlite3 .import, 2 indexes"]}")
if [ -n "${CADASTRO_TEST_POSTGRES:-}" ]; then
	for n in $(seq "$runs"); do
		rm -rf "$dir/data"
		psql -X -q "$CADASTRO_TEST_POSTGRES" -c "CREATE SCHEMA bench$n"
		url="$CADASTRO_TEST_POSTGRES&search_path=bench$n"
		timed "psql \\copy, 2 indexes" postgres_floor
		timed "PostgreSQL: first import" import "$dir/first.csv" "$dir/data" "$url"
		timed "PostgreSQL: the same file again" import "$dir/first.csv" "$dir/data" "$url"
		timed "PostgreSQL: half of the people changed" import "$dir/changed.csv" "$dir/data" "$url"
		psql -X -q "$CADASTRO_TEST_POSTGRES" -c "SET client_min_messages = error" -c "DROP SCHEMA bench$n CASCADE"
	done
fi

printf '%s rows, median of %s runs\n' "$rows" "$runs"
printf '%-42s %8s %10s %8s\n' case seconds rows/s 'x floor'
for case in "sqlite3 .import, 2 indexes" "SQLite: first import" "SQLite: the same file again" "SQLite: half of the people changed" \
	"psql \\copy, 2 indexes" "PostgreSQL: first import" "PostgreSQL: the same file again" "PostgreSQL: half of the people changed"; do
	[ -n "${taken[$case]:-}" ] || continue
	ms=$(median "${taken[$case]}")
	if [ "$case" = "psql \\copy, 2 indexes" ]; then
		floor=$ms
	fi
	awk -v c="$case" -v ms="$ms" -v rows="$rows" -v floor="$floor" \
		'BEGIN { printf "%-42s %8.2f %10d %8.2f\n", c, ms / 1000, rows * 1000 / ms, ms / floor }'
done
