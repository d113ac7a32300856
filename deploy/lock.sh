#!/usr/bin/env bash
# Writes constraints.txt: the versions of a fresh environment that holds what setup.cfg asks for, and nothing else.
set -eu

cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$(bash deploy/find-python.sh)" -m venv "$scratch/venv"
pip="$scratch/venv/bin/python -m pip --disable-pip-version-check"
$pip install torch==2.13.0
$pip install --quiet '.[index,encoders,test,docs]'
{
    echo "# Every version that Marquee is built and tested with. Made from a fresh environment by \`make constraints\`."
    # What torch itself pins (its CUDA packages) differs from machine to machine and follows from its version.
    { $pip freeze | grep -v -E '^(marquee|torch|nvidia-.*|cuda-.*|triton)( @|==)'; echo "torch==2.13.0"; } | LC_ALL=C sort -f
} > "$scratch/constraints.txt"
cp "$scratch/constraints.txt" constraints.txt
echo "wrote constraints.txt: $(grep -c == constraints.txt) versions"
