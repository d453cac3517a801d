"""Running notebooks in place: what is kept, what is taken out, and what a failure leaves behind."""

import os
import signal
import subprocess
import sys
import time

import pytest
from made_notebook import code, markdown, printed
from nbformat import NO_CONVERT, read, v4

from dlcourse.course import execute
from dlcourse.course.execute import execute_in_place, main, tidy
from dlcourse.course.lint_rules_file import KERNELSPEC, LANGUAGE_INFO


def write(folder, *cells, name="small.ipynb", **metadata):
    path = folder / name
    path.write_text(v4.writes(v4.new_notebook(cells=list(cells), metadata=metadata)), encoding="utf-8")
    return path


def quiet(outcome):
    """Report nothing."""


def test_outputs_are_kept_and_a_second_run_gives_the_same_bytes(tmp_path):
    path = write(
        tmp_path,
        markdown("# A title"),
        code('print("one", flush=True)\nprint("two", flush=True)\nprint("half\\rwhole")'),
        code("import os, sys\nsys.executable, os.listdir()"),
        code("6 * 7"),
        code(""),
        widgets={"state": {}},
    )
    ids = [cell.id for cell in read(path, NO_CONVERT).cells]
    [outcome] = execute_in_place([path], report=quiet)
    assert outcome.failure is None
    first = path.read_bytes()
    notebook = read(path, NO_CONVERT)
    assert notebook.cells[1].outputs == [printed("one\ntwo\nwhole\n")]
    assert notebook.cells[2].outputs[0].data["text/plain"] == repr((sys.executable, []))
    assert notebook.cells[3].outputs[0].execution_count == notebook.cells[3].execution_count == 3
    assert [cell.id for cell in notebook.cells] == ids[:4]
    assert notebook.metadata == {"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO}
    execute_in_place([path], report=quiet)
    assert path.read_bytes() == first


def test_a_notebook_that_fails_is_untouched_and_the_others_go_on(tmp_path, capsys):
    good = write(tmp_path, code('print("done")'), name="good.ipynb")
    bad = write(tmp_path, markdown("x"), code("1 + 1"), code("1 / 0", tags=["raises-exception"]), name="bad.ipynb")
    before = bad.read_bytes()
    assert main([str(bad), str(good), "--jobs", "2"]) == 1
    assert bad.read_bytes() == before
    assert read(good, NO_CONVERT).cells[0].outputs == [printed("done\n")]
    shown = capsys.readouterr()
    assert shown.err == "bad.ipynb, cell 3: ZeroDivisionError: division by zero; its file is left as it was.\n"
    assert shown.out.startswith("good.ipynb ran in ")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bad.ipynb", "good.ipynb"]


def test_a_kernel_that_dies_and_a_cell_that_does_not_end_are_failures(tmp_path, monkeypatch):
    monkeypatch.setattr(execute, "CELL_SECONDS", 2)
    source = 'import os, signal\nos.write(2, b"no memory left\\n\\n")\nos.kill(os.getpid(), signal.SIGKILL)'
    dying = write(tmp_path, code(source), name="dying.ipynb")
    endless = write(tmp_path, code("while True:\n    pass"), name="endless.ipynb")
    first, second = execute_in_place([dying, endless], jobs=2, report=quiet)
    assert first.failure.startswith("dying.ipynb, cell 1: the kernel died (no memory left)")
    assert second.failure.startswith("endless.ipynb, cell 1 ran for more than 2 s")
    assert "outputs" in dying.read_text()


def test_a_file_changed_meanwhile_keeps_the_change(tmp_path):
    path = write(tmp_path, code("1"))
    path.write_text(v4.writes(v4.new_notebook(cells=[code(f'open({str(path)!r}, "w").write("mine")')])))
    [outcome] = execute_in_place([path], report=quiet)
    assert "changed by somebody else" in outcome.failure
    assert path.read_text() == "mine"


def test_an_interrupt_stops_the_kernels_and_writes_nothing(tmp_path):
    started = tmp_path / "started"
    source = f"import os, pathlib, time\npathlib.Path({str(started)!r}).write_text(str(os.getpid()))\ntime.sleep(60)"
    path = write(tmp_path, code(source))
    before = path.read_bytes()
    command = [sys.executable, "-m", "dlcourse.course.execute", str(path)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: started.is_file() and started.read_text())
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=300)
    assert running.returncode == 130
    assert (out, err) == ("", "Interrupted: notebooks that had not ended are left as they were.\n")
    assert path.read_bytes() == before
    wait_for(lambda: not alive(int(started.read_text())))


def wait_for(condition, seconds=300):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_file_that_is_no_notebook_is_a_failure(tmp_path):
    path = tmp_path / "broken.ipynb"
    path.write_text("{")
    [outcome] = execute_in_place([path], report=quiet)
    assert "cannot be read as a notebook" in outcome.failure
    assert path.read_text() == "{"


def test_a_wrong_call_runs_nothing(tmp_path, capsys):
    with pytest.raises(ValueError, match="jobs=0"):
        execute_in_place([], jobs=0)
    for arguments, says in (([str(tmp_path / "none.ipynb")], "there is no notebook"), (["--jobs", "0"], "not 0")):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 2
        assert says in capsys.readouterr().err


def test_tidy_takes_out_what_has_no_meaning():
    cell = code("x = 1  \n\n", printed("a"), printed("b"), printed("c", name="stderr"), tags=["lesson"])
    cell.metadata.update(
        execution={"iopub.status.busy": "2024-01-01T00:00:00Z"}, collapsed=True, jupyter={"source_hidden": True}
    )
    prose = markdown("a line  \nbroken, a blank \nnot   \n")
    notebook = tidy(v4.new_notebook(cells=[cell, prose, code("\n"), markdown("")], metadata={"papermill": {}}))
    assert notebook.metadata == {"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO}
    assert notebook.cells == [cell, prose]
    assert cell.metadata == {"tags": ["lesson"], "jupyter": {"source_hidden": True}}
    assert cell.source == "x = 1"
    assert cell.outputs == [printed("ab"), printed("c", name="stderr")]
    assert prose.source == "a line  \nbroken, a blank\nnot  "


def test_tidy_gives_the_cells_of_an_older_format_their_ids():
    notebook = v4.new_notebook(cells=[code("1")])
    notebook.nbformat_minor = 4
    del notebook.cells[0]["id"]
    assert tidy(notebook).cells[0].id
    assert notebook.nbformat_minor == 5


def test_tidy_keeps_the_alt_text_of_a_figure():
    figure = v4.new_output("display_data", {"image/png": "aGk="}, metadata={"image/png": {"alt": "a line"}})
    assert tidy(v4.new_notebook(cells=[code("plot()", figure)])).cells[0].outputs == [figure]
