"""What a reader does in JupyterLab, as steps of a test: open, run, save, take a picture."""

import time

import nbformat
import pytest

RUN_SECONDS = 400
STATUS = "() => document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status"


def open_chapter(page, lab, chapter):
    """Open a chapter's notebook in the Lab and wait for its kernel."""
    page.goto(lab.url(chapter))
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    page.get_by_text("Python 3 (ipykernel) | Idle", exact=True).wait_for(timeout=60_000)


def choose(page, *labels):
    """Choose an entry of the main menu, such as Run, Run All Cells."""
    page.locator("#jp-MainMenu").get_by_role("menuitem", name=labels[0], exact=True).click()
    for label in labels[1:]:
        page.locator(".lm-Menu-itemLabel").get_by_text(label, exact=True).click()


def code_cells(path):
    """The code cells of a saved notebook."""
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def save_and_read(page, path):
    """The code cells as JupyterLab has them now."""
    with page.expect_response(lambda answer: answer.request.method == "PUT" and path.name in answer.url):
        choose(page, "File", "Save Notebook")
    return code_cells(path)


def run_all(page, path):
    """Run All Cells through the menu; the code cells when the last one has its number and the kernel rests."""
    choose(page, "Run", "Run All Cells")
    deadline = time.monotonic() + RUN_SECONDS
    while time.monotonic() < deadline:
        page.wait_for_timeout(2000)
        if page.evaluate(STATUS) != "idle":
            continue
        cells = save_and_read(page, path)
        if cells[-1].execution_count or any(error_outputs(cells)):
            return cells
    pytest.fail(f"{path.name} did not end in {RUN_SECONDS} s")


def error_outputs(cells):
    """Errors and standard error in the outputs, a line each."""
    for number, cell in enumerate(cells, start=1):
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"cell [{number}] {output.ename}: {output.evalue}"
            elif output.get("name") == "stderr":
                yield f"cell [{number}] stderr: {output.text}"


def nothing_is_wrong(page, cells):
    """No error, nothing on standard error, no question, nothing asked of anybody else."""
    assert list(error_outputs(cells)) == []
    shown = ".jp-OutputArea-output[data-mime-type*='stderr'], .jp-OutputArea-output[data-mime-type*='error']"
    assert page.locator(shown).count() == 0
    assert page.locator(".jp-Dialog").count() == 0, "JupyterLab asks the reader something"
    assert page.watch.elsewhere == []
    assert page.watch.failed == []
