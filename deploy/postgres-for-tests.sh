#!/usr/bin/env bash
# Run a temporary PostgreSQL server for tests on a free port of this machine. All its data is in one folder and may be lost
# if the machine crashes.
#   deploy/postgres-for-tests.sh start          start a server; prints its folder, then its URL (last line)
#   deploy/postgres-for-tests.sh start FOLDER   the same in the given folder, which must not exist
#   deploy/postgres-for-tests.sh stop FOLDER    stop the server and delete the folder
#   deploy/postgres-for-tests.sh kill FOLDER    stop the server as a crash would
#   deploy/postgres-for-tests.sh again FOLDER   start a killed server with the same address, which is in FOLDER/url
#   deploy/postgres-for-tests.sh replica FOLDER OF  start a streaming replica of the server in the folder OF, in FOLDER
# Works as root (the server then runs as the user postgres) and as a normal user.
set -euo pipefail

action=${1:?start, stop, kill, again or replica}
folder=${2:-}

# Debian installs the server's programs outside of PATH, in a folder for each version.
bin=$(dirname "$(readlink -f "$(command -v initdb || find /usr/lib/postgresql /usr/local/pgsql /opt -name initdb -path '*/bin/*' 2>/dev/null | sort -V | tail -n 1)")")
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

if [ "$action" = replica ]; then
    mkdir "${folder:?name the folder}"
    trap 'stop "$folder"' ERR
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' >"$folder/port"
    if [ "$(id -u)" = 0 ]; then chown -R postgres "$folder"; fi
    cd "$folder"
    as_server "$bin/pg_basebackup" --dbname "$(cat "${3:?name the folder of the server}/url")" --pgdata "$folder/data" \
        --write-recovery-conf --checkpoint fast >"$folder/backup.log" 2>&1
    run_server "$folder" "$(cat "$folder/port")"
    sed "s/:[0-9]*\/postgres$/:$(cat "$folder/port")\/postgres/" "$3/url" | tee "$folder/url"
    exit 0
fi

if [ "$action" != start ]; then
    # A typo must not delete a folder that this script did not create.
    [ -f "${folder:?name the folder}/port" ] || { echo "$folder: not started by this script" >&2; exit 1; }
    cd "$folder"
    case $action in
        stop) stop "$folder" ;;
        kill) end_server "$folder" ;;
        again) run_server "$folder" "$(cat "$folder/port")" ;;
        *) echo "expected start, stop, kill, again or replica, got $action" >&2; exit 1 ;;
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
