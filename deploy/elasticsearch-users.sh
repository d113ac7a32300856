#!/usr/bin/env bash
# Create the users of Elasticsearch: one that builds indexes, and one that only searches. Can be repeated.
set -eu

# Send a body to a path of the security API. Passwords are not arguments, which process lists show.
send() {
    curl --silent --show-error --fail --output /dev/null --config "$config" \
        --header 'Content-Type: application/json' --request PUT "$ELASTICSEARCH_URL/_security/$1" --data-binary @-
}
config=$(mktemp)
trap 'rm -f "$config"' EXIT
printf 'user = "elastic:%s"\n' "$ELASTIC_PASSWORD" > "$config"

send role/marquee_index <<< '{"indices": [{"names": ["marquee-movies*"], "privileges": ["all"]}]}'
send role/marquee_web <<< '{"indices": [{"names": ["marquee-movies*"], "privileges": ["read", "view_index_metadata"]}]}'
send user/marquee_index <<< "{\"password\": \"$INDEX_PASSWORD\", \"roles\": [\"marquee_index\"]}"
send user/marquee_web <<< "{\"password\": \"$WEB_PASSWORD\", \"roles\": [\"marquee_web\"]}"
echo "created the users marquee_index and marquee_web"
