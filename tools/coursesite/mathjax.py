"""MathJax's own files beside the pages, so that equations and their spoken form need no network."""

import shutil
from pathlib import Path

# The speech of equations, and the keyboard's way through them, in English; loaded when a reader asks for it.
SPOKEN = ["sre/mathmaps/base.json", "sre/mathmaps/en.json"]


def copy_files(app, error):
    if error is None and app.builder.format == "html":
        there, here = Path(app.config.mathjax_files), Path(app.outdir) / "_static" / "mathjax"
        files = [Path(app.config.mathjax_path).name, *SPOKEN]
        files += [path.relative_to(there) for path in there.glob("a11y/*.js")]
        for name in files:
            (here / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(there / name, here / name)
        shutil.copyfile(there.parent / "LICENSE", here / "LICENSE")


def setup(app):
    app.add_config_value("mathjax_files", "", "html", (str, Path))
    app.connect("build-finished", copy_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
