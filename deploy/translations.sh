#!/usr/bin/env bash
# Update and compile webapp/translations: `deploy/translations.sh .venv/bin`. New and changed texts get empty entries for
# translators, never fuzzy ones.
set -eu

cd "$(dirname "$0")/.."
pybabel="${1:-.venv/bin}/pybabel --quiet"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

$pybabel extract --mapping-file babel.cfg --keywords gettext_noop --no-location --no-wrap --sort-output \
    --output-file "$scratch/messages.pot" webapp
$pybabel update --input-file "$scratch/messages.pot" --output-dir webapp/translations --no-fuzzy-matching --no-wrap \
    --ignore-obsolete --ignore-pot-creation-date
$pybabel compile --directory webapp/translations --statistics
