"""TensorFlow's start-up noise is silent in processes and kernels; real messages still arrive."""

import os
import subprocess
import sys
import textwrap

import nbformat
import pytest
from nbclient import NotebookClient

from dlcourse import quiet

TRAIN = """
import dlcourse, numpy as np, keras
model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(2, 3), keras.layers.Flatten(),
                          keras.layers.Dense(2)])
model.compile("adam", "mse", jit_compile=JIT)
model.fit(np.zeros((4, 8, 8, 1)), np.zeros((4, 2)), verbose=0)
print("trained")
"""


def run(code, **environment):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        env={**kept, **environment},
        timeout=300,
        check=False,
    )


FAIL = """
import tensorflow as tf
try:
    tf.matmul(tf.zeros((2, 3)), tf.zeros((2, 3)))
except tf.errors.InvalidArgumentError:
    print("refused")
"""


def test_training_prints_nothing_to_stderr_and_errors_are_still_raised():
    done = run(TRAIN.replace("JIT", "False") + TRAIN.replace("JIT", "True") + FAIL)
    assert (done.returncode, done.stdout, done.stderr) == (0, "trained\ntrained\nrefused\n", "")


@pytest.mark.slow
def test_kernel_shows_no_stderr():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TRAIN.replace("JIT", "True"))])
    NotebookClient(notebook, kernel_name="python3", timeout=300, startup_timeout=300).execute()
    outputs = notebook.cells[0].outputs
    assert [(each.output_type, each.get("name"), each.get("text")) for each in outputs] == [
        ("stream", "stdout", "trained\n")
    ]


def test_level_set_by_the_user_stands():
    done = run("import dlcourse, os; print(os.environ['TF_CPP_MIN_LOG_LEVEL'])", TF_CPP_MIN_LOG_LEVEL="1")
    assert done.stdout == "1\n"


FAKE_TENSORFLOW = """
import os, sys
os.write(2, b"I0000 00:00:1.5 7 cudart_stub.cc:31] Could not find cuda drivers\\n")
os.write(2, b"E0000 00:00:1.5 7 factory.cc:9] Unable to register\\n")
os.write(2, b"a line of no log\\n")
print("from Python", file=sys.stderr, flush=True)
{end}
"""


def fake_import(tmp_path, end="", level="3"):
    (tmp_path / "tensorflow.py").write_text(FAKE_TENSORFLOW.format(end=end))
    code = "import dlcourse, tensorflow, os; os.write(2, b'I0000 00:00:1.5 7 late.cc:1] after\\n')"
    return run(code, PYTHONPATH=str(tmp_path), TF_CPP_MIN_LOG_LEVEL=level)


def test_only_hidden_log_lines_are_dropped_while_it_loads(tmp_path):
    assert fake_import(tmp_path).stderr.splitlines() == [
        "a line of no log",
        "from Python",
        "I0000 00:00:1.5 7 late.cc:1] after",
    ]


def test_a_look_whether_it_is_installed_changes_nothing(tmp_path):
    (tmp_path / "tensorflow.py").write_text(FAKE_TENSORFLOW.format(end=""))
    look = "import dlcourse, importlib.util; print(importlib.util.find_spec('tensorflow') is not None); "
    done = run(look + "import tensorflow", PYTHONPATH=str(tmp_path), TF_CPP_MIN_LOG_LEVEL="3")
    assert done.stdout == "True\n"
    assert done.stderr.splitlines() == ["a line of no log", "from Python"]


def test_tensorflow_that_is_not_installed_is_said_as_ever(tmp_path):
    done = run(
        "import sys; sys.path[:] = [p for p in sys.path if 'site-packages' not in p]\n"
        "import dlcourse.quiet\nimport tensorflow"
    )
    assert "No module named 'tensorflow'" in done.stderr


def test_the_level_decides_which_lines_are_dropped(tmp_path):
    text = fake_import(tmp_path, level="2").stderr
    assert "Unable to register" in text
    assert "cuda drivers" not in text
    assert "cuda drivers" in fake_import(tmp_path, level="0").stderr


def test_last_words_of_a_crash_while_loading_arrive(tmp_path):
    end = "os.write(2, b'F0000 00:00:1.5 7 cpu.cc:1] needs AVX instructions\\n'); os.abort()"
    done = fake_import(tmp_path, end)
    assert done.returncode < 0
    assert "needs AVX instructions" in done.stderr


def test_import_error_while_loading_arrives_and_stderr_is_given_back(tmp_path):
    done = fake_import(tmp_path, "raise ImportError('libtensorflow_framework.so.2 is damaged')")
    assert done.returncode == 1
    assert "libtensorflow_framework.so.2 is damaged" in done.stderr


@pytest.mark.parametrize(("level", "letters"), [("0", ""), ("1", "I"), ("3", "IWE"), ("9", "IWE"), ("x", "")])
def test_hidden_letters(monkeypatch, level, letters):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", level)
    assert quiet.hidden_letters() == letters
