"""The built site: nothing is fetched from elsewhere, every figure is told in words, every link leads somewhere."""

import json
import re
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from coursesite.reference import ROOMS

from dlcourse.course import chapters
from dlcourse.display import CLAIM, RECORD

pytestmark = pytest.mark.slow

WRITTEN = [chapter for chapter in chapters() if chapter.written]
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src"}
READ_BY_BROWSERS = {"stylesheet", "preload", "prefetch", "modulepreload", "icon", "manifest", "preconnect"}


@pytest.fixture(scope="module")
def pages(site):
    """Path to parsed page, of every page."""
    return {path: BeautifulSoup(path.read_text(encoding="utf-8"), "lxml") for path in sorted(site.rglob("*.html"))}


@pytest.fixture(scope="module")
def chapter_page(site, pages):
    return lambda chapter: pages[site / "notebooks" / f"{chapter.path.stem}.html"]


def test_every_chapter_room_and_document_has_its_page(site):
    wanted = [f"notebooks/{chapter.path.stem}" for chapter in WRITTEN] + [f"reference/{room}" for room in ROOMS]
    wanted += ["index", "search", "genindex", "README", "CONTRIBUTING", "datasets/README", "docs/architecture"]
    wanted += ["docs/glossary", "docs/notation", "docs/claims", "docs/results"]
    assert [name for name in wanted if not (site / f"{name}.html").is_file()] == []


def test_nothing_is_fetched_from_elsewhere(pages, site):
    foreign = []
    for path, page in pages.items():
        for tag, attribute in FETCHED.items():
            foreign += [(path.name, each[attribute]) for each in page.find_all(tag, **{attribute: is_address})]
        for link in page.find_all("link", href=is_address):
            if READ_BY_BROWSERS & set(link.get("rel", [])):
                foreign.append((path.name, link["href"]))
        styles = " ".join(style.get_text() for style in page.find_all("style"))
        foreign += [(path.name, found) for found in addresses_in_css(styles)]
    for sheet in site.rglob("*.css"):
        foreign += [(sheet.name, found) for found in addresses_in_css(sheet.read_text(encoding="utf-8"))]
    assert foreign == []


def is_address(value):
    return bool(value) and value.startswith(("http:", "https:", "//"))


def addresses_in_css(text):
    return re.findall(r"(?:url\(|@import )\s*[\"']?((?:https?:)?//[^\s\"')]+)", text)


def test_equations_are_set_by_a_file_of_the_site(pages, site, chapter_page):
    scripts = [each["src"] for each in chapter_page(WRITTEN[1]).find_all("script", src=True)]
    (script,) = [each for each in scripts if "mathjax" in each]
    assert (site / "notebooks" / script).resolve().stat().st_size > 1_000_000
    assert chapter_page(WRITTEN[1]).select_one(".math")


def test_every_picture_has_its_alternative_text(pages):
    without = [
        (path.name, image["src"]) for path, page in pages.items() for image in page("img") if "alt" not in image.attrs
    ]
    assert without == []


@pytest.mark.parametrize("chapter", WRITTEN, ids=lambda chapter: chapter.number)
def test_the_words_of_every_figure_arrive(chapter, chapter_page):
    """Alt text as `plots.show` stored it, in the order of the notebook."""
    stored = [
        output["metadata"][kind]["alt"]
        for cell in json.loads(chapter.path.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
        for kind in ("image/png", "image/jpeg")
        if kind in output.get("data", {})
    ]
    assert [image["alt"] for image in chapter_page(chapter).select(".cell_output img")] == stored
    assert len(stored) >= 3


@pytest.mark.parametrize("chapter", WRITTEN, ids=lambda chapter: chapter.number)
def test_records_and_claims_are_shown_once_each(chapter, chapter_page):
    outputs = [
        output["data"]
        for cell in json.loads(chapter.path.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if {RECORD, CLAIM} & set(output.get("data", {}))
    ]
    shown = " ".join(chapter_page(chapter).get_text().split())
    for data in outputs:
        text = " ".join("".join(data["text/plain"]).split())
        assert shown.count(text) == sum(" ".join("".join(each["text/plain"]).split()) == text for each in outputs)


def test_every_link_inside_the_site_leads_to_a_place_that_is_there(pages, site):
    places = {path: {each["id"] for each in page.find_all(id=True)} for path, page in pages.items()}
    dead, followed = [], 0
    for path, page in pages.items():
        for link in page.find_all("a", href=True):
            parts = urlsplit(link["href"])
            if parts.scheme or parts.netloc:
                continue
            there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            followed += 1
            if not there.is_file() or (parts.fragment and unquote(parts.fragment) not in places.get(there, {""})):
                dead.append(f"{path.relative_to(site)} -> {link['href']}")
    assert sorted(set(dead)) == []
    assert followed > 5000


def test_links_to_elsewhere_are_few_and_secure(pages):
    """None is followed; these are the hosts a reader may be sent to."""
    hosts = {urlsplit(link["href"]).netloc for page in pages.values() for link in page("a", href=is_address)}
    plain = {link["href"] for page in pages.values() for link in page("a", href=re.compile("^http:"))}
    assert plain == set()
    assert len(hosts) < 40, sorted(hosts)


@pytest.mark.parametrize("chapter", WRITTEN[1:-1], ids=lambda chapter: chapter.number)
def test_a_chapter_leads_to_its_neighbours(chapter, chapter_page):
    place = WRITTEN.index(chapter)
    ends = [link["href"] for link in chapter_page(chapter).select("a.prev-page, a.next-page")]
    neighbours = (WRITTEN[place - 1], WRITTEN[place + 1])
    assert sorted(ends) == sorted(f"{each.path.stem}.html" for each in neighbours)
    own = {link["href"] for link in chapter_page(chapter).select("article section a.reference.internal")}
    assert {f"{each.path.stem}.html" for each in neighbours} <= {href.partition("#")[0] for href in own}


def test_words_are_found(site):
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    assert index.startswith("Search.setIndex(")
    terms = json.loads(index.removeprefix("Search.setIndex(").rstrip(";\n )"))["terms"]
    assert {"perceptron", "convolut", "backpropag"} <= set(terms)


def test_terms_are_linked_from_their_first_use(pages, site):
    glossary = site / "docs" / "glossary.html"
    for chapter in WRITTEN:
        links = pages[site / "notebooks" / f"{chapter.path.stem}.html"].select("a.term")
        targets = [link["href"] for link in links]
        assert len(targets) == len(set(targets)) >= 3, chapter.number
        assert all(link["title"] for link in links)
    ids = {each["id"] for each in pages[glossary].find_all(id=re.compile("^term-"))}
    assert len(ids) >= 60


def test_names_of_the_package_lead_to_the_reference(pages, site):
    page = pages[site / "notebooks" / "08_convolution.html"]
    links = {link.get_text(): link["href"] for link in page.select("p a[href^='../reference/']")}
    assert links["correlate"] == "../reference/scratch.html#dlcourse.scratch.correlate"


def test_the_reference_shows_signatures_and_what_they_are_for(pages, site):
    page = pages[site / "reference" / "layers.html"]
    lstm = page.find(id="dlcourse.layers.LSTM")
    assert "return_sequences" in lstm.parent.get_text()
    assert lstm.get_text().strip().startswith("class dlcourse.layers.LSTM(units")


def test_no_page_names_this_machine(site, root):
    for path in [*site.rglob("*.html"), *site.rglob("searchindex.js")]:
        text = path.read_text(encoding="utf-8")
        assert str(root) not in text, path
        assert str(site) not in text, path
