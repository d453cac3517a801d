"""Run All in JupyterLab: every chapter runs to its last cell, says nothing on standard error, and asks nobody else.

DLCOURSE_SCREENSHOTS=FOLDER keeps a picture of each whole chapter, light and dark, in that folder; with FOLDER =
docs/images the picture of the README is made anew as well.
"""

import os
import time
from pathlib import Path

import nbformat
import pytest

from dlcourse.course import chapters

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WRITTEN = [chapter for chapter in chapters() if chapter.written]
RUN_SECONDS = 400
STATUS = "() => document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status"


def open_chapter(page, lab, chapter):
    page.goto(lab.url(chapter))
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    page.get_by_text("Python 3 (ipykernel) | Idle", exact=True).wait_for(timeout=60_000)


def choose(page, *labels):
    """Choose an entry of the main menu, such as Run, Run All Cells."""
    page.locator("#jp-MainMenu").get_by_role("menuitem", name=labels[0], exact=True).click()
    for label in labels[1:]:
        page.locator(".lm-Menu-itemLabel").get_by_text(label, exact=True).click()


def code_cells(path):
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
    for number, cell in enumerate(cells, start=1):
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"cell [{number}] {output.ename}: {output.evalue}"
            elif output.get("name") == "stderr":
                yield f"cell [{number}] stderr: {output.text}"


@pytest.mark.parametrize("chapter", WRITTEN, ids=lambda chapter: chapter.number)
def test_run_all_ends_without_an_error(page, lab, chapter, tmp_path):
    path = lab.folder / chapter.path.name
    open_chapter(page, lab, chapter)
    cells = run_all(page, path)
    assert list(error_outputs(cells)) == []
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert (
        page.locator(
            ".jp-OutputArea-output[data-mime-type*='stderr'], .jp-OutputArea-output[data-mime-type*='error']"
        ).count()
        == 0
    )
    assert page.locator(".jp-Dialog").count() == 0, "JupyterLab asks the reader something"
    assert page.watch.elsewhere == []
    assert page.watch.failed == []
    folder = Path(os.environ.get("DLCOURSE_SCREENSHOTS", tmp_path))
    photograph(page, folder / f"{chapter.number}-light.png")
    if "DLCOURSE_SCREENSHOTS" in os.environ:
        choose(page, "Settings", "Theme", "JupyterLab Dark")
        photograph(page, folder / f"{chapter.number}-dark.png")


def photograph(page, path):
    """The whole chapter in one picture: the window is made as tall as the notebook."""
    size = page.viewport_size
    tall = page.evaluate("() => document.querySelector('.jp-WindowedPanel-inner, .jp-Notebook').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": min(tall + 200, 16_000)})
    page.wait_for_timeout(1500)
    page.screenshot(path=path)
    page.set_viewport_size(size)
