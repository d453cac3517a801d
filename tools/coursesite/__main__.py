"""Build the site: `python -m coursesite [FOLDER]`, by default into build/site. Warnings are errors."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from sphinx.cmd.build import build_main

from coursesite.staging import ROOT, stage


def build(folder: Path) -> int:
    """Stage and build into FOLDER/html, and give Sphinx's exit code. FOLDER is emptied before."""
    shutil.rmtree(folder, ignore_errors=True)
    stage(folder / "source")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    words = ["-W", "--keep-going", "-n", "-q", "-b", "html", "-c", str(Path(__file__).parent)]
    return build_main([*words, "-d", str(folder / "doctrees"), str(folder / "source"), str(folder / "html")])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "site")
    folder = parser.parse_args().folder.resolve()
    if code := build(folder):
        return code
    print(f"The site is in {_shown(folder / 'html')}: open index.html there.")
    return 0


def _shown(path):
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


if __name__ == "__main__":
    sys.exit(main())
