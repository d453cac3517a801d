"""Sphinx's configuration of the site. `coursesite.staging` made the folder of sources."""

import importlib.util
from pathlib import Path

_MATHJAX = Path(importlib.util.find_spec("mathjax").origin).parent / "static" / "mathjax" / "es5"

project = "Deep learning, measured"
author = "The dlcourse authors"
copyright = "The dlcourse authors; text and figures CC BY 4.0, code MIT"
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinx.ext.mathjax",
    "sphinx_copybutton",
    "coursesite.figures",
    "coursesite.glossary",
    "coursesite.reference",
    "coursesite.mathjax",
    "coursesite.names",
]
exclude_patterns = ["_*"]
suppress_warnings = ["misc.highlighting_failure"]  # {…} in code that shows a shape, not a value
smartquotes = False
default_role = "code"
nitpick_ignore_regex = [("py:.*", r"(?!dlcourse\.).*")]  # other packages' pages are not here

nb_execution_mode = "off"
nb_merge_streams = True
nb_render_markdown_format = "myst"  # its links to notebooks lead to pages
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "attrs_block"]
myst_dmath_double_inline = True
myst_heading_anchors = 4

autodoc_inherit_docstrings = False
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
python_maximum_signature_line_length = 88
viewcode_line_numbers = False

html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_css_files = ["site.css"]
html_favicon = "static/icon.svg"
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
html_theme_options = {"navigation_with_keys": True, "top_of_page_buttons": []}

copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_selector = "div.highlight pre"

toc_object_entries = False

mathjax_path = "mathjax/tex-svg-full.js"
mathjax_files = str(_MATHJAX)


def setup(app):
    """The cards' pictures lie beside the sources, which are made anew for each build."""
    app.config.html_static_path.append(str(Path(app.srcdir) / "_static"))
