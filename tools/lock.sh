#!/bin/sh
# Write requirements.lock: every package of the environment for every Python and system, pinned with its hashes.
# uv resolves for all of them at once; it lives in an environment of its own, thrown away afterwards.
#
#   KEEP=1   keep the releases that are pinned, and add only what pyproject.toml newly asks for
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check uv
# What uv finds in its output file it prefers.
[ "${KEEP:-}" != 1 ] || cp requirements.lock "$folder/pinned"
"$folder/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --extra dev \
    --no-emit-index-url --no-annotate --no-header --generate-hashes --output-file "$folder/pinned" pyproject.toml
{
    echo "# Every package of the environment, pinned with its hashes. Written by 'make lock'; do not edit by hand."
    cat "$folder/pinned"
} >"$folder/lock"
mv "$folder/lock" requirements.lock
