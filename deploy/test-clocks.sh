#!/usr/bin/env bash
# Run the tests with the clock set forward, in other time zones and locales.
#   deploy/test-clocks.sh                      all tests under each clock (about half an hour each)
#   deploy/test-clocks.sh --short              the tests that deal with time, under three clocks (a few minutes)
#   deploy/test-clocks.sh --only N [ARG...]    one clock, numbered from 0; arguments are passed to pytest
# Needs a C compiler and the sources of the C library's locales (Debian: apt install gcc libc6-dev locales).
# PYTHON selects another interpreter than .venv/bin/python.
set -euo pipefail

cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}

# start of the tests (UTC) | time zone | locale
clocks=(
    "+40 days|Pacific/Auckland|de_DE.ISO-8859-1"
    "2028-02-29 10:55|Pacific/Auckland|C"                 # leap day; 1 March begins in Auckland at 11:00 UTC
    "2027-03-14 09:58|America/Los_Angeles|C.UTF-8"        # daylight saving time begins at 10:00 UTC
    "2027-04-03 13:58|Pacific/Auckland|C.UTF-8"           # daylight saving time ends at 14:00 UTC
    "+400 days 23:58|America/Los_Angeles|POSIX"           # the date changes in UTC
)
# The short form skips tests that need a browser, a search engine or several minutes.
short_clocks=(0 1 2)
short_tests=(-m "not elasticsearch and not browser and not data and not slow" tests/core tests/data/database/test_accounts.py
    tests/data/database/test_events.py tests/data/database/test_event_columns.py tests/data/database/test_jobs.py
    tests/data/database/test_leases.py tests/data/database/test_bulk_ratings.py tests/data/database/test_trends.py
    tests/engine/online/test_event_queue.py tests/engine/accounts/test_accounts.py tests/engine/accounts/test_diaries.py
    tests/engine/trending tests/engine/online tests/engine/experiments tests/engine/registry/test_version_ids.py
    tests/engine/registry/test_registry.py tests/engine/test_cleanup.py tests/engine/test_operations.py tests/jobs
    tests/marquee/test_jobs_commands.py tests/marquee/test_training_commands.py tests/webapp/events/test_api.py
    tests/webapp/diary/test_api.py tests/webapp/admin/test_pages.py tests/webapp/admin/test_event_streams.py
    tests/webapp/accounts/test_limits.py tests/webapp/accounts/test_sign_in.py)

chosen=("${!clocks[@]}") tests=()
case ${1:-} in
    --short) chosen=("${short_clocks[@]}") tests=("${short_tests[@]}") ;;
    --only) chosen=("${2:?which clock? a number from 0}") tests=("${@:3}") ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work" # the tests' database servers run as other users
cc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$work/shift-clock.so" deploy/shift-clock.c -ldl
mkdir "$work/locales"
localedef -i de_DE -f ISO-8859-1 "$work/locales/de_DE.ISO-8859-1"

failed=()
for number in "${chosen[@]}"; do
    IFS='|' read -r start zone locale <<<"${clocks[$number]}"
    now=$(date +%s)
    shift_by=$(($(date -u -d "$start" +%s) - now))
    echo "clock $number: $(date -u -d "$start" '+%Y-%m-%d %H:%M UTC'), TZ=$zone, LC_ALL=$locale"
    mkdir "$work/tmp"
    env LD_PRELOAD="$work/shift-clock.so" CLOCK_SHIFT=$shift_by CLOCK_SINCE="$now" TMPDIR="$work/tmp" \
        TZ="$zone" LOCPATH="$work/locales" LC_ALL="$locale" LANG="$locale" \
        "$python" -m pytest -n 2 --dist loadfile --no-loadscope-reorder -q -p no:cacheprovider "${tests[@]}" || failed+=("$number")
    rm -rf "$work/tmp"
done

if [ ${#failed[@]} -gt 0 ]; then
    echo "failed under clock ${failed[*]}" >&2
    exit 1
fi
