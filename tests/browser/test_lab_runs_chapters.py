"""Run All in JupyterLab: every chapter runs to its last cell, says nothing on standard error, and asks nobody else.

DLCOURSE_SCREENSHOTS=FOLDER keeps pictures of each whole chapter, in the light and the dark theme, in that folder;
DLCOURSE_PICTURE=docs/images/lab.png makes the README's picture anew.
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
PICTURE_HEIGHT = 1700  # pixels
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
def test_run_all_ends_without_an_error(page, lab, chapter):
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
    if "DLCOURSE_PICTURE" in os.environ and chapter.number == "01":
        picture_for_readme(page, Path(os.environ["DLCOURSE_PICTURE"]))
    if "DLCOURSE_SCREENSHOTS" in os.environ:
        folder = Path(os.environ["DLCOURSE_SCREENSHOTS"])
        photograph(page, folder / f"{chapter.number}-light")
        choose(page, "Settings", "Theme", "JupyterLab Dark")
        photograph(page, folder / f"{chapter.number}-dark")
        choose(page, "Settings", "Theme", "JupyterLab Light")


def photograph(page, path):
    """The chapter from top to bottom: PATH-1.png, PATH-2.png, …, each a tall window's worth."""
    page.set_viewport_size({"width": 1280, "height": PICTURE_HEIGHT})
    page.wait_for_timeout(500)
    panel = page.locator(".jp-WindowedPanel-outer").first
    height, whole = panel.evaluate("panel => [panel.clientHeight, panel.scrollHeight]")
    for part in range(-(-whole // height)):
        panel.evaluate("(panel, top) => panel.scrollTo(0, top)", part * height)
        page.wait_for_timeout(500)
        page.screenshot(path=path.with_name(f"{path.name}-{part + 1}.png"))


def picture_for_readme(page, path):
    """A figure, the record under it and the claim that rests on both."""
    page.set_viewport_size({"width": 1180, "height": 1010})
    claim = page.locator(".jp-OutputArea-output").get_by_text("Claim neuron-line-cut.").first
    claim.evaluate("element => element.closest('.jp-Cell').scrollIntoView({block: 'end'})")
    page.wait_for_timeout(1000)
    page.screenshot(path=path)
