#!/bin/sh
# Generates marquee_client from the OpenAPI description of this working tree, with openapi-python-client in an
# environment of its own. Run it after each change of the API; a test fails until then.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet openapi-python-client==0.29.1 ruff
(cd "$here/../.." && "${PYTHON:-.venv/bin/python}" -m tests.clients.description "$work/openapi.json")
PATH="$work/venv/bin:$PATH" "$work/venv/bin/openapi-python-client" generate --path "$work/openapi.json" \
  --output-path "$here/marquee_client" --meta none --overwrite
# The generator does not expect fields called `cast`, as movies have: they hide the function that it imports.
grep -rlE '^        cast = ' "$here/marquee_client/models" | while read -r file; do
  sed -i -E 's/\bcast\(/typing_cast(/; s/^(from typing import .*TypeVar)(, cast)?$/\1\nfrom typing import cast as typing_cast/' "$file"
done
