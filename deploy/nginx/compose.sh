#!/bin/sh
# Start nginx as a service of docker-compose.yml: with marquee.conf, for the host in SITE_HOST, before the service `web`.
# Usage: compose.sh SOURCE TARGET CERTIFICATES [COMMAND...]: write the configuration, then run the command.
set -eu
source=$1 target=$2 certificates=$3
shift 3
if [ -z "${SITE_HOST:-}" ]; then
    echo "SITE_HOST is not set: write SITE_HOST=films.example into .env" >&2
    exit 1
fi
for file in fullchain.pem privkey.pem; do
    if [ ! -r "$certificates/$file" ]; then
        echo "$certificates/$file cannot be read: set TLS_FOLDER in .env to the folder with fullchain.pem and privkey.pem" >&2
        exit 1
    fi
done
sed -e "s|/etc/ssl/certs/films.example.pem|$certificates/fullchain.pem|" \
    -e "s|/etc/ssl/private/films.example.key|$certificates/privkey.pem|" \
    -e "s|films\.example|$SITE_HOST|g" \
    -e "s|server 127.0.0.1:8000 |server web:8000 |" \
    "$source" >"$target"
exec "$@"
