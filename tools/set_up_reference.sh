#!/bin/sh
# Make .venv-reference: what is in .venv, and the packages of requirements-reference.txt, PyTorch among them. Only the
# tests that compare with them use it (`make test-reference`).
#
# .venv-reference/ready holds the text it was made from and is written last: an interrupted set-up is begun anew.
set -eu
cd "$(dirname "$0")/.."

made_from() {
    pwd
    cat requirements-reference.txt requirements.lock
}

made_from | cmp -s - .venv-reference/ready 2>/dev/null && exit 0

echo "Setting up .venv-reference: once, for a minute or two."
rm -rf .venv-reference
.venv/bin/python -m venv .venv-reference
python=.venv-reference/bin/python
site='import sysconfig; print(sysconfig.get_path("purelib"))'
.venv/bin/python -c "$site" >"$($python -c "$site")/course.pth"
$python -m pip install -qq --disable-pip-version-check -r requirements-reference.txt
made_from >.venv-reference/ready
