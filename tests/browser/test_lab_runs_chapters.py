"""Run All in JupyterLab: every chapter runs to its last cell, says nothing on standard error, and asks nobody else.

DLCOURSE_SCREENSHOTS=FOLDER keeps pictures of each whole chapter, in the light and the dark theme, in that folder.
"""

import os
from pathlib import Path

import pytest
from lab_steps import choose, nothing_is_wrong, open_chapter, run_all

from dlcourse.course import chapters

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WRITTEN = [chapter for chapter in chapters() if chapter.written]
PICTURE_HEIGHT = 1700  # pixels


@pytest.mark.parametrize("chapter", WRITTEN, ids=lambda chapter: chapter.number)
def test_run_all_ends_without_an_error(page, lab, chapter):
    path = lab.folder / chapter.path.name
    open_chapter(page, lab, chapter)
    cells = run_all(page, path)
    nothing_is_wrong(page, cells)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
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
