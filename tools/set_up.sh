#!/bin/sh
# Make .venv the environment that requirements.lock describes, unless it is that already. Every make target calls this.
#
#   PYTHON=python3.12   the Python to build with; by default the first fitting one that is found
#   GPU=1               put the CUDA libraries of TensorFlow on top, where there is a GPU to use them
#
# .venv/ready holds the text the environment was made from and is written last; .venv/being-made holds the number of
# the process that is making it. A set-up that was interrupted leaves the second without the first, and is begun anew.
set -eu
cd "$(dirname "$0")/.."

FITS='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
VERSION='import sys; print("%d.%d.%d" % sys.version_info[:3])'
CANDIDATES='python3 python3.13 python3.12 python3.11 python'

fail() {
    echo "set-up: $*" >&2
    exit 1
}

# The content, not the time of a file: a checkout that only touches files installs nothing anew.
made_from() {
    pwd
    cat requirements.lock pyproject.toml hatch_build.py
}

venv_python() {
    [ -x .venv/bin/python ] && .venv/bin/python -c "$1" 2>/dev/null
}

is_ready() {
    made_from | cmp -s - .venv/ready && venv_python "$FITS" && is_wanted_python
}

is_wanted_python() {
    [ -z "${PYTHON:-}" ] || [ "$(venv_python "$VERSION")" = "$("$PYTHON" -c "$VERSION")" ]
}

# Prints the Python to use. A name alone proves nothing: version managers leave names that run no Python.
find_python() {
    seen='' lacking=''
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- $CANDIDATES; fi
    for name; do
        version=$("$name" -c "$VERSION" 2>/dev/null) || continue
        seen="$seen $name is $version;"
        "$name" -c "$FITS" || continue
        if "$name" -c 'import ensurepip, venv' 2>/dev/null; then
            echo "$name"
            return
        fi
        lacking=$name
    done
    [ -z "$lacking" ] || fail "$lacking has no venv module; on Debian and Ubuntu:" \
        "apt-get install $("$lacking" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    fail "the course needs Python 3.11, 3.12 or 3.13, and found:${seen:- none;}" \
        "install one, or name it with PYTHON=/path/to/python3.12"
}

claim_venv() {
    if [ -f .venv/being-made ]; then
        other=$(cat .venv/being-made)
        if [ -n "$other" ] && kill -0 "$other" 2>/dev/null; then
            fail "process $other is setting up .venv: wait until it has ended (if that is no set-up, delete .venv)."
        fi
        echo "An earlier set-up was interrupted: starting anew."
        rm -rf .venv
    elif [ -d .venv ] && ! { venv_python "$FITS" && is_wanted_python; }; then
        echo "The Python of .venv is gone or not the one wanted: starting anew."
        rm -rf .venv
    fi
    mkdir -p .venv
    echo $$ >.venv/being-made
    rm -f .venv/ready
}

# Progress bars in a terminal, silence in a log.
pip_install() {
    quiet=-qq
    [ ! -t 1 ] || quiet=
    PIP_USER=0 .venv/bin/python -m pip install $quiet --disable-pip-version-check "$@"
}

build() {
    python=$(find_python)
    claim_venv
    echo "Setting up .venv with Python $("$python" -c "$VERSION"): once, for some minutes."
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    pip_install --require-hashes -r requirements.lock
    pip_install --no-deps --no-build-isolation -e .
    made_from >.venv/ready
    rm -f .venv/being-made
}

# Three gigabytes of libraries are fetched only for a GPU that is there.
add_gpu() {
    locked=$(sed -n 's/^tensorflow==\([0-9.]*\).*/\1/p' requirements.lock)
    there='import sys; from dlcourse.training.probes import nvidia_present; sys.exit(not nvidia_present())'
    if [ "$(cat .venv/gpu 2>/dev/null)" != "$locked" ] && venv_python "$there"; then
        pip_install "tensorflow[and-cuda]==$locked"
        echo "$locked" >.venv/gpu
    fi
    echo "GPU=1: $(.venv/bin/python -c 'from dlcourse.training import device_line; print(device_line(load_tensorflow=True))')."
}

is_ready || build
[ "${GPU:-}" != 1 ] || add_gpu
