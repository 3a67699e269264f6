#!/usr/bin/env bash
# Runs a command with a throw-away PostgreSQL: scripts/with-postgres.sh COMMAND [ARGUMENTS]
#
# The cluster lives in a temporary directory, listens on a free port of this machine only, and is gone afterwards.
# Its URL is in CADASTRO_TEST_POSTGRES. Where that is set already, that server is used and left alone.
# PostgreSQL refuses to run as root, so root hands it to the user postgres (or nobody).
# CADASTRO_PG_FSYNC=on makes it as careful, and as slow, as a real one.
set -euo pipefail

if [ -n "${CADASTRO_TEST_POSTGRES:-}" ]; then
	exec "$@"
fi

here=$(cd "$(dirname "$0")" && pwd)
bin=$("$here/test-deps.sh" --pg-bindir) || {
	echo "with-postgres: no PostgreSQL here; scripts/test-deps.sh installs one" >&2
	exit 1
}
dir=$(mktemp -d "${TMPDIR:-/tmp}/cadastro-pg.XXXXXX")
owner=
if [ "$(id -u)" -eq 0 ]; then
	owner=$(id -un postgres 2>/dev/null || echo nobody)
	chown "$owner" "$dir"
fi

# as_owner runs a command as the cluster's owner, away from directories that the owner cannot enter.
as_owner() (
	cd "$dir"
	if [ -n "$owner" ]; then
		exec runuser -u "$owner" -- "$@"
	fi
	exec "$@"
)

stop() {
	status=$?
	trap - EXIT INT TERM
	if [ -f "$dir/data/postmaster.pid" ]; then
		as_owner "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null || true
	fi
	rm -rf "$dir"
	exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
install -m 600 /dev/null "$dir/password"
printf '%s\n' "$password" >"$dir/password"
if [ -n "$owner" ]; then
	chown "$owner" "$dir/password"
fi
if ! as_owner "$bin/initdb" -D "$dir/data" -U cadastro -A scram-sha-256 --pwfile="$dir/password" \
	--encoding=UTF8 --locale=C --no-sync >"$dir/log" 2>&1; then
	cat "$dir/log" >&2
	echo "with-postgres: initdb failed" >&2
	exit 1
fi

durable=(-c "fsync=${CADASTRO_PG_FSYNC:-off}")
if [ "${CADASTRO_PG_FSYNC:-off}" = off ]; then
	durable+=(-c synchronous_commit=off -c full_page_writes=off)
fi
started=
for _ in 1 2 3 4 5 6 7 8 9 10; do
	port=$((20000 + RANDOM % 12000))
	if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
		continue # somebody listens there
	fi
	if as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 start -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
		-c max_connections=200 -c shared_buffers=128MB -c max_wal_size=1GB ${durable[*]}" >/dev/null; then
		started=yes
		break
	fi
done
if [ -z "$started" ]; then
	cat "$dir/server.log" >&2
	echo "with-postgres: the server did not start" >&2
	exit 1
fi

export CADASTRO_TEST_POSTGRES="postgres://cadastro:$password@127.0.0.1:$port/postgres?sslmode=disable"
"$@"
