#!/usr/bin/env bash
# Installs what the tests and benchmarks need beside Go: a C compiler (for the race detector), PostgreSQL, Chromium (the
# pages are tried in it), and the sqlite3 program (the yardstick of the benchmark). Says what it does, and why it cannot where it cannot.
set -euo pipefail

# pg_bindir prints the directory of the newest PostgreSQL server programs; Debian keeps them out of the PATH.
pg_bindir() {
	local dir
	for dir in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rV) $(command -v initdb >/dev/null && dirname "$(command -v initdb)"); do
		if [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ]; then
			echo "$dir"
			return
		fi
	done
	return 1
}

if [ "${1:-}" = --pg-bindir ]; then
	pg_bindir
	exit
fi

missing=()
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v sqlite3 >/dev/null || missing+=(sqlite3)
pg_bindir >/dev/null || missing+=(postgresql)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
if [ ${#missing[@]} -eq 0 ]; then
	exit 0
fi

echo "test-deps: missing: ${missing[*]}"
if ! command -v apt-get >/dev/null; then
	echo "test-deps: this is no Debian or Ubuntu: please install ${missing[*]} (or what your system calls them) and run again" >&2
	exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "test-deps: neither root nor sudo: please have ${missing[*]} installed and run again" >&2
		exit 1
	fi
	as_root=(sudo)
fi
# The lock of dpkg may be held by an update that runs by itself: wait for it.
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300)
echo "test-deps: installing with apt: ${missing[*]}"
if ! "${apt[@]}" install --no-install-recommends "${missing[@]}" </dev/null; then
	echo "test-deps: not found or out of date, reading the package lists again"
	if ! { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "${missing[@]}"; } </dev/null; then
		echo "test-deps: apt could not install ${missing[*]}: its message stands above" >&2
		exit 1
	fi
fi
