"""The site without a mouse: the search, the theme and, in a narrow window, both menus are reached by Tab."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE, NARROW = {"width": 1400, "height": 800}, {"width": 480, "height": 800}
CHAPTER = "notebooks/01_neuron_and_house_prices.html"
MOST_STEPS = 200
# What has the focus, where it stands, and whether the reader sees that it has it: an outline, there or on its label.
FOCUSED = """() => {
    const at = document.activeElement;
    const shown = at.id.startsWith('__') ? [...document.querySelectorAll(`.page label[for="${at.id}"]`)]
        .find(label => label.getBoundingClientRect().width) : at;
    const box = shown.getBoundingClientRect();
    return {
        name: at.id || at.className || at.tagName,
        inside: box.width > 0 && box.right > 0 && box.left < innerWidth,
        seen: getComputedStyle(shown).outlineStyle !== 'none',
        link: at.tagName === 'A',
    };
}"""


@pytest.fixture
def read(chromium, site):
    """A function that opens a page of the site in a window of a size."""
    contexts = []

    def opened(size, name=CHAPTER):
        contexts.append(chromium.new_context(viewport=size, reduced_motion="reduce"))
        page = contexts[-1].new_page()
        page.goto((site / name).as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


def tab_to(page, name):
    """Press Tab until something of this name has the focus; what was passed on the way."""
    passed = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
        if name in passed[-1]["name"].split():
            return passed
    pytest.fail(f"Tab does not reach {name}: {[each['name'] for each in passed]}")


def test_the_search_is_reached_and_asked(read):
    page = read(WIDE)
    assert tab_to(page, "sidebar-search")[-1]["seen"]
    page.keyboard.type("momentum")
    page.keyboard.press("Enter")
    page.locator("#search-results li a").first.wait_for(timeout=20_000)
    assert "search.html" in page.url


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_theme_is_turned(read, size):
    page = read(size)
    before = page.evaluate("document.body.dataset.theme")
    reached = tab_to(page, "theme-toggle")[-1]
    assert reached["inside"]
    assert reached["seen"]
    page.keyboard.press("Enter")
    assert page.evaluate("document.body.dataset.theme") != before


@pytest.mark.parametrize(
    ("menu", "drawer"), [("__navigation", ".sidebar-drawer"), ("__toc", ".toc-drawer")], ids=["chapters", "contents"]
)
def test_a_menu_of_a_narrow_window_opens_and_shuts(read, menu, drawer):
    page = read(NARROW)
    assert not page.locator(f"{drawer} a").last.is_visible()
    assert tab_to(page, menu)[-1]["seen"]
    page.keyboard.press("Space")
    page.locator(f"{drawer} a").last.wait_for(state="visible")
    page.keyboard.press("Space")
    page.locator(f"{drawer} a").last.wait_for(state="hidden")


def test_in_a_narrow_window_nothing_out_of_sight_gets_the_focus(read):
    page = read(NARROW)
    passed = tab_to(page, "theme-toggle")
    for _ in range(20):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
    assert [each["name"] for each in passed if not each["inside"]] == []


def test_the_first_words_lead_past_the_menu(read):
    page = read(WIDE)
    tab_to(page, "skip-to-content")
    page.keyboard.press("Enter")
    assert page.url.endswith("#furo-main-content")
