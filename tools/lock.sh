#!/bin/sh
# Write requirements.lock: every package of the environment for every Python and system, pinned with its hashes.
# uv resolves for all of them at once; it lives in an environment of its own, thrown away afterwards.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check uv
{
    echo "# Every package of the environment, pinned with its hashes. Written by 'make lock'; do not edit by hand."
    "$folder/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --extra dev \
        --no-emit-index-url --no-annotate --no-header --generate-hashes pyproject.toml
} >"$folder/lock"
mv "$folder/lock" requirements.lock
