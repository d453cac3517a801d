"""A reader at work: chapter 01 is run, its figure played with by keyboard, an exercise answered wrong, then right, and
chapter 00 counts it.

DLCOURSE_SCREENSHOTS=FOLDER keeps a picture of every stage; DLCOURSE_PICTURE=docs/images/lab.png makes the README's
picture anew.
"""

import os
from pathlib import Path

import pytest
from lab_steps import choose, nothing_is_wrong, open_chapter, run_all, save_and_read

from dlcourse.course import find_chapter

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLAY = ".dlcourse-play"
HANDLE = f"{PLAY} .noUi-handle"
SENTENCE = f"{PLAY} [role=status]"
STRAIGHT = 'def relu_neuron(x, w, b):\n    return w * x + b\n\n\ncheck("01.1", relu_neuron)'
CUT = 'def relu_neuron(x, w, b):\n    return np.maximum(0, w * x + b)\n\n\ncheck("01.1", relu_neuron)'
WAIT = 30_000  # milliseconds, for what takes a fraction of a second on a machine that has nothing else to do


@pytest.fixture
def keep(page):
    """A function that keeps a picture of the page, if a folder for it is named."""

    def picture(name):
        if folder := os.environ.get("DLCOURSE_SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}.png")

    return picture


def play_cell(page):
    return page.locator(".jp-CodeCell", has=page.locator(PLAY))


def picture(page):
    return page.locator(f"{PLAY} img").evaluate(
        """async image => {
            const bytes = await (await fetch(image.src)).arrayBuffer();
            const hash = await crypto.subtle.digest('SHA-256', bytes);
            return Array.from(new Uint8Array(hash)).join(',');
        }"""
    )


def answer(page, text):
    """Replace the exercise's cell by a text and run it, by keyboard."""
    cell = page.locator(".jp-CodeCell", has_text='check("01.1", relu_neuron)').last
    cell.locator(".cm-content").focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
    page.keyboard.press("Control+Enter")
    return cell.locator(".jp-Cell-outputArea")


def test_a_reader_plays_answers_and_is_counted(page, lab, keep):
    chapter = find_chapter("01")
    open_chapter(page, lab, chapter)
    nothing_is_wrong(page, run_all(page, lab.folder / chapter.path.name))
    plays_by_keyboard(page, keep)
    answers_wrong_then_right(page, keep)
    opened_again_it_shows_the_still_picture(page, lab, chapter, keep)
    start = find_chapter("00")
    open_chapter(page, lab, start)
    nothing_is_wrong(page, run_all(page, lab.folder / start.path.name))
    is_counted(page, keep)
    goes_on_to_the_next_chapter(page, chapter)
    assert lab.complaints() == []


def plays_by_keyboard(page, keep):
    cell = play_cell(page)
    cell.scroll_into_view_if_needed()
    keep("play-0")
    outputs = cell.locator(".jp-OutputArea-child")
    assert [outputs.nth(k).is_visible() for k in range(outputs.count())] == [True, False], (
        "the controls are seen, and the still picture is not as long as they are there"
    )
    before, said = picture(page), page.locator(SENTENCE).inner_text()
    keep("play-1-start")
    handle = page.locator(HANDLE).first
    assert handle.get_attribute("tabindex") == "0", "the slider is reached by the Tab key"
    handle.focus()
    cells, selected = page.locator(".jp-Cell:visible").count(), selected_cell(page)
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    page.locator(SENTENCE).get_by_text("w = 0.2, ").wait_for(timeout=WAIT)
    assert said.startswith("w = 0.1, b = 1: cost 0.680")
    assert picture(page) != before
    assert page.locator(HANDLE).first.evaluate("handle => handle === document.activeElement"), "it keeps the focus"
    assert (page.locator(".jp-Cell:visible").count(), selected_cell(page)) == (cells, selected), (
        "JupyterLab takes no key that is meant for the slider"
    )
    assert outputs.count() == 2, "moves add no output"
    keep("play-2-moved")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.locator(PLAY).get_by_role("button", name="Back to the start").press("Enter")
    page.locator(SENTENCE).get_by_text("w = 0.1, b = 1: cost 0.680").wait_for(timeout=WAIT)
    if "DLCOURSE_PICTURE" in os.environ:
        picture_for_readme(page, Path(os.environ["DLCOURSE_PICTURE"]))


def selected_cell(page):
    return page.evaluate("() => [...document.querySelectorAll('.jp-Cell')].findIndex(c => c.matches('.jp-mod-active'))")


def answers_wrong_then_right(page, keep):
    shown = answer(page, STRAIGHT)
    shown.get_by_text("This is the straight line: the cut at zero, max(0, z), is missing.").wait_for(timeout=WAIT)
    keep("exercise-1-wrong")
    shown = answer(page, CUT)
    shown.get_by_text("01.1 One ReLU neuron").wait_for(timeout=WAIT)
    shown.get_by_text("This is the straight line").wait_for(state="detached", timeout=WAIT)
    keep("exercise-2-right")


def opened_again_it_shows_the_still_picture(page, lab, chapter, keep):
    """The notebook was saved with controls; without the kernel that held them, the picture is still there."""
    save_and_read(page, lab.folder / chapter.path.name)
    choose(page, "Kernel", "Shut Down Kernel")
    open_chapter(page, lab, chapter)
    cell = page.locator(".jp-CodeCell", has_text="weight=plots.Slider").last
    cell.scroll_into_view_if_needed()
    cell.get_by_text("Error displaying widget: model not found").wait_for(timeout=WAIT)
    assert cell.locator("img").is_visible()
    keep("opened-again")


def is_counted(page, keep):
    row = page.locator(".jp-RenderedMarkdown tr", has_text="01 One neuron, and the price of a house").first
    assert "1\N{NO-BREAK SPACE}of" in row.inner_text()
    row.scroll_into_view_if_needed()
    keep("progress")


def goes_on_to_the_next_chapter(page, chapter):
    """By the link at the end of chapter 00, without leaving the Lab."""
    page.locator(".jp-RenderedMarkdown a", has_text=chapter.title).last.click()
    page.locator(".lm-TabBar-tab.lm-mod-current", has_text=chapter.path.name).wait_for(timeout=WAIT)


def picture_for_readme(page, path):
    """The table of contents, and the figure with its controls."""
    page.set_viewport_size({"width": 1180, "height": 860})
    page.locator(".lm-TabBar-tab[title^='Table of Contents']").click()
    play_cell(page).evaluate("cell => cell.scrollIntoView({block: 'end'})")
    page.wait_for_timeout(1500)
    page.screenshot(path=path)
    page.locator(".lm-TabBar-tab[title^='Table of Contents']").click()
    page.set_viewport_size({"width": 1280, "height": 860})
