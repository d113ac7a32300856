#!/usr/bin/env bash
# Print the Python for the virtual environment: $PYTHON, or the first Python 3.11 to 3.13 found that has venv.
set -u

supported='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$candidate" -c "$supported" 2>/dev/null; then
        echo "$candidate"
        exit 0
    fi
done

found=$(python3 --version 2>&1 || true)
cat >&2 <<END
Marquee needs Python 3.11, 3.12 or 3.13 with its venv module; found: ${found:-none}.
Install one (Debian and Ubuntu: apt install python3 python3-venv), or select another one: make run PYTHON=/path/to/python3.12
END
exit 1
