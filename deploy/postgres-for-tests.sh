#!/usr/bin/env bash
# A throw-away PostgreSQL on a free port of this machine, for tests: its data lie in one temporary folder and are not
# made to survive a crash of the machine.
#   deploy/postgres-for-tests.sh start          prints the URL (last line); log and data are in the folder below
#   deploy/postgres-for-tests.sh stop FOLDER    stops it and removes the folder; FOLDER/url holds the URL
#   deploy/postgres-for-tests.sh start FOLDER   the same in a folder of your choice, which must not exist
#   deploy/postgres-for-tests.sh kill FOLDER    stops it as a crash would; again FOLDER starts it with the same address
# Works as root (the server then runs as the user postgres) and as a plain user.
set -euo pipefail

action=${1:?start, stop, kill or again}
folder=${2:-}

# Debian keeps the server's programs out of the PATH, in a folder for each version.
bin=$(dirname "$(command -v initdb || find /usr/lib/postgresql /usr/local/pgsql /opt -name initdb -path '*/bin/*' 2>/dev/null | sort -V | tail -n 1)")
if [ ! -x "$bin/initdb" ]; then
    echo "no PostgreSQL found: install it (Debian and Ubuntu: apt install postgresql)" >&2
    exit 1
fi

as_server() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

run_server() {
    as_server "$bin/pg_ctl" start --pgdata "$1/data" --log "$1/data/server.log" --wait --silent \
        --options "-p $2 -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 -c fsync=off" \
        >/dev/null
}

end_server() {
    if [ -f "$1/data/postmaster.pid" ]; then
        as_server "$bin/pg_ctl" stop --pgdata "$1/data" --mode immediate --silent || true
    fi
}

stop() {
    end_server "$1"
    rm -rf "$1"
}

if [ "$action" != start ]; then
    # A slip of the pen must not remove a folder that this script did not make.
    [ -f "${folder:?name the folder}/port" ] || { echo "$folder: not started by this script" >&2; exit 1; }
    cd "$folder"
    case $action in
        stop) stop "$folder" ;;
        kill) end_server "$folder" ;;
        again) run_server "$folder" "$(cat "$folder/port")" ;;
        *) echo "expected start, stop, kill or again, got $action" >&2; exit 1 ;;
    esac
    exit 0
fi

if [ -n "$folder" ]; then mkdir "$folder"; else folder=$(mktemp -d); fi
trap 'stop "$folder"' ERR
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

(umask 077 && echo "$password" >"$folder/password")
echo "$port" >"$folder/port"
chmod 755 "$folder"
if [ "$(id -u)" = 0 ]; then chown -R postgres "$folder"; fi

cd "$folder"
as_server "$bin/initdb" --pgdata "$folder/data" --username tests --pwfile "$folder/password" --auth scram-sha-256 \
    --encoding UTF8 --locale C >"$folder/initdb.log" 2>&1
rm -f "$folder/password"
run_server "$folder" "$port"
echo "postgresql://tests:$password@127.0.0.1:$port/postgres" >"$folder/url"
echo "folder: $folder" >&2
cat "$folder/url"
