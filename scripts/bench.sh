#!/usr/bin/env bash
# Measures the line of a row over made-up files, phase by phase, and whole imports by the command, against the databases'
# own loaders, which check nothing, on the same rows.
#
#   SIZES="200000 1000000"  rows of the files
#   RUNS=3                  rounds of the smallest size, of which the median counts; larger sizes get one
#   ENGINES="sqlite postgres"
#
# Everything of a round follows directly on what was before it, so a slow spell of the machine hits all: read the ratios.
set -euo pipefail
cd "$(dirname "$0")/.."

sizes=${SIZES:-200000 1000000}
engines=${ENGINES:-sqlite postgres}
dir=.bench
mkdir -p "$dir"
scripts/test-deps.sh
CGO_ENABLED=0 go build -o "$dir/cadastro" ./cmd/cadastro
go build -o "$dir/gen" ./bench/gen
go build -o "$dir/line" ./bench/line
columns='Nome TEXT, Telefone TEXT, "E-mail" TEXT, Empresa TEXT, CPF TEXT, "Data de nascimento" TEXT, Cidade TEXT, Tags TEXT, Plano TEXT, Origem TEXT, Pontos TEXT'
out=$dir/measured.tsv # engine, size, case, seconds, rows, MiB

# timed runs a command and writes a line for it, with the largest resident size where GNU time is there to tell.
timed() { # engine, size, case, command...
	local engine=$1 size=$2 case=$3 began
	shift 3
	began=$(date +%s%N)
	if ! "$@" >"$dir/log" 2>&1; then
		cat "$dir/log" >&2
		echo "bench: $case failed: $*" >&2
		exit 1
	fi
	printf '%s\t%s\t%s\t%s\t%s\t\n' "$engine" "$size" "$case" "$(awk -v n="$((($(date +%s%N) - began) / 1000000))" 'BEGIN { print n / 1000 }')" "$size" >>"$out"
}

sqlite_floor() { # file
	rm -f "$dir"/floor.db*
	sqlite3 "$dir/floor.db" "PRAGMA journal_mode=WAL; CREATE TABLE c ($columns); CREATE INDEX p ON c (Telefone); CREATE INDEX e ON c (\"E-mail\");" \
		".import --csv --skip 1 $1 c"
}

postgres_floor() { # file
	psql -X -q "$CADASTRO_TEST_POSTGRES" -v ON_ERROR_STOP=1 -c "DROP TABLE IF EXISTS c; CREATE TABLE c ($columns); CREATE INDEX ON c (Telefone); CREATE INDEX ON c (\"E-mail\")" \
		-c "\\copy c FROM '$1' CSV HEADER"
}

# command brings a file in by the command line; code 8 says that some of its rows are errors, as they are meant to be.
command_import() { "$dir/cadastro" import "$1" --yes --data "$dir/data" --database "$2" || [ $? = 8 ]; }

round() { # engine, size, url
	local first=$dir/first-$2.csv changed=$dir/changed-$2.csv
	rm -rf "$dir/data" "$dir/line-data"
	timed "$1" "$2" "the database's own loader, 2 indexes" "${1}_floor" "$first"
	timed "$1" "$2" "cadastro import, whole command" command_import "$first" "$3"
	GOGC=45 "$dir/line" -data "$dir/line-data" -database "${3:+$3_line}" -phases parse,review,apply,undo \
		"first import:=$first" "same file again:=$first" "half changed:=$changed" 2>>"$dir/log" |
		awk -F'\t' -v e="$1" -v s="$2" '{ print e "\t" s "\t" $1 "\t" $2 "\t" s "\t" $4 }' >>"$out"
}

: >"$out"
for size in $sizes; do
	"$dir/gen" -rows "$size" -dup 0.03 -bad 0.02 -o "$dir/first-$size.csv" >/dev/null
	"$dir/gen" -rows "$size" -dup 0.03 -bad 0.02 -update 0.5 -o "$dir/changed-$size.csv" >/dev/null
	rounds=1
	[ "$size" = "${sizes%% *}" ] && rounds=${RUNS:-3}
	for n in $(seq "$rounds"); do
		case " $engines " in *" sqlite "*) round sqlite "$size" "" ;; esac
		case " $engines " in *" postgres "*)
			[ -n "${CADASTRO_TEST_POSTGRES:-}" ] || continue
			schema=bench_${size}_$n
			psql -X -q "$CADASTRO_TEST_POSTGRES" -c "CREATE SCHEMA $schema" -c "CREATE SCHEMA ${schema}_line"
			round postgres "$size" "$CADASTRO_TEST_POSTGRES&search_path=$schema"
			psql -X -q "$CADASTRO_TEST_POSTGRES" -c "SET client_min_messages = error" -c "DROP SCHEMA $schema CASCADE" -c "DROP SCHEMA ${schema}_line CASCADE"
			;;
		esac
	done
done

printf '%-9s %9s  %-38s %9s %10s %8s %9s\n' engine rows case seconds rows/s 'x loader' 'peak MiB'
for size in $sizes; do
	for engine in $engines; do
		awk -F'\t' -v e="$engine" -v s="$size" '
			$1 == e && $2 == s { if (!($3 in n)) order[++cases] = $3; v[$3, ++n[$3]] = $4; if ($6 > peak[$3]) peak[$3] = $6 }
			function median(c,   i, j, t, k) {
				k = n[c]
				for (i = 1; i <= k; i++) a[i] = v[c, i]
				for (i = 2; i <= k; i++) for (j = i; j > 1 && a[j - 1] > a[j]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
				return a[int((k + 1) / 2)]
			}
			END {
				floor = median(order[1])
				for (i = 1; i <= cases; i++) {
					m = median(order[i])
					printf "%-9s %9d  %-38s %9.2f %10d %8.2f %9s\n", e, s, order[i], m, m ? s / m : 0, floor ? m / floor : 0, peak[order[i]]
				}
			}' "$out"
	done
done
