"""What may be in the repository: no machine's paths, no registry's address, no large file, no dead link."""

import re
import shutil
import subprocess

import pytest

# In pieces, so that this file does not hold what it looks for.
REGISTRY_HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "deb." + "debian.org",
    "ftp." + "debian.org",
    "packages." + "debian.org",
    "conda." + "anaconda.org",
]
MACHINE_PATHS = [
    r"/(?:ho" + r"me|Us" + r"ers)/[a-z]\w*",
    r"/ro" + r"ot/\w",
    r"/wo" + r"rk/\w",
    r"/tm" + r"p/[\w.]",
    r"C:\\+Us" + "ers",
]
# These name such paths in order to refuse them.
ABOUT_PATHS = {"tests/course/test_lint_rules_outputs.py", "tests/data/test_data_sources.py"}

NOTEBOOK_BYTES = 600_000
DATA_BYTES = 25_000_000
PICTURE_BYTES = 300_000


@pytest.fixture(scope="module")
def tracked(root):
    """Every file that git tracks, or would with `git add .`."""
    if not (root / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout: which files belong to the repository is not known")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return [root / name for name in done.stdout.splitlines() if (root / name).is_file()]


@pytest.fixture(scope="module")
def texts(tracked, root):
    """Name to text, of every tracked file that is text."""
    found = {}
    for path in tracked:
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            found[path.relative_to(root).as_posix()] = content.decode("utf-8", errors="replace")
    return found


@pytest.mark.parametrize("host", REGISTRY_HOSTS)
def test_no_registry_is_named_by_its_host(texts, host):
    assert [name for name, text in texts.items() if host in text] == []


@pytest.mark.parametrize("pattern", MACHINE_PATHS)
def test_no_path_of_a_machine(texts, pattern):
    found = {name: re.search(rf"(?<![\w.~*}}>]){pattern}", text) for name, text in texts.items()}
    assert {name: match.group() for name, match in found.items() if match and name not in ABOUT_PATHS} == {}


def test_notebooks_stay_small(tracked):
    notebooks = [path for path in tracked if path.suffix == ".ipynb"]
    assert {path.name: path.stat().st_size for path in notebooks if path.stat().st_size >= NOTEBOOK_BYTES} == {}


def test_bundled_data_stays_small(tracked, root):
    bundled = [path for path in tracked if root / "datasets" in path.parents]
    assert sum(path.stat().st_size for path in bundled) < DATA_BYTES


def test_pictures_of_the_documents_stay_small(tracked, root):
    pictures = [path for path in tracked if root / "docs" in path.parents and path.suffix == ".png"]
    assert {path.name: path.stat().st_size for path in pictures if path.stat().st_size >= PICTURE_BYTES} == {}


def without_code(text):
    """A Markdown text without its fenced, indented and inline code."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"(?<=\n\n)(?: {4}.*\n|\n)+", "", text)
    return re.sub(r"`[^`\n]*`", "", text)


def targets(text):
    """The link targets of a Markdown text that are files: neither an address nor a place in the page itself."""
    found = re.findall(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)", without_code(text))
    found += re.findall(r"(?:src|href)=\"([^\"]+)\"", without_code(text))
    return [each for each in found if not re.match(r"[a-z]+:|#", each)]


def slug(heading):
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_links_between_documents_lead_somewhere(tracked, root):
    dead = []
    for path in (path for path in tracked if path.suffix == ".md"):
        for target in targets(path.read_text(encoding="utf-8")):
            file, _, anchor = target.partition("#")
            there = (path.parent / file).resolve()
            if not there.exists():
                dead.append(f"{path.relative_to(root)}: {target}")
            elif anchor and there.suffix == ".md" and anchor not in anchors(there):
                dead.append(f"{path.relative_to(root)}: {target} (no such heading)")
    assert dead == []


def anchors(path):
    headings = re.findall(r"^#+ (.+?)\s*$", without_code(path.read_text(encoding="utf-8")), re.MULTILINE)
    return {slug(heading) for heading in headings}


def test_the_documents_have_links_to_check(root):
    assert len(targets((root / "README.md").read_text(encoding="utf-8"))) >= 5
